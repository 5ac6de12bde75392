"""Teaching cases and case reports written by others, where they are at hand: they are not part of this repository."""

import json
from functools import cache
from typing import Any

import pytest

from triage.engine import assess
from triage.engine.assessment import Assessment
from triage.engine.safety import RANK
from triage.evaluation.vignettes import DEVELOPMENT_VIGNETTES
from triage.knowledge import ReleaseKnowledge
from triage.requests import read_request

LEAST_FIRST = 0.75
LEAST_AMONG_THREE = 0.88

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not DEVELOPMENT_VIGNETTES.exists(), reason=f"there is no {DEVELOPMENT_VIGNETTES}"),
]


@cache
def vignettes() -> tuple[dict[str, Any], ...]:
    return tuple(json.loads(line) for line in DEVELOPMENT_VIGNETTES.read_text().splitlines())


def answer(vignette: dict[str, Any], bundled: ReleaseKnowledge) -> Assessment:
    """After imaging; people in case reports and examinations were referred, self-care pages speak of anybody."""
    setting = "primary_care" if vignette["source"]["type"] == "benign" else "specialist"
    body = {**vignette["case"], "setting": setting}
    body["findings"] = [*body["findings"], *vignette["imaging"]]
    request = read_request(body, bundled)
    return assess(request.case(), bundled.compiled, request.engine_options())


def place_of_the_truth(vignette: dict[str, Any], bundled: ReleaseKnowledge) -> float:
    causes = [cause["condition"] for cause in answer(vignette, bundled)["causes"]]
    return min((causes.index(name) for name in vignette["gold"]["conditions"] if name in causes), default=float("inf"))


def test_the_truth_ranks_at_least_as_high_as_with_plain_naive_bayes(bundled: ReleaseKnowledge) -> None:
    places = [place_of_the_truth(vignette, bundled) for vignette in vignettes()]
    assert sum(place < 1 for place in places) / len(places) >= LEAST_FIRST
    assert sum(place < 3 for place in places) / len(places) >= LEAST_AMONG_THREE


def test_no_emergency_waits_longer_than_a_day(bundled: ReleaseKnowledge) -> None:
    emergencies = [vignette for vignette in vignettes() if vignette["gold"]["urgency"] == "emergency"]
    assert len(emergencies) >= 20
    late = [v["id"] for v in emergencies if RANK[answer(v, bundled)["urgency"]["level"]] < RANK["same_day"]]
    assert not late
