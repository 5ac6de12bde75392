"""The engine against an independent exact implementation on the same network, in processor time of the thread: what
else the machine does must not count."""

import statistics
import time
from collections.abc import Callable

from bench.report import Row
from tests.clinical.oracle import Oracle
from triage.engine import Case, CompiledKnowledge, assess
from triage.engine.answers import read_answers
from triage.engine.ranking import by_condition, log_prior, normalise, observe

REPEATS = 300
ORACLE_REPEATS = 30


def rows(cases: list[Case], knowledge: CompiledKnowledge) -> list[Row]:
    """Milliseconds a case for the whole answer and for the ranking alone, against pgmpy's variable elimination."""
    whole = _milliseconds(lambda case: assess(case, knowledge), cases, REPEATS)
    ranking = _milliseconds(lambda case: _rank(case, knowledge), cases, REPEATS)
    oracles = {id(case): Oracle(case, knowledge) for case in cases}
    oracle = _milliseconds(lambda case: oracles[id(case)].posterior(case), cases, ORACLE_REPEATS)
    exact = f"{oracle:.1f} ms (pgmpy)"
    return [
        Row("whole answer to one case", f"{whole:.3f} ms", exact, oracle / whole, "under 0.5 ms"),
        Row("ranking of one case", f"{ranking:.3f} ms", exact, oracle / ranking, "at least 100"),
    ]


def _rank(case: Case, knowledge: CompiledKnowledge) -> object:
    observations = observe(case, read_answers(case, knowledge).counted, knowledge)
    joint = log_prior(case, knowledge) + observations.contributions.sum(axis=0)
    return by_condition(normalise(joint), knowledge)


def _milliseconds(work: Callable[[Case], object], cases: list[Case], repeats: int) -> float:
    """The median over all cases of the median of one case."""
    return statistics.median(statistics.median(_timed(work, case, repeats)) for case in cases)


def _timed(work: Callable[[Case], object], case: Case, repeats: int) -> list[float]:
    work(case)
    times = []
    for _ in range(repeats):
        start = time.thread_time()
        work(case)
        times.append((time.thread_time() - start) * 1000)
    return times
