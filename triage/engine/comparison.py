"""What if: one case answered as it is and with changes, and what each change moves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from typing_extensions import TypedDict

from triage.engine.assess import ENGINE_VERSION, assess
from triage.engine.assessment import Assessment, Decider, KnowledgeVersion, Status, Urgency
from triage.engine.bulk import rank_many
from triage.engine.case import Case, Options, State
from triage.engine.causes import rank_conditions
from triage.engine.compiled import CompiledKnowledge
from triage.engine.knowledge import LadderStart, Level
from triage.engine.suitability import ItemStatus
from triage.engine.tables import Floats

NOTICEABLE = 0.01
"""A probability that moves by this much is told."""

FIRST = 5
"""A change of rank is told when it happens within the first five."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is different: `None` for a finding takes its answer away."""

    label: str | None
    findings: Mapping[str, State | None]
    measurements: Mapping[str, float]
    others: Mapping[str, Any]
    """Other members of the case, such as its age or setting, with their new values."""

    def applied_to(self, case: Case) -> Case:
        """The case with the change."""
        findings = {key: state for key, state in {**case.findings, **self.findings}.items() if state is not None}
        return replace(case, findings=findings, measurements={**case.measurements, **self.measurements}, **self.others)


class RankedCause(TypedDict):
    """A cause with its place and probability."""

    rank: int
    condition: str
    name: str
    common_name: str
    probability: float


class AnswerInShort(TypedDict):
    """An answer in short."""

    status: Status
    urgency: Urgency
    causes: list[RankedCause]
    red_flags: list[str]
    ladder_status: LadderStart


UrgencyMove = TypedDict(
    "UrgencyMove", {"from": Level, "to": Level, "decided_by_before": list[Decider], "decided_by": list[Decider]}
)
"""The urgency before and after, with what decided each. (`from` is no name in class syntax.)"""

StatusMove = TypedDict("StatusMove", {"from": LadderStart, "to": LadderStart})
"""The status of the ladder before and after."""

ItemMove = TypedDict("ItemMove", {"treatment": str, "name": str, "from": ItemStatus | None, "to": ItemStatus | None})
"""The status of a treatment before and after; null where it is not on the ladder."""


class ProbabilityMove(TypedDict):
    """A probability before and after."""

    before: float
    after: float


class RankMove(TypedDict):
    """A rank before and after."""

    before: int
    after: int


class CauseMove(TypedDict):
    """A cause whose probability or rank moves."""

    condition: str
    name: str
    common_name: str
    probability: ProbabilityMove
    rank: RankMove


class RedFlagMoves(TypedDict):
    """Red flags that fire only with the change, and only without it."""

    gained: list[str]
    lost: list[str]


class LadderMoves(TypedDict):
    """The status of the ladder if it changes, and the treatments whose status does."""

    status: StatusMove | None
    items: list[ItemMove]


class AnswerMoves(TypedDict):
    """What moves between two answers, causes aside."""

    urgency: UrgencyMove | None
    red_flags: RedFlagMoves
    ladder: LadderMoves


class Moves(AnswerMoves):
    """Everything that a change moves."""

    causes: list[CauseMove]


class ChangedAnswer(AnswerInShort):
    """An answer in short, with what moves against the case as it is."""

    label: str | None
    moves: Moves


class Comparison(TypedDict):
    """The case as it is, and with each change."""

    before: AnswerInShort
    changes: list[ChangedAnswer]
    knowledge: KnowledgeVersion
    engine_version: str
    disclaimer: str


def compare(case: Case, changes: Sequence[Change], knowledge: CompiledKnowledge, options: Options) -> Comparison:
    """Answer the case as it is and with each change on its own. The ids must be known to the release."""
    cases = [case, *(change.applied_to(case) for change in changes)]
    answers = [assess(variant, knowledge, options) for variant in cases]
    causes = np.vstack(list(rank_many(cases, knowledge)))
    before, *after = [outcome_of(answer) for answer in answers]
    return {
        "before": before,
        "changes": [
            {
                "label": change.label,
                **outcome,
                "moves": moves_between(answers[0], answer, causes[0], cause, knowledge),
            }
            for change, outcome, answer, cause in zip(changes, after, answers[1:], causes[1:], strict=True)
        ],
        "knowledge": answers[0]["knowledge"],
        "engine_version": ENGINE_VERSION,
        "disclaimer": answers[0]["disclaimer"],
    }


