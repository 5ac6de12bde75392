"""Many cases at once: the ranking of a block of cases is one product of their weights with the log-likelihood table.

The single path looks up the likelihood of each answer of one case; here the same answers with the same weights are the
rows of a matrix. `encode` reads the cases into that matrix and `rank_encoded` does the arithmetic; `rank_many` runs
both over cases without end, one block at a time. What an answer counts is decided as in `triage.engine.answers` and
`triage.engine.ranking`, over arrays; both paths agree to 1e-9.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from triage.engine.answers import read_answers
from triage.engine.case import Case
from triage.engine.compiled import CompiledKnowledge
from triage.engine.composites import observe_with_scores
from triage.engine.ranking import log_prior, observe
from triage.engine.tables import Floats, Integers

BLOCK = 4096
"""Cases in a block: enough to fill the processor, and some 100 MB at 300 findings and 270 presentations."""

Booleans = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Encoded:
    """A block of n cases as arrays: adults first, then children, because these read another table."""

    weights: Floats
    """(n, 2F) weight of each row of the likelihood tables in each case: zero where nothing was answered."""
    offset: Floats
    """(n, P) log prior, log likelihood of groups of options that are all absent, and what composite scores change."""
    adults: int
    """How many of the rows are adults."""
    order: Integers
    """(n,) place of each row among the cases as they came."""


def rank_many(cases: Iterable[Case], knowledge: CompiledKnowledge, block: int = BLOCK) -> Iterator[Floats]:
    """(n, C) posterior probabilities of the conditions for each block of at most `block` cases, in their order."""
    encoder = Encoder(knowledge)
    waiting = iter(cases)
    while batch := list(islice(waiting, block)):
        yield rank_encoded(encoder.encode(batch), knowledge)


def rank_encoded(encoded: Encoded, knowledge: CompiledKnowledge) -> Floats:
    """(n, C) posterior probabilities of a block, in the order in which the cases came."""
    joint = np.empty_like(encoded.offset)
    adults = encoded.adults
    for child, rows in enumerate((slice(None, adults), slice(adults, None))):
        np.matmul(encoded.weights[rows], knowledge.log_likelihood[child], out=joint[rows])
    joint += encoded.offset
    joint -= joint.max(axis=1, keepdims=True)
    np.exp(joint, out=joint)
    cause = np.add.reduceat(joint, knowledge.condition_starts, axis=1)
    cause /= cause.sum(axis=1, keepdims=True)
    result = np.empty_like(cause)
    result[encoded.order] = cause
    return result


class Encoder:
    """Reads cases into arrays, with the relations between findings as matrices over the F axis."""

    def __init__(self, knowledge: CompiledKnowledge) -> None:
        self.knowledge = knowledge
        findings, index = knowledge.findings, knowledge.finding_index
        self.implies = _relation([[index[key] for key in finding.implies] for finding in findings])
        self.implies_at_last = _closure(self.implies)
        self.cluster_of, self.in_cluster = _membership([finding.cluster for finding in findings])
        clusters = list(dict.fromkeys(finding.cluster for finding in findings))
        self.correlation = np.array([knowledge.cluster_correlation[cluster] for cluster in clusters])
        # A finding without a group is a group of its own, which excludes nothing.
        self.group_of, self.in_group = _membership(
            [finding.exclusive_group or f" {finding.key}" for finding in findings]
        )
        self.options = [
            np.array(sorted(index[key] for key in members)) for members in knowledge.exclusive_groups.values()
        ]

    def encode(self, cases: Sequence[Case]) -> Encoded:
        """The arrays of a block of cases. KeyError for a finding that the release does not have."""
        is_child = np.array([case.is_child for case in cases], dtype=np.bool_)
        order = is_child.argsort(kind="stable")
        ordered = [cases[i] for i in order.tolist()]
        present, absent = self._stated(ordered)
        counted = self._counted(present, absent)
        weight = self._weights(counted, counted & present)
        offset = _log_priors(ordered, self.knowledge)
        adults = len(cases) - int(is_child.sum())
        for child, rows in enumerate((slice(None, adults), slice(adults, None))):
            self._merge_absent_options(child, (counted & absent)[rows], weight[rows], offset[rows])
        for row, case in enumerate(ordered):
            offset[row] += _shift_by_scores(case, self.knowledge)
        weights = np.empty((len(cases), 2 * len(self.knowledge.findings)))
        np.multiply(weight, absent, out=weights[:, ::2])
        np.multiply(weight, present, out=weights[:, 1::2])
        return Encoded(weights, offset, adults, order)

    def _stated(self, cases: Sequence[Case]) -> tuple[Booleans, Booleans]:
        """(n, F) what is present and what is absent, by answer or by measurement; present wins."""
        index = self.knowledge.finding_index
        said = [
            (row, index[key], state == "present")
            for row, case in enumerate(cases)
            for key, state in case.findings.items()
            if state != "unknown"
        ]
        for key, threshold in self.knowledge.thresholds:
            column, measurement = index[key], threshold.measurement
            for row, case in enumerate(cases):
                value = case.measurements.get(measurement)
                if value is not None and ((holds := threshold.holds(value)) or not threshold.present_only):
                    said.append((row, column, holds))
        table = np.array(said, dtype=np.intp).reshape(-1, 3)
        places = table[:, 0] * len(index) + table[:, 1]
        present, absent = np.zeros((2, len(cases), len(index)), dtype=np.bool_)
        present.flat[places[table[:, 2] == 1]] = True
        absent.flat[places[table[:, 2] == 0]] = True
        absent &= ~present
        return present, absent

    def _counted(self, present: Booleans, absent: Booleans) -> Booleans:
        """(n, F) the answers that carry information of their own: what follows from another answer is left out."""
        decided = _any(present, self.in_group)[:, self.group_of]
        follows = _any(present, self.implies_at_last) | (absent & (decided | _any(absent, self.implies.T)))
        return (present | absent) & ~follows & self.knowledge.can_be_asked

    def _weights(self, counted: Booleans, counted_present: Booleans) -> Floats:
        """(n, F) the design effect of each cluster; options of one group that are all present share one answer."""
        answers = counted.astype(np.float32) @ self.in_cluster
        design_effect = 1.0 + self.correlation * (answers.astype(np.float64) - 1.0)
        options = np.maximum(counted_present.astype(np.float32) @ self.in_group, 1.0)
        slope = self.knowledge.knowledge.policy.calibration_slope
        result: Floats = slope * counted / design_effect[:, self.cluster_of] / options[:, self.group_of]
        return result

    def _merge_absent_options(self, child: int, absent: Booleans, weight: Floats, offset: Floats) -> None:
        """Several absent options of one group are one observation: taken out of `weight` and put into `offset`."""
        policy = self.knowledge.knowledge.policy
        for options in self.options:
            patterns, which = np.unique(absent[:, options], axis=0, return_inverse=True)
            for number, pattern in enumerate(patterns):
                if pattern.sum() > 1:
                    rows, merged = np.flatnonzero(which.ravel() == number), options[pattern]
                    together = self.knowledge.probability[child, merged].sum(axis=0)
                    weight[np.ix_(rows, merged)] = 0.0
                    none = np.clip(1.0 - together, *policy.probability_bounds)
                    offset[rows] += policy.calibration_slope * np.log(none)


def _shift_by_scores(case: Case, knowledge: CompiledKnowledge) -> Floats | float:
    """(P,) what the composite scores that weigh change in the log likelihood; zero for most cases."""
    answers = read_answers(case, knowledge)
    scores = knowledge.scores.of(case, answers.states)
    if not any(score.weighed for score in scores):
        return 0.0
    plain = observe(case, answers.counted, knowledge).contributions
    scored = observe_with_scores(case, answers, scores, knowledge).contributions
    shift: Floats = scored.sum(axis=0) - plain.sum(axis=0)
    return shift


def _log_priors(cases: Sequence[Case], knowledge: CompiledKnowledge) -> Floats:
    """(n, P) the log prior of each case, worked out once for each age, sex and setting."""
    known: dict[tuple[float, str, str], int] = {}
    rows: list[Floats] = []
    which = np.empty(len(cases), dtype=np.intp)
    for i, case in enumerate(cases):
        person = (case.age_years, case.sex, case.setting)
        if person not in known:
            known[person] = len(rows)
            rows.append(log_prior(case, knowledge))
        which[i] = known[person]
    return np.array(rows)[which]


def _relation(targets: Sequence[Sequence[int]]) -> NDArray[np.float32]:
    """(F, F) one where the finding of the row points to that of the column."""
    matrix = np.zeros((len(targets), len(targets)), dtype=np.float32)
    for row, columns in enumerate(targets):
        matrix[row, columns] = 1.0
    return matrix


def _closure(relation: NDArray[np.float32]) -> NDArray[np.float32]:
    """The relation with every chain of it drawn together."""
    while True:
        longer = np.minimum(relation + relation @ relation, 1.0)
        if (longer == relation).all():
            return relation
        relation = longer


def _membership(names: Sequence[str]) -> tuple[Integers, NDArray[np.float32]]:
    """(F,) number of the set that each finding is in, in order of appearance, and (F, sets) the same as ones."""
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    which = np.array([numbers[name] for name in names], dtype=np.intp)
    return which, np.eye(len(numbers), dtype=np.float32)[which]


def _any(chosen: Booleans, relation: NDArray[np.float32]) -> Booleans:
    """(n, m) whether any of the chosen findings points to the column. Rows of zeros are left out of the product."""
    sources = np.flatnonzero(relation.any(axis=1))
    result: Booleans = (chosen[:, sources].astype(np.float32) @ relation[sources]) > 0.0
    return result
