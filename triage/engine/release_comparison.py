"""One case answered by two releases, and what the newer knowledge moves."""

from typing_extensions import TypedDict

from triage.engine.assessment import Assessment
from triage.engine.bulk import rank_many
from triage.engine.case import Case
from triage.engine.comparison import FIRST, NOTICEABLE, AnswerMoves, answer_moves, ranks
from triage.engine.compiled import CompiledKnowledge


class ProbabilityInReleases(TypedDict):
    """A probability in two releases; null where the release does not know the condition."""

    before: float | None
    after: float | None


class RankInReleases(TypedDict):
    """A rank in two releases; null where the release does not know the condition."""

    before: int | None
    after: int | None


class CauseMoveOfReleases(TypedDict):
    """A cause whose probability or rank moves from one release to another."""

    condition: str
    name: str
    probability: ProbabilityInReleases
    rank: RankInReleases


class ReleaseMoves(AnswerMoves):
    """Everything that another release moves."""

    causes: list[CauseMoveOfReleases]


Standing = tuple[float, int]
"""The probability and the rank of a cause."""


def moves_between_releases(
    before: Assessment, after: Assessment, old: tuple[Case, CompiledKnowledge], new: tuple[Case, CompiledKnowledge]
) -> ReleaseMoves:
    """What moves from the answer of one release to that of another, each to the case as that release knows it."""
    moves = _cause_moves(_standings(*old), _standings(*new), {**_names(old[1]), **_names(new[1])})
    others = answer_moves(before, after)
    return {
        "urgency": others["urgency"],
        "causes": moves,
        "red_flags": others["red_flags"],
        "ladder": others["ladder"],
    }


def _standings(case: Case, knowledge: CompiledKnowledge) -> dict[str, Standing]:
    (cause,) = next(rank_many([case], knowledge))
    places = zip(knowledge.conditions, cause.tolist(), ranks(cause), strict=True)
    return {condition.key: (probability, rank) for condition, probability, rank in places}


def _names(knowledge: CompiledKnowledge) -> dict[str, str]:
    return {condition.key: condition.name for condition in knowledge.conditions}


def _cause_moves(
    before: dict[str, Standing], after: dict[str, Standing], names: dict[str, str]
) -> list[CauseMoveOfReleases]:
    """Causes that move noticeably or change rank within the first five, the largest move first."""
    told = [key for key in names if _moves(before.get(key), after.get(key))]
    told.sort(key=lambda key: -abs(_probability(after.get(key)) - _probability(before.get(key))))
    return [_told(key, names[key], before.get(key), after.get(key)) for key in told]


def _moves(before: Standing | None, after: Standing | None) -> bool:
    if abs(_probability(after) - _probability(before)) >= NOTICEABLE:
        return True
    places = [standing[1] for standing in (before, after) if standing]
    return min(places) <= FIRST and (len(places) == 1 or places[0] != places[1])


def _probability(standing: Standing | None) -> float:
    return standing[0] if standing else 0.0


def _told(key: str, name: str, before: Standing | None, after: Standing | None) -> CauseMoveOfReleases:
    return {
        "condition": key,
        "name": name,
        "probability": {"before": before and before[0], "after": after and after[0]},
        "rank": {"before": before and before[1], "after": after and after[1]},
    }
