"""The tables of a compiled release: rows of knowledge turned into NumPy arrays.

Axes: F findings, P presentations, C conditions, S draws, R rows of evidence.
"""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from triage.engine.knowledge import Condition, Curve, Evidence, Finding, Policy, Presentation

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]

Real = TypeVar("Real", np.float32, np.float64)

MAXIMUM_AGE = 120
SEXES = ("female", "male", "unknown")

SHORT_RUN = 8
"""Longer runs are added up in another order by `np.add.reduceat`: they are left to it."""


def probabilities(findings: Sequence[Finding], presentations: Sequence[Presentation]) -> Floats:
    """(2, F, P): the evidence where there is some, else the finding's base frequency for adults or children."""
    table = np.empty((2, len(findings), len(presentations)))
    for i, finding in enumerate(findings):
        table[0, i], table[1, i] = finding.base_adult, finding.base_child
        for j, presentation in enumerate(presentations):
            evidence = presentation.evidence.get(finding.key)
            if evidence is not None:
                table[:, i, j] = evidence.probability
    return table


def evidence_rows(
    findings: Sequence[Finding], presentations: Sequence[Presentation]
) -> tuple[Integers, list[Evidence]]:
    """(F, P) the row of each cell, and the evidence of each row from 1 on; row 0 is for cells without evidence.

    Evidence that several presentations of a condition share is one object and gets one row.
    """
    rows = np.zeros((len(findings), len(presentations)), dtype=np.intp)
    known: dict[int, int] = {}
    evidence: list[Evidence] = []
    for i, finding in enumerate(findings):
        for j, presentation in enumerate(presentations):
            cell = presentation.evidence.get(finding.key)
            if cell is not None:
                if id(cell) not in known:
                    evidence.append(cell)
                    known[id(cell)] = len(evidence)
                rows[i, j] = known[id(cell)]
    return rows, evidence


def log_deviations(evidence: Sequence[Evidence], policy: Policy, random: np.random.Generator) -> NDArray[np.float32]:
    """(R, 2, S) the log of Beta(p n, (1 - p) n) draws over the log of their p, for evidence of size n."""
    low, high = policy.probability_bounds
    p = np.clip([cell.probability for cell in evidence], low, high)[:, np.newaxis]
    size = np.array([cell.effective_sample_size for cell in evidence])[:, np.newaxis]
    drawn = np.clip(random.beta(p * size, (1 - p) * size, (len(evidence), policy.draws)), low, high)
    table = np.zeros((len(evidence) + 1, 2, policy.draws), dtype=np.float32)
    table[1:, 0] = np.log1p(-drawn) - np.log1p(-p)
    table[1:, 1] = np.log(drawn) - np.log(p)
    return table


def log_prior_deviations(condition_of: Integers, policy: Policy, random: np.random.Generator) -> Floats:
    """(P, S) normal draws, one per condition, shared by its presentations."""
    shape = (int(condition_of[-1]) + 1, policy.draws)
    return random.normal(0.0, policy.prior_log_standard_deviation, shape)[condition_of]


def interpolate(curve: Curve) -> Floats:
    """(121,) the curve at ages 0 to 120, linear between its points and constant beyond them."""
    ages, values = zip(*curve, strict=True)
    result: Floats = np.interp(np.arange(MAXIMUM_AGE + 1), ages, values)
    return result


def _by_sex(female_to_male: float) -> Floats:
    """(3, 1) factors for female, male and unknown sex: their ratio is `female_to_male` and their mean is 1."""
    female = 2 * female_to_male / (1 + female_to_male)
    return np.array([[female], [2 - female], [1.0]])


def rates(conditions: Sequence[Condition]) -> Floats:
    """(sexes, ages, C) relative frequency of each condition, zero outside its population."""
    ages = np.arange(MAXIMUM_AGE + 1)
    table = np.empty((len(SEXES), MAXIMUM_AGE + 1, len(conditions)))
    for j, condition in enumerate(conditions):
        within = (ages >= np.floor(condition.from_age)) & (ages <= np.ceil(condition.to_age))
        table[:, :, j] = _by_sex(condition.female_to_male) * np.where(within, interpolate(condition.prior), 0.0)
        if condition.sex != "any":
            table[1 - SEXES.index(condition.sex), :, j] = 0.0
    return table


def shares(presentations: Sequence[Presentation], condition_of: Integers) -> Floats:
    """(sexes, ages, P) weights normalised to one within each condition; equal where all weights are zero."""
    table = np.stack([_by_sex(p.female_to_male) * interpolate(p.weight) for p in presentations], axis=2)
    starts = np.flatnonzero(np.diff(condition_of, prepend=-1))
    counts = np.diff(np.append(starts, len(presentations)))
    totals = np.repeat(np.add.reduceat(table, starts, axis=2), counts, axis=2)
    equal = np.broadcast_to(1 / np.repeat(counts, counts), table.shape).copy()
    shares: Floats = np.divide(table, totals, out=equal, where=totals > 0)
    return shares


def starts_of_runs(values: Integers) -> Integers:
    """Where another value than the one before begins."""
    changes = np.ones(len(values), dtype=np.bool_)
    np.not_equal(values[1:], values[:-1], out=changes[1:])
    return np.flatnonzero(changes)


def sum_runs(table: NDArray[Real], starts: Integers) -> NDArray[Real]:
    """Sums of runs of rows, bit for bit those of `np.add.reduceat(table, starts, axis=0)`.

    That one adds up column after column. Where runs are short it takes half the time to add whole rows: the second to
    last rows of all runs side by side, with zeros where a run has no more, and then the first.
    """
    ends = np.append(starts[1:], len(table))
    longest = int((ends - starts).max(initial=0))
    if longest > SHORT_RUN:
        return np.add.reduceat(table, starts, axis=0)
    total = table.take(starts, axis=0)
    if longest > 1:
        places = starts + np.arange(1, longest)[:, np.newaxis]
        places[places >= ends] = len(table)
        with_zeros = np.concatenate([table, np.zeros((1, table.shape[1]), table.dtype)])
        total += with_zeros.take(places, axis=0).sum(axis=0)
    return total
