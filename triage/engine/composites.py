"""Composite scores in the ranking: a score stands for its parts, so that nothing is counted twice.

The likelihood ratio of a score is that of its conditions c against one reference r, so where it weighs

    log P(parts | c) is replaced by log P(parts | r) + log(ratio of the score's band)

for these conditions alone; all others keep their parts. Answer by answer: those that the score stands for contribute to
c what they contribute to r (their weighted likelihood, averaged over the presentations of r by their share at this age
and sex), and the score is one further row, with the log of its ratio for c and zero for everybody else. So sums,
attribution and draws hold as for any answer; the draws of a replaced answer are those of the leading presentation of r.

A score weighs only where what is not known cannot move it into another band: then an unknown part never counts as
absent, and a score with parts that nobody can ask for is never held against a condition. Safety reads the plain parts:
see `triage.engine.weighing.cause_of_parts` and `triage.engine.safety.suspicion`.

In the evidence of its conditions a score is told as one finding in the place of its parts: with the score's id as
`finding`, its band in the `name`, `present` as `state`, null as `probability`, and the weight of the parts and of
the score together. For other conditions the parts are told as they are, and the score with the little that it moves
the odds of one by moving another.
"""

from collections.abc import Mapping

import numpy as np

from triage.engine.answers import Answers
from triage.engine.assessment import CompositeScore, WeighedFinding
from triage.engine.case import Case
from triage.engine.compiled import CompiledKnowledge
from triage.engine.knowledge import Composite, CompositeBand
from triage.engine.ranking import Observations, StandIn, observe, share_at
from triage.engine.rules import FALSE
from triage.engine.scores import Score
from triage.engine.tables import Floats, Integers


def observe_with_scores(
    case: Case, answers: Answers, scores: list[Score], knowledge: CompiledKnowledge
) -> Observations:
    """The counted answers of a case, with the scores that weigh standing for theirs."""
    plain = observe(case, answers.counted, knowledge)
    weighing = [(score, score.weighed) for score in scores if score.weighed]
    return _stand_in(case, answers, plain, weighing, knowledge) if weighing else plain


def _stand_in(
    case: Case,
    answers: Answers,
    plain: Observations,
    weighing: list[tuple[Score, CompositeBand]],
    knowledge: CompiledKnowledge,
) -> Observations:
    share = share_at(case, knowledge)
    contributions = np.vstack([plain.contributions, np.zeros((len(weighing), plain.contributions.shape[1]))])
    read_from = np.tile(np.arange(len(knowledge.presentations)), (len(plain.keys), 1))
    stand_ins = []
    for row, (score, band) in enumerate(weighing, start=len(plain.keys)):
        replaced = _replaced(score.row, plain.keys, answers, knowledge)
        columns = np.concatenate([_presentations(key, knowledge) for key in score.row.for_conditions])
        reference = _presentations(score.row.reference, knowledge)
        cells = np.ix_(replaced, columns)
        contributions[cells] = _average(plain.contributions[np.ix_(replaced, reference)], share[reference])
        read_from[cells] = reference[share[reference].argmax()]
        contributions[row, columns] = np.log(band.likelihood_ratio)
        stand_ins.append(StandIn(score, band, tuple(replaced.tolist())))
    return Observations(
        plain.keys,
        plain.rows,
        plain.weights,
        contributions,
        stand_ins=tuple(stand_ins),
        read_from=read_from,
        of_parts=plain.contributions,
        uncalibrated=plain.uncalibrated,
    )


def _replaced(row: Composite, keys: list[str], answers: Answers, knowledge: CompiledKnowledge) -> Integers:
    """The places of the answers that a score stands for.

    Absent options of one group are one observation (`ranking.observe`): with one of them it stands for all of them.
    """
    absent = [key for key in row.replaces if answers.counted.get(key) == FALSE]
    groups = {knowledge.finding(key).exclusive_group for key in absent} - {None}
    places = [
        place
        for place, key in enumerate(keys)
        if key in row.replaces or (answers.counted[key] == FALSE and knowledge.finding(key).exclusive_group in groups)
    ]
    return np.array(places, dtype=np.intp)


def _presentations(condition: str, knowledge: CompiledKnowledge) -> Integers:
    result: Integers = np.flatnonzero(knowledge.condition_of == knowledge.condition_index[condition])
    return result


def _average(contributions: Floats, share: Floats) -> Floats:
    """(k, 1) log of the share-weighted mean likelihood, from the (k, p) log likelihoods of p presentations."""
    result: Floats = np.log(np.exp(contributions) @ share)[:, np.newaxis]
    return result


def fold_evidence(
    weighed: list[WeighedFinding], weights: list[float], condition: str, observations: Observations
) -> list[WeighedFinding]:
    """The evidence of a condition with its scores: `weighed` are its answers, `weights` those of answers and scores."""
    told, folded = list(weighed), set[int]()
    for stand_in, weight in zip(observations.stand_ins, weights[len(weighed) :], strict=True):
        mine = condition in stand_in.score.row.for_conditions
        parts = stand_in.places if mine else ()
        folded.update(parts)
        told.append(_tell_weighed(stand_in, weight + sum(weights[place] for place in parts)))
    return [finding for place, finding in enumerate(told) if place not in folded]


def _tell_weighed(stand_in: StandIn, weight: float) -> WeighedFinding:
    score = stand_in.score
    band = score.band or stand_in.band
    return {
        "finding": score.row.key,
        "name": f"{score.row.name}: {band.label}",
        "state": "present",
        "weight": weight,
        "probability": None,
        "source": " ".join(score.row.citations) or "estimate",
    }


def tell_scores(scores: list[Score], texts: Mapping[str, str]) -> list[CompositeScore]:
    """The scores with the range that is left of each, in the words of the release."""
    return [
        {
            "id": score.row.key,
            "name": score.row.name,
            "score": {"low": score.bounds.low, "high": score.bounds.high, "of": _highest(score.row)},
            "band": score.band.label if score.band else None,
            "shown": score.row.show.format(score=_in_words(score, texts)),
            "audience": "clinician" if score.row.for_clinicians_only else "everyone",
            "weighs_for": list(score.row.for_conditions) if score.weighed else [],
            "citations": list(score.row.citations),
        }
        for score in scores
    ]


def _highest(row: Composite) -> int:
    return sum(part.points for part in row.parts if part.points > 0)


def _in_words(score: Score, texts: Mapping[str, str]) -> str:
    """The score; with parts that nobody can ask for a lower bound, else a range while something is open."""
    low, high = score.bounds.low, score.bounds.high
    if low == high:
        return str(low)
    can_be_completed = all(part.rule is not None for part in score.row.parts)
    wording = texts["range" if can_be_completed or low == 0 else "at_least"]
    return wording.format(low=low, high=high)
