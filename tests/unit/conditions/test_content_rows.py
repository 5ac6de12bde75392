"""Rows of a release, and the content read back from them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from conditions import selectors
from conditions.content_files import read_content
from conditions.content_rows import content_of, effective_sample_size
from conditions.models import Release

from .conftest import CONTENT


def test_the_content_of_a_release_is_what_was_loaded(draft: Release) -> None:
    assert content_of(draft) == read_content(CONTENT)


def test_evidence_knows_its_presentation_basis_and_ground(draft: Release) -> None:
    rows = {(row.presentation and row.presentation.key, row.finding.key): row for row in selectors.evidence(draft)}

    shared = rows[(None, "lateral_pain")]
    assert (shared.basis, shared.ground, shared.citations) == ("published", "LEAP: all had it", ["mellor_2018"])
    own = rows[("runner", "gradual_onset")]
    assert (own.probability, own.low, own.high, own.basis) == (0.9, 0.8, 0.97, "estimate")


def test_ladder_steps_are_counted_from_one(draft: Release) -> None:
    steps = [(step.position, step.treatment.key, step.estimate) for step in selectors.condition_treatments(draft)]
    assert steps == [(1, "education", ""), (2, "exercise", "the pace is judgement")]


def test_curves_are_kept_by_age(draft: Release) -> None:
    prior = selectors.priors(draft).get(condition__key="gluteal_tendinopathy")
    assert prior.curve == {"12": 0, "45": 128, "85": 75}
    assert prior.settings == {"community": 1.2}


@pytest.mark.parametrize(
    ("probability", "low", "high", "size"),
    [
        # sd = 0.329 / 3.29 = 0.1, so alpha + beta = 0.25 / 0.01 - 1
        (0.5, 0.3355, 0.6645, 24.0),
        # sd = 0.0329 / 3.29 = 0.01, so alpha + beta = 0.09 / 0.0001 - 1, more than the bound
        (0.1, 0.0836, 0.1165, 400.0),
        (0.5, 0.01, 0.99, 4.0),
        (0.5, 0.5, 0.5, 400.0),
    ],
)
def test_the_effective_sample_size_is_that_of_the_beta(
    probability: float, low: float, high: float, size: float
) -> None:
    assert effective_sample_size(probability, low, high) == pytest.approx(size)


def test_content_without_a_ladder_or_follow_up_comes_back_whole(
    edit: Callable[[str, str, str], Path], draft: Release
) -> None:
    fracture = next(condition for condition in content_of(draft).conditions if condition.id == "hip_fracture")
    assert (fracture.ladder, fracture.follow_up, fracture.programme) == ((), None, None)
    assert fracture.prior.estimate is None
