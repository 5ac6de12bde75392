"""The accuracy report against figures worked out by hand."""

import json
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.test import Client as HttpClient
from django.urls import reverse

from conditions import selectors as conditions
from partners.actions import clients, organisations
from partners.models import Client, Scope
from tests.stored_rows import saved
from triage import selectors
from triage.accuracy import EVERYBODY, SUPPRESSED, Accuracy, accuracy_report
from triage.models import Assessment, KnownOutcome

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:triage_assessment_accuracy")
WORKLIST = reverse("admin:triage_assessment_changelist")


def program(name: str) -> Client:
    organisation = organisations.create(name=name, by="test")
    return clients.create(organisation=organisation, name="Intake", scopes=Scope.values, by="test")


@pytest.fixture
def clinic(db: None) -> Client:
    return program("Hip clinic")


def answered(client: Client, *, causes: list[tuple[str, float]], urgency: str = "routine", most: int = 8) -> Assessment:
    """A stored answer with these causes."""
    answer = {
        "status": "complete",
        "urgency": {"level": urgency, "decided_by": [{"kind": "default", "id": "x"}]},
        "causes": [{"condition": key, "name": key, "probability": p} for key, p in causes],
    }
    row = Assessment(
        organisation=client.organisation,
        client=client,
        release=conditions.current_release(),
        engine_version="1.0.0",
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        setting="primary_care",
        status="complete",
        urgency=urgency,
    )
    request = {"options": {"max_causes": most}}
    return saved(row, request=json.dumps(request).encode(), answer=json.dumps(answer).encode())


def known(
    assessment: Assessment, condition: str = "", *, right: str = "", number: int = 1, other: bool = False
) -> None:
    KnownOutcome.objects.create(
        organisation_id=assessment.organisation_id,
        client_id=assessment.client_id,
        assessment=assessment,
        number=number,
        created_at=datetime(2026, 2, 1, tzinfo=UTC),
        condition=condition,
        other=other,
        confirmed_by="imaging",
        confirmed_on=date(2026, 2, 1),
        urgency_was_right=right,
        sealed_answer=b"",
    )


def report() -> dict[str, Accuracy]:
    return {group.who: group for group in accuracy_report(selectors.standing_outcomes())}


def figures(group: Accuracy) -> dict[str, str]:
    return {figure.name: figure.value for figure in group.figures}


LISTED = [("hip_osteoarthritis", 0.55), ("labral_tear", 0.25), ("hip_dysplasia", 0.1), ("snapping_hip_internal", 0.05)]


def test_ranks_are_counted_as_in_the_evaluation(clinic: Client) -> None:
    truths = ["hip_osteoarthritis"] * 6 + ["hip_dysplasia"] * 2 + ["snapping_hip_internal", "gluteal_tendinopathy"]
    for truth in truths:
        known(answered(clinic, causes=LISTED), truth)
    told = figures(report()[EVERYBODY])
    assert told["Outcomes known"] == "10"
    assert told["Truth first"] == "6 of 10: 60 % (31 to 83)"
    assert told["Truth among the first three"] == "8 of 10: 80 % (49 to 94)"
    assert told["Expected calibration error of first causes"].startswith("0.050 ")
    (found,) = report()[EVERYBODY].reliability
    assert (found.promised, found.came_true) == ("50 % to 60 %: 55 % on average", "6 of 10: 60 % (31 to 83)")


def test_emergencies_that_were_missed_are_counted(clinic: Client) -> None:
    for level in ["emergency"] * 4 + ["same_day", "routine"]:
        known(answered(clinic, causes=LISTED, urgency=level), right="emergency")
    for _ in range(4):
        known(answered(clinic, causes=LISTED), right="self_care")
    told = figures(report()["Hip clinic"])
    assert told["Emergencies missed: below emergency"] == "2 of 6: 33 % (10 to 70)"
    assert told["Emergencies missed: below same_day"] == "1 of 6: 17 % (3 to 56)"
    assert told["Urgency right"].startswith("4 of 10")
    assert told["Urgency too low"].startswith("2 of 10")
    assert told["Urgency too high"].startswith("4 of 10")
    assert told["Truth first"] == SUPPRESSED, "the urgency alone says nothing of the cause"


def test_figures_of_fewer_than_five_cases_are_suppressed(clinic: Client) -> None:
    small = program("Small practice")
    for client, number in ((clinic, 5), (small, 4)):
        for _ in range(number):
            known(answered(client, causes=LISTED), "hip_osteoarthritis", right="emergency")
    told = report()
    assert [*told] == [EVERYBODY, "Hip clinic", "Small practice"]
    assert {*figures(told["Small practice"]).values()} == {SUPPRESSED}
    assert {found.came_true for found in told["Small practice"].reliability} == {SUPPRESSED}
    assert figures(told["Hip clinic"])["Truth first"].startswith("5 of 5")
    assert figures(told[EVERYBODY])["Truth first"].startswith("9 of 9")


def test_the_report_that_stands_counts_and_an_earlier_one_does_not(clinic: Client) -> None:
    for _ in range(5):
        assessment = answered(clinic, causes=LISTED)
        known(assessment, "labral_tear")
        known(assessment, "hip_osteoarthritis", number=2)
    assert figures(report()[EVERYBODY])["Truth first"].startswith("5 of 5")


def test_a_cause_outside_the_catalogue_counts_for_calibration_alone(clinic: Client) -> None:
    for _ in range(5):
        known(answered(clinic, causes=LISTED), other=True)
    told = figures(report()[EVERYBODY])
    assert told["Truth first"] == SUPPRESSED
    assert told["Expected calibration error of first causes"].startswith("0.550 ")


def test_an_answer_that_could_list_fewer_than_three_is_not_asked_for_three(clinic: Client) -> None:
    for _ in range(5):
        known(answered(clinic, causes=LISTED[:1], most=1), "labral_tear")
    told = figures(report()[EVERYBODY])
    assert (told["Truth first"][:6], told["Truth among the first three"]) == ("0 of 5", SUPPRESSED)


def test_without_outcomes_there_is_a_report_all_the_same(db: None) -> None:
    assert {*figures(report()[EVERYBODY]).values()} == {SUPPRESSED}


def test_the_command_prints_the_report_and_names_no_person(clinic: Client) -> None:
    rows = [answered(clinic, causes=LISTED) for _ in range(5)]
    for row in rows:
        known(row, "hip_osteoarthritis")
    out = StringIO()
    call_command("accuracy_report", stdout=out)
    assert "Hip clinic\n  Outcomes known" in out.getvalue()
    assert "5 of 5: 100 %" in out.getvalue()
    assert not any(str(UUID(str(row.pk))) in out.getvalue() for row in rows)


def test_the_page_is_linked_from_the_worklist_and_needs_its_permission(clinic: Client) -> None:
    for _ in range(5):
        known(answered(clinic, causes=LISTED), "hip_osteoarthritis")
    http = HttpClient()
    assert http.get(PAGE).status_code == 302
    somebody: Any = User.objects.create_user("somebody", is_staff=True)
    http.force_login(somebody)
    assert http.get(PAGE).status_code == 403
    somebody.user_permissions.add(Permission.objects.get(codename="view_assessment"))
    assert PAGE in http.get(WORKLIST).content.decode()
    page = http.get(PAGE).content.decode()
    assert "5 of 5: 100 %" in page
    assert "Hip clinic" in page
