"""Arithmetic over the tables of a release."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from triage.engine.tables import starts_of_runs, sum_runs


@given(st.lists(st.integers(1, 12), max_size=12), st.sampled_from([np.float32, np.float64]), st.integers(0, 2**32 - 1))
def test_runs_are_summed_to_the_last_bit_as_numpy_does(lengths: list[int], kind: type, seed: int) -> None:
    table: Any = np.random.default_rng(seed).random((sum(lengths), 5)).astype(kind)
    starts = np.cumsum([0, *lengths])[:-1]
    expected = np.add.reduceat(table, starts, axis=0) if lengths else table
    assert sum_runs(table, starts).tobytes() == expected.tobytes()


@given(st.lists(st.integers(0, 5)))
def test_a_run_starts_where_the_value_changes(values: list[int]) -> None:
    starts = starts_of_runs(np.array(values, dtype=np.intp)).tolist()
    assert starts == [i for i in range(len(values)) if i == 0 or values[i] != values[i - 1]]
