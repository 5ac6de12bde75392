"""What actions do, refuse and leave in the audit trail."""

from datetime import timedelta

import pytest
from django.utils import timezone

from hipcare import request_id
from hipcare.errors import InvalidInput
from partners import selectors
from partners.actions import audit, clients, organisations, tokens
from partners.models import Client, Organisation, Outcome, Scope
from partners.principal import Principal


def _trail() -> list[tuple[str, str, str]]:
    return [(event.action, event.resource_id, event.actor) for event in selectors.audit_events().order_by("id")]


def test_every_change_is_in_the_audit_trail(organisation: Organisation) -> None:
    client = clients.create(organisation=organisation, name="Intake", scopes=["assessments:read"], by="staff:1")
    token, _ = tokens.issue(client=client, by="staff:2")
    tokens.revoke(token=token, by="staff:3")
    clients.change(client=client, name="New", scopes=[], active=False, by="staff:4")
    organisations.change(organisation=organisation, name="New", active=False, by="staff:5")
    assert _trail() == [
        ("organisation.created", str(organisation.id), "test"),
        ("client.created", str(client.id), "staff:1"),
        ("token.issued", token.prefix, "staff:2"),
        ("token.revoked", token.prefix, "staff:3"),
        ("client.changed", str(client.id), "staff:4"),
        ("organisation.changed", str(organisation.id), "staff:5"),
    ]
    assert {event.organisation_id for event in selectors.audit_events()} == {organisation.id}


def test_what_a_client_does_is_recorded_under_its_request(client_program: Client) -> None:
    principal = Principal(client_program.organisation_id, client_program.id, frozenset(Scope.values))
    token = request_id.current.set("request-7")
    try:
        audit.record(
            principal=principal,
            action="assessment.created",
            resource_type="assessment",
            resource_id="a1",
            outcome=Outcome.REFUSED,
        )
    finally:
        request_id.current.reset(token)
    event = selectors.audit_events(organisation_id=principal.organisation_id).first()
    assert event is not None
    assert (event.client_id, event.actor, event.request_id) == (client_program.id, "", "request-7")
    assert (event.action, event.resource_type, event.resource_id) == ("assessment.created", "assessment", "a1")
    assert event.outcome == "refused"
    assert abs(timezone.now() - event.at) < timedelta(minutes=1)


def test_an_unknown_scope_is_refused_with_its_place(organisation: Organisation) -> None:
    with pytest.raises(InvalidInput) as refused:
        clients.create(organisation=organisation, name="Intake", scopes=["assessments:read", "all"], by="test")
    assert [problem.pointer for problem in refused.value.problems] == ["/scopes/1"]


def test_a_token_cannot_be_issued_expired(client_program: Client) -> None:
    with pytest.raises(InvalidInput) as refused:
        tokens.issue(client=client_program, by="test", expires_at=timezone.now())
    assert [problem.pointer for problem in refused.value.problems] == ["/expires_at"]


def test_the_text_of_a_token_leads_to_its_principal(client_program: Client) -> None:
    token, text = tokens.issue(client=client_program, by="test", expires_at=timezone.now() + timedelta(days=1))
    valid = selectors.valid_token(text)
    assert valid is not None
    assert valid.id == token.id
    assert valid.principal == Principal(client_program.organisation_id, client_program.id, frozenset(Scope.values))
    assert valid.use_is_due


def test_two_tokens_of_a_client_are_independent(client_program: Client) -> None:
    first, first_text = tokens.issue(client=client_program, by="test")
    _, second_text = tokens.issue(client=client_program, by="test")
    tokens.revoke(token=first, by="test")
    assert selectors.valid_token(first_text) is None
    assert selectors.valid_token(second_text) is not None


def test_revoking_twice_keeps_the_first_time(client_program: Client) -> None:
    token, _ = tokens.issue(client=client_program, by="test")
    first = tokens.revoke(token=token, by="test").revoked_at
    assert tokens.revoke(token=token, by="test").revoked_at == first
    assert [action for action, _, _ in _trail()].count("token.revoked") == 1