def moves_between(
    before: Assessment, after: Assessment, cause_before: Floats, cause_after: Floats, knowledge: CompiledKnowledge
) -> Moves:
    """Everything that moves between two answers of one release, given (C,) their probabilities."""
    others = answer_moves(before, after)
    return {
        "urgency": others["urgency"],
        "causes": _cause_moves(cause_before, cause_after, knowledge),
        "red_flags": others["red_flags"],
        "ladder": others["ladder"],
    }


def answer_moves(before: Assessment, after: Assessment) -> AnswerMoves:
    """What moves between two answers, of one release or of two, causes aside."""
    return {
        "urgency": _urgency_move(before["urgency"], after["urgency"]),
        "red_flags": _red_flag_moves(
            [flag["id"] for flag in before["red_flags"]], [flag["id"] for flag in after["red_flags"]]
        ),
        "ladder": _ladder_moves(before, after),
    }


def outcome_of(answer: Assessment) -> AnswerInShort:
    """The answer in short."""
    return {
        "status": answer["status"],
        "urgency": answer["urgency"],
        "causes": [
            {
                "rank": c["rank"],
                "condition": c["condition"],
                "name": c["name"],
                "common_name": c["common_name"],
                "probability": c["probability"],
            }
            for c in answer["causes"]
        ],
        "red_flags": [flag["id"] for flag in answer["red_flags"]],
        "ladder_status": answer["ladder"]["status"],
    }


def _urgency_move(before: Urgency, after: Urgency) -> UrgencyMove | None:
    if (before["level"], before["mode"]) == (after["level"], after["mode"]):
        return None
    return {
        "from": before["level"],
        "to": after["level"],
        "decided_by_before": before["decided_by"],
        "decided_by": after["decided_by"],
    }


def _cause_moves(before: Floats, after: Floats, knowledge: CompiledKnowledge) -> list[CauseMove]:
    """Causes that move noticeably or change rank within the first five, the largest move first."""
    rank_before, rank_after = ranks(before), ranks(after)
    moves: list[CauseMove] = [
        {
            "condition": condition.key,
            "name": condition.name,
            "common_name": condition.plain_name,
            "probability": {"before": float(before[i]), "after": float(after[i])},
            "rank": {"before": rank_before[i], "after": rank_after[i]},
        }
        for i, condition in enumerate(knowledge.conditions)
        if abs(after[i] - before[i]) >= NOTICEABLE
        or (rank_before[i] != rank_after[i] and min(rank_before[i], rank_after[i]) <= FIRST)
    ]
    return sorted(moves, key=lambda move: -abs(move["probability"]["after"] - move["probability"]["before"]))


def ranks(cause: Floats) -> list[int]:
    """(C,) the place of each condition, from 1."""
    ranks = [0] * len(cause)
    for place, index in enumerate(rank_conditions(cause), start=1):
        ranks[index] = place
    return ranks


def _red_flag_moves(before: list[str], after: list[str]) -> RedFlagMoves:
    return {
        "gained": [key for key in after if key not in before],
        "lost": [key for key in before if key not in after],
    }


def _ladder_moves(before: Assessment, after: Assessment) -> LadderMoves:
    old, new = before["ladder"]["status"], after["ladder"]["status"]
    was, is_ = ({key: status for key, _, status in _items(answer)} for answer in (before, after))
    names = {key: name for answer in (before, after) for key, name, _ in _items(answer)}
    items: list[ItemMove] = [
        {"treatment": key, "name": name, "from": was.get(key), "to": is_.get(key)}
        for key, name in names.items()
        if was.get(key) != is_.get(key)
    ]
    return {"status": None if old == new else {"from": old, "to": new}, "items": items}


def _items(answer: Assessment) -> Iterator[tuple[str, str, ItemStatus]]:
    """Id, name and status of every treatment on the ladder."""
    for rung in answer["ladder"]["rungs"]:
        for item in rung["items"]:
            yield item["treatment"], item["name"], item["status"]
