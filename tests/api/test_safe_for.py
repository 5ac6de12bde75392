"""Catalogue lists without what is contraindicated."""

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def listed(api: Client, path: str, **query: str) -> set[str]:
    answer = api.get(f"/api/v1/{path}", {"page_size": "200", **query})
    assert answer.status_code == 200, answer.content
    return {row["id"] for row in answer.json()["results"]}


@pytest.mark.parametrize(
    ("path", "finding", "gone", "kept"),
    [
        ("treatments", "kidney_disease", {"ibuprofen", "naproxen"}, {"education_and_reassurance", "walking_stick"}),
        ("treatments", "pregnant_late", {"ibuprofen"}, {"education_and_reassurance"}),
        ("exercises", "fever", {"squat_double", "bridge_double"}, set()),
    ],
)
def test_what_is_contraindicated_is_left_out(
    api: Client, path: str, finding: str, gone: set[str], kept: set[str]
) -> None:
    everything, safe = listed(api, path), listed(api, path, safe_for=finding)
    assert safe < everything
    assert gone <= everything - safe
    assert kept <= safe
    assert listed(api, path, safe_for=f" {finding} , smoker") <= safe


def test_a_finding_that_implies_another_counts_as_both(api: Client) -> None:
    assert listed(api, "treatments", safe_for="pregnant_late") <= listed(api, "treatments", safe_for="pregnant")


@pytest.mark.parametrize("path", ["treatments", "exercises"])
def test_an_unknown_finding_is_refused_and_not_ignored(api: Client, path: str) -> None:
    answer = api.get(f"/api/v1/{path}", {"safe_for": "fever,feverr"})
    assert answer.status_code == 400
    problem: dict[str, Any] = answer.json()
    assert problem["type"] == "/problems/invalid-parameters"
    assert [(error["parameter"], error["code"]) for error in problem["errors"]] == [("safe_for", "unknown_finding")]
    assert "number 2" in problem["errors"][0]["detail"]
    assert b"feverr" not in answer.content
