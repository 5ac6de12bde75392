"""Partners in the admin, over HTTP."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.test import Client as HttpClient
from django.urls import reverse
from joserfc.jwk import ECKey

from partners import selectors, webhooks
from partners.actions import signing_keys, tokens, webhook_endpoints
from partners.models import Client, WebhookDelivery, WebhookEndpoint


@pytest.fixture
def staff(db: None) -> HttpClient:
    """A browser in which a superuser is signed in."""
    http = HttpClient()
    http.force_login(get_user_model().objects.create_superuser("staff", password="unused"))
    return http


def test_a_partner_is_made_from_scratch(staff: HttpClient) -> None:
    assert staff.post(reverse("admin:partners_organisation_add"), {"name": "Hip clinic"}).status_code == 302
    organisation = selectors.organisations().get()
    form = {"organisation": str(organisation.pk), "name": "Intake", "scopes": ["assessments:read"]}
    assert staff.post(reverse("admin:partners_client_add"), form).status_code == 302
    client = selectors.clients().get()
    assert (client.active, client.scopes) == (True, ["assessments:read"])
    page = staff.post(reverse("admin:partners_accesstoken_add"), {"client": str(client.pk), "kind": "api_key"})
    token = selectors.tokens().get()
    text = next(word for word in page.content.decode().split() if f"hipcare_{token.prefix}_" in word)
    text = text.removeprefix("<p><code>").removesuffix("</code></p>")
    assert selectors.valid_token(text) is not None
    assert "no-store" in page.headers["Cache-Control"]
    assert text not in staff.get(reverse("admin:partners_accesstoken_changelist")).content.decode()
    actors = {event.actor for event in selectors.audit_events()}
    assert actors == {f"staff:{get_user_model().objects.get().pk}"}


def test_changes_go_through_the_actions(staff: HttpClient, client_program: Client) -> None:
    organisation = client_program.organisation
    staff.post(reverse("admin:partners_organisation_change", args=[organisation.pk]), {"name": "New name"})
    form = {"name": "Other", "scopes": ["knowledge:read"], "active": "on"}
    staff.post(reverse("admin:partners_client_change", args=[client_program.pk]), form)
    organisation.refresh_from_db()
    client_program.refresh_from_db()
    assert (organisation.name, organisation.active) == ("New name", False)
    assert (client_program.name, client_program.scopes) == ("Other", ["knowledge:read"])
    recorded = [event.action for event in selectors.audit_events().order_by("-id")[:2]]
    assert recorded == ["client.changed", "organisation.changed"]


def test_a_token_is_revoked_from_the_list(staff: HttpClient, client_program: Client) -> None:
    staff.post(reverse("admin:partners_accesstoken_add"), {"client": str(client_program.pk), "kind": "api_key"})
    token = selectors.tokens().get()
    staff.post(
        reverse("admin:partners_accesstoken_changelist"), {"action": "revoke", "_selected_action": str(token.pk)}
    )
    assert selectors.tokens().get().revoked_at is not None


ROWS: dict[str, Callable[[], QuerySet[Any]]] = {
    "organisation": selectors.organisations,
    "client": selectors.clients,
    "accesstoken": selectors.tokens,
    "auditevent": selectors.audit_events,
}


@pytest.mark.parametrize("name", ROWS)
def test_nothing_is_deleted_and_the_trail_is_read_only(staff: HttpClient, client_program: Client, name: str) -> None:
    staff.post(reverse("admin:partners_accesstoken_add"), {"client": str(client_program.pk), "kind": "api_key"})
    pk = ROWS[name]().values_list("pk", flat=True)[0]
    assert staff.get(reverse(f"admin:partners_{name}_changelist")).status_code == 200
    assert staff.post(reverse(f"admin:partners_{name}_delete", args=[pk]), {"post": "yes"}).status_code == 403
    if name in ("accesstoken", "auditevent"):
        assert staff.post(reverse(f"admin:partners_{name}_change", args=[pk]), {}).status_code == 403


def test_a_credential_is_rotated_from_the_list(staff: HttpClient, client_program: Client) -> None:
    old, _ = tokens.issue(client=client_program, by="test", kind="client_secret")
    listing = reverse("admin:partners_accesstoken_changelist")
    page = staff.post(listing, {"action": "rotate", "_selected_action": str(old.pk)})
    assert "no-store" in page.headers["Cache-Control"]
    (text,) = re.findall(r"hipcaresecret_[0-9a-f_]+", page.content.decode())
    assert selectors.valid_token(text, "client_secret") is not None
    tokens.revoke(token=old, by="test")
    refused = staff.post(listing, {"action": "rotate", "_selected_action": str(old.pk)}, follow=True)
    assert "issue a new one" in refused.content.decode()
    assert selectors.tokens().count() == 2


def test_a_client_gets_keys_and_limits(staff: HttpClient, client_program: Client) -> None:
    page = reverse("admin:partners_client_change", args=[client_program.pk])
    form = {"name": "Intake", "scopes": ["knowledge:read"], "active": "on", "read_limit": "600/minute"}
    public = {"keys": [ECKey.generate_key("P-384", {"kid": "1"}).as_dict(private=False)]}
    assert staff.post(page, {**form, "jwks": json.dumps(public)}).status_code == 302
    client_program.refresh_from_db()
    assert (client_program.jwks, client_program.read_limit, client_program.write_limit) == (public, "600/minute", "")
    private = {"keys": [ECKey.generate_key("P-384", {"kid": "1"}).as_dict(private=True)]}
    for wrong, said in (
        ({"jwks": json.dumps(private)}, "private or secret"),
        ({"jwks": "[]"}, "Must be a JWKS"),
        ({"jwks_url": "http://example.org/jwks"}, "https address"),
        ({"read_limit": "many"}, "client_read_limit_shape"),
    ):
        answer = staff.post(page, form | wrong)
        assert answer.status_code == 200
        assert said in answer.content.decode()


def test_short_lived_tokens_are_ended_and_signing_keys_rotated(staff: HttpClient, client_program: Client) -> None:
    listing, chosen = reverse("admin:partners_client_changelist"), {"_selected_action": str(client_program.pk)}
    staff.post(listing, {"action": "end_short_lived_tokens", **chosen})
    client_program.refresh_from_db()
    assert client_program.generation == 1
    old = str(signing_keys.key_that_signs().kid)
    keys = reverse("admin:partners_signingkey_changelist")
    staff.post(keys, {"action": "rotate", "_selected_action": old})
    assert signing_keys.key_that_signs().kid != old
    assert old in staff.get(keys).content.decode()


def test_a_webhook_endpoint_is_made_and_its_secret_shown_once(staff: HttpClient, client_program: Client) -> None:
    organisation = client_program.organisation
    form = {
        "organisation": str(organisation.pk),
        "url": "https://clinic.example.org/hooks",
        "event_types": ["worklist.changed"],
    }
    page = staff.post(reverse("admin:partners_webhookendpoint_add"), form)
    endpoint = WebhookEndpoint.objects.get()
    assert str(webhooks.decrypt(endpoint.encrypted_secret)) in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    for wrong in ({}, {"url": "https://10.0.0.1/hooks"}):
        again = staff.post(reverse("admin:partners_webhookendpoint_add"), form | wrong)
        assert (again.status_code, "errorlist" in again.content.decode()) == (200, True)
    change = reverse("admin:partners_webhookendpoint_change", args=[endpoint.pk])
    staff.post(change, {name: form[name] for name in ("url", "event_types")})
    endpoint.refresh_from_db()
    assert endpoint.disabled == "by_hand"
    actions = {"action": "rotate_secrets", "_selected_action": [str(endpoint.pk)]}
    page = staff.post(reverse("admin:partners_webhookendpoint_changelist"), actions)
    endpoint.refresh_from_db()
    assert str(webhooks.decrypt(endpoint.encrypted_secret)) in page.content.decode()
    assert endpoint.encrypted_old_secret
    delete = reverse("admin:partners_webhookendpoint_delete", args=[endpoint.pk])
    staff.post(delete, {"post": "yes"})
    assert not WebhookEndpoint.objects.exists()
    recorded = [event.action for event in selectors.audit_events()[:4]]
    assert recorded == [f"webhook_endpoint.{what}" for what in ("deleted", "secret_rotated", "changed", "created")]


def test_dead_deliveries_are_seen_and_sent_again(staff: HttpClient, client_program: Client) -> None:
    endpoint, _ = webhook_endpoints.create(
        organisation_id=client_program.organisation_id,
        url="https://clinic.example.org/hooks",
        event_types=["worklist.changed"],
        by="test",
    )
    chosen = {"action": "send_tests", "_selected_action": [str(endpoint.pk)]}
    staff.post(reverse("admin:partners_webhookendpoint_changelist"), chosen)
    delivery = WebhookDelivery.objects.get()
    WebhookDelivery.objects.update(state="dead", ended_at=delivery.created_at)
    listing = reverse("admin:partners_webhookdelivery_changelist")
    assert str(endpoint.url) in staff.get(listing, {"state__exact": "dead"}).content.decode()
    page = staff.get(reverse("admin:partners_webhookdelivery_change", args=[delivery.pk]))
    assert str(delivery.event_id) in page.content.decode()
    for told in ("1 sent again", "It waits already"):
        chosen = {"action": "send_again", "_selected_action": [str(delivery.pk)]}
        assert told in staff.post(listing, chosen, follow=True).content.decode()
    delivery.refresh_from_db()
    assert delivery.state == "pending"
