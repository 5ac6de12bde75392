"""The care coordinator's desk: the worklist, and one answer, over HTTP."""

import json
import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client as HttpClient
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hipcare.environment import BASE_DIRECTORY
from partners import selectors as partners
from triage.models import Assessment

pytestmark = pytest.mark.django_db
WORKLIST = reverse("admin:triage_assessment_changelist")
EXAMPLES = BASE_DIRECTORY / "examples"
EVERYTHING = {"worklist_state": "all"}
# Least urgent first, so that the order of the list is not that of their making.
STORED = ["osteoarthritis", "child_after_a_cold", "fall_in_old_age", "gluteal_tendinopathy"]


@pytest.fixture
def staff(db: None) -> HttpClient:
    """A browser in which a superuser is signed in."""
    http = HttpClient()
    http.force_login(User.objects.create_superuser("coordinator"))
    return http


@pytest.fixture
def stored(api: HttpClient) -> dict[str, Assessment]:
    """Some examples, stored by a partner under references of their own."""
    rows = {}
    for name in STORED:
        body = json.loads((EXAMPLES / f"{name}.json").read_bytes())
        body["patient"]["reference"] = f"ref-{name}"
        answer = api.post("/api/v1/assessments", body, content_type="application/json").json()
        rows[name] = Assessment.objects.get(pk=answer["id"])
    return rows


def listed(page: Any) -> list[str]:
    """The references in the list, from top to bottom."""
    return re.findall(r'field-reference">ref-(\w+)<', page.content.decode())


def review(staff: HttpClient, row: Assessment, **form: str) -> Any:
    """What pressing a button on the page of a case leads to."""
    return staff.post(reverse("admin:triage_assessment_review", args=[row.pk]), form, follow=True)


def test_the_most_urgent_is_on_top_and_then_the_newest(staff: HttpClient, stored: dict[str, Assessment]) -> None:
    page = staff.get(WORKLIST, EVERYTHING)
    assert page.status_code == 200
    assert listed(page) == ["fall_in_old_age", "child_after_a_cold", "gluteal_tendinopathy", "osteoarthritis"]


def test_without_a_choice_the_open_ones_are_listed(staff: HttpClient, stored: dict[str, Assessment]) -> None:
    assert listed(staff.get(WORKLIST)) == ["fall_in_old_age", "child_after_a_cold", "gluteal_tendinopathy"]


def test_of_one_urgency_who_waits_longest_is_first(
    staff: HttpClient, api: HttpClient, stored: dict[str, Assessment]
) -> None:
    body = json.loads((EXAMPLES / "fall_in_old_age.json").read_bytes())
    body["patient"]["reference"] = "ref-later"
    api.post("/api/v1/assessments", body, content_type="application/json")
    assert listed(staff.get(WORKLIST))[:3] == ["fall_in_old_age", "later", "child_after_a_cold"]
    assert listed(staff.get(WORKLIST, EVERYTHING))[:2] == ["later", "fall_in_old_age"]


def test_a_case_goes_through_the_worklist(staff: HttpClient, stored: dict[str, Assessment]) -> None:
    row = stored["fall_in_old_age"]
    page = review(staff, row, state="in_progress", seen="1").content.decode()
    assert "In progress" in page
    assert "coordinator" in page
    assert "fall_in_old_age" not in listed(staff.get(WORKLIST))
    assert listed(staff.get(WORKLIST, {"worklist_state": "in_progress"})) == ["fall_in_old_age"]
    assert "A case is closed with a resolution" in review(staff, row, state="closed", seen="2").content.decode()
    closed = review(staff, row, state="closed", resolution="reached_and_referred", seen="2")
    assert closed.redirect_chain == [(WORKLIST, 302)]
    assert "Closed. Reached and referred." in closed.content.decode()
    last = row.reviews.get(stands=True)
    assert (last.number, last.resolution) == (3, "reached_and_referred")
    assert last.by == f"staff:{User.objects.get().pk}"
    event = partners.audit_events().filter(resource_type="assessment").exclude(action="assessment.listed")[0]
    assert (event.action, event.actor, event.organisation_id) == ("worklist.closed", last.by, row.organisation_id)


def test_who_was_overtaken_is_told(staff: HttpClient, stored: dict[str, Assessment]) -> None:
    row = stored["fall_in_old_age"]
    review(staff, row, state="acknowledged", seen="1")
    assert "Somebody else has changed" in review(staff, row, state="in_progress", seen="1").content.decode()
    assert row.reviews.count() == 2


def test_several_are_taken_from_the_list(staff: HttpClient, stored: dict[str, Assessment]) -> None:
    chosen = [str(stored[name].pk) for name in ("fall_in_old_age", "child_after_a_cold")]
    for action, state in (("acknowledge", "acknowledged"), ("take_in_progress", "in_progress"), ("open_again", "open")):
        form = {"action": action, "_selected_action": chosen}
        staff.post(f"{WORKLIST}?worklist_state=all", form)
        assert {stored[name].reviews.get(stands=True).state for name in STORED[1:3]} == {state}


