"""Many cases at once: the ranking against the bare matrix product of the same shape, and how it grows."""

import random
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterator

import numpy as np

from bench.report import Row
from triage.engine import Case, CompiledKnowledge
from triage.engine.bulk import BLOCK, Encoder, rank_encoded, rank_many
from triage.engine.case import State

REPEATS = 15
ANSWERS = 14


def rows(knowledge: CompiledKnowledge) -> list[Row]:
    """The ranking of a block, reading cases into a block, growth with the number of cases, and memory."""
    return [_ranking(knowledge), _encoding(knowledge), _growth(knowledge), _memory(knowledge)]


def _ranking(knowledge: CompiledKnowledge) -> Row:
    """Both on the same arrays, in turn."""
    encoded = Encoder(knowledge).encode(list(_cases(BLOCK, knowledge)))
    table = np.ascontiguousarray(knowledge.log_likelihood[0])
    bare, ours = [], []
    for _ in range(REPEATS):
        bare.append(_seconds(lambda: encoded.weights @ table))
        ours.append(_seconds(lambda: rank_encoded(encoded, knowledge)))
    mine, other = statistics.median(ours), statistics.median(bare)
    shape = f"{BLOCK} x {table.shape[0]} x {table.shape[1]}"
    return Row(
        f"ranking of a block of {BLOCK} encoded cases",
        f"{mine * 1000:.1f} ms",
        f"{other * 1000:.1f} ms (NumPy product, {shape})",
        mine / other,
        "at most 2",
    )


def _encoding(knowledge: CompiledKnowledge) -> Row:
    """What the row above leaves out: reading cases into arrays. Against the arithmetic that follows."""
    encoder, cases = Encoder(knowledge), list(_cases(BLOCK, knowledge))
    encoded = encoder.encode(cases)
    reading = statistics.median(_seconds(lambda: encoder.encode(cases)) for _ in range(REPEATS)) / BLOCK
    ranking = statistics.median(_seconds(lambda: rank_encoded(encoded, knowledge)) for _ in range(REPEATS)) / BLOCK
    return Row(
        f"encoding of such a block, {ANSWERS} answers a case",
        f"{reading * 1e6:.1f} µs a case",
        f"{ranking * 1e6:.1f} µs a case (its ranking)",
        reading / ranking,
        "told apart, no aim",
    )


def _growth(knowledge: CompiledKnowledge) -> Row:
    few, many = 1_000, 10_000
    shorter, longer = (list(_cases(n, knowledge)) for n in (few, many))
    short = statistics.median(_seconds(lambda: _exhaust(shorter, knowledge)) for _ in range(5)) / few
    long = statistics.median(_seconds(lambda: _exhaust(longer, knowledge)) for _ in range(5)) / many
    return Row(
        f"ranking of {many} cases, encoding included",
        f"{long * 1e6:.1f} µs a case",
        f"{short * 1e6:.1f} µs a case of {few}",
        long / short,
        "about 1: linear",
    )


def _memory(knowledge: CompiledKnowledge) -> Row:
    few, many = 2 * BLOCK, 8 * BLOCK
    short, long = (_peak(_cases(n, knowledge), knowledge) for n in (few, many))
    return Row(
        f"most memory while {many} cases are ranked",
        f"{long / 2**20:.0f} MB",
        f"{short / 2**20:.0f} MB for {few}",
        long / short,
        "about 1: bounded",
    )


def _cases(number: int, knowledge: CompiledKnowledge) -> Iterator[Case]:
    """Invented cases, the same in every run."""
    chance = random.Random(number)  # noqa: S311 - test data
    keys = [finding.key for finding in knowledge.findings if not finding.derived_from_demographics]
    states: list[State] = ["present", "absent", "absent"]
    for _ in range(number):
        findings = {key: chance.choice(states) for key in chance.sample(keys, ANSWERS)}
        yield Case(float(chance.randrange(96)), chance.choice(["female", "male"]), findings)


def _exhaust(cases: list[Case], knowledge: CompiledKnowledge) -> None:
    for _ in rank_many(cases, knowledge):
        pass


def _peak(cases: Iterator[Case], knowledge: CompiledKnowledge) -> int:
    """Bytes allocated at most, the knowledge aside."""
    tracemalloc.start()
    for _ in rank_many(cases, knowledge):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
