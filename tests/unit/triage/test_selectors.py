"""What is read of assessments, and for whom."""

from uuid import uuid4

import pytest

from hipcare.errors import NotFound
from partners.actions import clients, organisations
from partners.models import Client, Scope
from partners.principal import Principal
from triage import selectors
from triage.actions import assessments
from triage.actions.once import Answered
from triage.knowledge import ReleaseKnowledge
from triage.models import Assessment
from triage.requests import read_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def program() -> Client:
    organisation = organisations.create(name="Hip clinic", by="test")
    return clients.create(organisation=organisation, name="Intake", scopes=Scope.values, by="test")


@pytest.fixture
def stored(program: Client, bundled: ReleaseKnowledge) -> Answered:
    principal = Principal(program.organisation_id, program.id, frozenset(Scope.values))
    body = {"patient": {"age": {"value": 61}}, "findings": [{"id": "pain_groin", "state": "present"}]}
    sent = assessments.Sent(body=b"the body", request=read_request(body, bundled), idempotency_key="key")
    return assessments.answer(by=principal, sent=sent, knowledge=bundled)


def test_the_answer_is_the_bytes_that_were_stored(program: Client, stored: Answered) -> None:
    answer = selectors.stored_answer(organisation_id=program.organisation_id, assessment_id=stored.id)
    assert answer == stored.body


def test_another_organisation_finds_nothing(stored: Answered) -> None:
    with pytest.raises(NotFound, match="no such assessment"):
        selectors.stored_answer(organisation_id=uuid4(), assessment_id=stored.id)
    assert not selectors.assessments(organisation_id=uuid4()).exists()


def test_lists_leave_the_large_columns_in_the_database(program: Client, stored: Answered) -> None:
    (row,) = selectors.assessments(organisation_id=program.organisation_id)
    assert row.get_deferred_fields() == {"sealed_request", "sealed_answer"}
    assert row.pk == stored.id


def test_the_row_repeats_what_lists_are_filtered_by(stored: Answered, bundled: ReleaseKnowledge) -> None:
    row = Assessment.objects.get()
    assert (row.release_id, row.request, row.setting) == (bundled.release_id, b"the body", "primary_care")
    assert row.causes[0].encode() in stored.body
    assert str(row) == str(stored.id)