def test_who_may_only_look_has_no_buttons(db: None, stored: dict[str, Assessment]) -> None:
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_assessment"))
    http, row = HttpClient(), stored["fall_in_old_age"]
    http.force_login(reader)
    page = http.get(reverse("admin:triage_assessment_change", args=[row.pk])).content.decode()
    assert "<strong>Open</strong>" in page
    assert "formaction" not in page
    assert review(http, row, state="acknowledged").status_code == 403
    http.post(WORKLIST, {"action": "acknowledge", "_selected_action": [str(row.pk)]})
    assert row.reviews.count() == 1
    reader.user_permissions.add(Permission.objects.get(codename="change_review"))
    assert review(http, row, state="acknowledged").status_code == 200
    assert row.reviews.count() == 2
    assert http.get(reverse("admin:triage_assessment_review", args=[row.pk])).status_code == 405


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"urgency": "emergency"}, ["fall_in_old_age"]),
        ({"red_flagged": "no"}, []),
        ({"red_flagged": "no"} | EVERYTHING, ["osteoarthritis"]),
        ({"worklist_state": "closed"}, []),
        ({"setting": "emergency"}, []),
        ({"q": "ref-osteoarthritis"}, ["osteoarthritis"]),
        ({"q": "nobody"}, []),
        ({"q": "ref"}, []),
    ],
)
def test_the_worklist_is_filtered_and_searched(
    staff: HttpClient, stored: dict[str, Assessment], query: dict[str, str], expected: list[str]
) -> None:
    assert listed(staff.get(WORKLIST, query)) == expected


def test_a_case_is_found_by_its_id(staff: HttpClient, stored: dict[str, Assessment]) -> None:
    page = staff.get(WORKLIST, {"q": str(stored["child_after_a_cold"].pk)})
    assert listed(page) == ["child_after_a_cold"]


def test_red_flags_are_told_apart(staff: HttpClient, stored: dict[str, Assessment]) -> None:
    assert "fall_in_old_age" in listed(staff.get(WORKLIST, {"red_flagged": "yes"}))
    assert "osteoarthritis" not in listed(staff.get(WORKLIST, {"red_flagged": "yes"}))


def test_the_list_does_not_read_the_answers(
    staff: HttpClient, stored: dict[str, Assessment], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(10):
        staff.get(WORKLIST)


@pytest.mark.parametrize("name", STORED)
def test_one_case_says_what_to_do(staff: HttpClient, stored: dict[str, Assessment], name: str) -> None:
    row = stored[name]
    answer = json.loads(row.answer)
    page = staff.get(reverse("admin:triage_assessment_change", args=[row.pk])).content.decode()
    assert answer["urgency"]["summary"] in page
    assert f"ref-{name}" in page
    for flag in answer["red_flags"]:
        assert flag["title"] in page
    for cause in answer["causes"]:
        assert cause["name"].replace("'", "&#x27;") in page
    for measure in answer["ladder"]["immediate"]:
        assert measure.replace("'", "&#x27;") in page
    assert answer["ladder"]["reason"].replace("'", "&#x27;") in page


def test_what_a_partner_wrote_is_shown_as_text(staff: HttpClient, api: HttpClient) -> None:
    body = {
        "patient": {"age": {"value": 61}, "reference": "<script>alert(1)</script>"},
        "findings": [{"id": "pain_groin", "state": "present"}],
    }
    key = api.post("/api/v1/assessments", body, content_type="application/json").json()["id"]
    for url in (f"{WORKLIST}?worklist_state=all", reverse("admin:triage_assessment_change", args=[key])):
        page = staff.get(url).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_assessments_are_neither_added_nor_changed_nor_deleted(
    staff: HttpClient, stored: dict[str, Assessment]
) -> None:
    row = stored["osteoarthritis"]
    change = reverse("admin:triage_assessment_change", args=[row.pk])
    assert staff.get(reverse("admin:triage_assessment_add")).status_code == 403
    assert staff.post(change, {"reference": "x"}).status_code == 403
    assert staff.post(reverse("admin:triage_assessment_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    staff.post(WORKLIST, {"action": "delete_selected", "_selected_action": [str(row.pk)], "post": "yes"})
    assert Assessment.objects.get(pk=row.pk).reference == "ref-osteoarthritis"
    page = staff.get(change).content.decode()
    assert 'name="_save"' not in page
    assert "deletelink" not in page


def test_the_worklist_needs_the_permission_to_see_it(db: None, stored: dict[str, Assessment]) -> None:
    http = HttpClient()
    assert http.get(WORKLIST).status_code == 302
    somebody = User.objects.create_user("somebody", is_staff=True)
    http.force_login(somebody)
    assert http.get(WORKLIST).status_code == 403
    somebody.user_permissions.add(Permission.objects.get(codename="view_assessment"))
    assert http.get(WORKLIST).status_code == 200
