"""`POST /oauth/token` and what its tokens open, over HTTP."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client as HttpClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from partners import callers, selectors, signing
from partners.actions import clients, organisations, signing_keys, tokens
from partners.models import Client, CredentialKind, UsedAssertion
from tests.api.conftest import HandClock
from tests.api.test_problems import assert_problem

URL = "/oauth/token"
FORM = "application/x-www-form-urlencoded"
TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
GRANT = {"grant_type": "client_credentials"}
RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
EC = ECKey.generate_key("P-384", {"kid": "ec"})
trial_urls = pytest.mark.urls("tests.api.trial_urls")


@pytest.fixture
def secret(partner: Client) -> str:
    """A client secret of `partner`."""
    return tokens.issue(client=partner, by="test", kind=CredentialKind.CLIENT_SECRET)[1]


@pytest.fixture
def keyed(partner: Client) -> Client:
    """`partner` with its public keys."""
    jwks: Any = KeySet([RSA, EC]).as_dict(private=False)
    return clients.set_keys(client=partner, by="test", jwks=jwks)


@pytest.fixture
def post(anyone: HttpClient) -> Callable[..., Any]:
    """Ask for a token with these parameters."""

    def send(headers: dict[str, str] | None = None, **parameters: str) -> Any:
        return anyone.post(URL, urlencode(GRANT | parameters), content_type=FORM, headers=headers or {})

    return send


Post = Callable[..., Any]


def basic(client_id: object, secret: str) -> dict[str, str]:
    return {"authorization": f"Basic {base64.b64encode(f'{client_id}:{secret}'.encode()).decode()}"}


def claims(clock: HandClock, client: Client, **changes: Any) -> dict[str, Any]:
    now = int(clock.noon.timestamp())
    plain = {"iss": str(client.id), "sub": str(client.id), "aud": f"http://testserver{URL}", "exp": now + 300}
    return {**plain, "jti": str(uuid4()), **changes}


def signed(content: dict[str, Any], key: Any = EC, alg: str = "ES384", **header: Any) -> dict[str, str]:
    head = {"typ": "JWT", "alg": alg, "kid": key.kid, **header}
    text = jwt.encode({name: v for name, v in head.items() if v is not None}, content, key, algorithms=[alg])
    return {"client_assertion_type": TYPE, "client_assertion": text}


def assert_refused(response: Any, error: str) -> None:
    assert response.status_code == (401 if error == "invalid_client" else 400), response.content
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    body = response.json()
    assert body.keys() == {"error", "error_description"}
    assert body["error"] == error
    assert ("WWW-Authenticate" in response.headers) == (error == "invalid_client")


def bearer(response: Any) -> dict[str, str]:
    assert response.status_code == 200, response.content
    return {"authorization": f"Bearer {response.json()['access_token']}"}


# With a client secret


@trial_urls
@pytest.mark.parametrize("way", ["basic", "post"])
def test_a_secret_gets_a_token_that_opens_the_door(
    post: Post, anyone: HttpClient, partner: Client, secret: str, way: str
) -> None:
    client_id = str(partner.id)
    answer = post(basic(client_id, secret)) if way == "basic" else post(client_id=client_id, client_secret=secret)
    body = answer.json()
    assert (body["token_type"], body["expires_in"]) == ("bearer", 300)
    assert body["scope"] == "assessments:read assessments:write audit:read knowledge:read webhooks:manage"
    assert answer.headers["Cache-Control"] == "no-store"
    assert anyone.get("/api/v1/trial", headers=bearer(answer)).json()["client"] == client_id
    assert selectors.tokens().get().last_used_at is not None
    assert [event.action for event in selectors.audit_events()[:1]] == ["token.granted"]


@trial_urls
def test_a_client_secret_opens_nothing_itself_and_an_api_key_gets_no_token(
    post: Post, anyone: HttpClient, partner: Client, secret: str, token: str
) -> None:
    assert_problem(anyone.get("/api/v1/trial", headers={"authorization": f"Bearer {secret}"}), 401, "not-authenticated")
    assert_refused(post(client_id=str(partner.id), client_secret=token), "invalid_client")


def test_a_secret_of_another_client_is_refused(post: Post, partner: Client, secret: str) -> None:
    other = clients.create(organisation=partner.organisation, name="Other", scopes=[], by="test")
    assert_refused(post(client_id=str(other.id), client_secret=secret), "invalid_client")
    assert_refused(post(client_id="", client_secret=secret), "invalid_client")


def test_a_secret_that_has_expired_or_is_revoked_is_refused(post: Post, partner: Client, clock: HandClock) -> None:
    expires_at = clock.noon + timedelta(hours=1)
    row, secret = tokens.issue(client=partner, by="test", kind="client_secret", expires_at=expires_at)
    _, new = tokens.rotate(token=row, by="test", overlap=timedelta(minutes=10))
    for text in (secret, new):
        assert post(client_id=str(partner.id), client_secret=text).status_code == 200
    clock.shift(601)
    assert_refused(post(client_id=str(partner.id), client_secret=secret), "invalid_client")
    assert post(client_id=str(partner.id), client_secret=new).status_code == 200
    tokens.revoke(token=selectors.tokens().exclude(pk=row.pk).get(), by="test")
    assert_refused(post(client_id=str(partner.id), client_secret=new), "invalid_client")


# With a signed assertion


@trial_urls
@pytest.mark.parametrize(("key", "alg"), [(RSA, "RS384"), (EC, "ES384")])
def test_an_assertion_gets_a_token(
    post: Post, anyone: HttpClient, keyed: Client, clock: HandClock, key: Any, alg: str
) -> None:
    answer = post(**signed(claims(clock, keyed), key, alg), scope="system/*.rs")
    assert answer.json()["scope"] == "assessments:read knowledge:read system/*.rs"
    assert anyone.get("/api/v1/trial", headers=bearer(answer)).status_code == 200


def test_an_assertion_is_used_once(post: Post, keyed: Client, clock: HandClock) -> None:
    sent = signed(claims(clock, keyed, exp=int(clock.noon.timestamp()) + 60))
    assert post(**sent).status_code == 200
    assert_refused(post(**sent), "invalid_client")
    assert UsedAssertion.objects.count() == 1
    clock.shift(61)
    assert_refused(post(**sent), "invalid_client")  # by its age
    # The clock of another replica may be behind, so the first is remembered beyond its time.
    for shift, left in ((0, 2), (301, 2), (301, 2)):
        clock.shift(shift)
        again = signed(claims(clock, keyed, exp=int(datetime.now(UTC).timestamp()) + 60))
        assert post(**again).status_code == 200
        assert UsedAssertion.objects.count() == left


WRONG: dict[str, dict[str, Any]] = {
    "another audience": {"aud": "https://elsewhere.example/oauth/token"},
    "no audience": {"aud": None},
    "expired": {"exp": -1},
    "too far ahead": {"exp": 600},
    "no expiry": {"exp": None},
    "expiry as text": {"exp": "soon"},
    "not a number": {"exp": float("nan")},
    "no jti": {"jti": None},
    "an empty jti": {"jti": ""},
    "a jti that is no text": {"jti": 7},
    "a long jti": {"jti": "x" * 256},
    "a jti with a NUL": {"jti": "a\x00"},
    "another subject": {"sub": str(uuid4())},
    "an unknown client": {"iss": str(uuid4())},
    "no client": {"iss": None, "sub": None},
    "issued in the future": {"iat": 600},
    "not yet valid": {"nbf": 600},
}


@pytest.mark.parametrize("changes", WRONG.values(), ids=WRONG)
def test_a_wrong_claim_is_refused(post: Post, keyed: Client, clock: HandClock, changes: dict[str, Any]) -> None:
    now = int(clock.noon.timestamp())
    moved = {name: now + v if type(v) is int and name in ("exp", "iat", "nbf") else v for name, v in changes.items()}
    if "iss" in moved:
        moved.setdefault("sub", moved["iss"])
    content = {name: value for name, value in claims(clock, keyed, **moved).items() if value is not None}
    assert_refused(post(**signed(content)), "invalid_client")
    assert not UsedAssertion.objects.exists()


def test_a_wrong_signature_key_or_algorithm_is_refused(post: Post, keyed: Client, clock: HandClock) -> None:
    stranger = ECKey.generate_key("P-384", {"kid": "ec"})
    weak = ECKey.generate_key("P-256", {"kid": "ec"})
    good = signed(claims(clock, keyed))
    head, body, signature = good["client_assertion"].split(".")
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none","kid":"ec"}').rstrip(b"=").decode()
    for text in (f"{head}.{body}.", f"{head}.{body}.{signature[:-4]}AAAA", f"{unsigned}.{body}.", f"{head}.{body}"):
        assert_refused(post(**{**good, "client_assertion": text}), "invalid_client")
    for sent in (
        signed(claims(clock, keyed), stranger),
        signed(claims(clock, keyed), weak, "ES256"),
        signed(claims(clock, keyed), RSA, "RS256"),
        signed(claims(clock, keyed), kid="unknown"),
        signed(claims(clock, keyed), kid=None),
        signed(claims(clock, keyed), jku="https://elsewhere.example/jwks.json"),
    ):
        assert_refused(post(**sent), "invalid_client")


def test_a_switched_off_client_gets_no_token(post: Post, keyed: Client, clock: HandClock, secret: str) -> None:
    organisation = keyed.organisation
    organisations.change(organisation=organisation, name=organisation.name, active=False, by="test")
    assert_refused(post(**signed(claims(clock, keyed))), "invalid_client")
    assert_refused(post(basic(keyed.id, secret)), "invalid_client")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300), header=st.dictionaries(st.text(max_size=5), st.none() | st.text(max_size=9)))
def test_nonsense_is_refused_and_breaks_nothing(post: Post, keyed: Client, text: str, header: dict[str, Any]) -> None:
    parts = [json.dumps({"alg": "ES384", "kid": "ec", **header}).encode(), text.encode("utf-8", "replace"), b"x"]
    token = ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
    for sent in (token, text, "[" * 8000):
        assert post(client_assertion_type=TYPE, client_assertion=sent or "x").status_code == 401
    nested = base64.urlsafe_b64encode(b"[" * 4000).decode()
    assert post(client_assertion_type=TYPE, client_assertion=f"{nested}.{nested}.x").status_code == 401
    assert post({"authorization": f"Basic {token}"}).status_code == 401


# Scopes


@pytest.mark.parametrize(
    ("held", "asked", "granted"),
    [
        (["assessments:read"], "", "assessments:read"),
        (["assessments:read", "assessments:write"], "assessments:write", "assessments:write"),
        (["assessments:read"], "system/*.rs", "assessments:read"),
        (["assessments:read"], "assessments:write", None),
        (["assessments:read"], "assessments:read everything", None),
        (["assessments:write"], "system/*.rs", None),
        ([], "", None),
    ],
)
def test_scopes_are_those_asked_for_that_the_client_holds(
    post: Post, partner: Client, secret: str, held: list[str], asked: str, granted: str | None
) -> None:
    clients.change(client=partner, name=partner.name, scopes=held, active=True, by="test")
    answer = post(basic(partner.id, secret), **({"scope": asked} if asked else {}))
    if granted is None:
        assert_refused(answer, "invalid_scope")
    else:
        assert answer.json()["scope"] == granted


@trial_urls
def test_a_token_allows_what_it_says_and_the_client_still_holds(
    post: Post, anyone: HttpClient, partner: Client, secret: str
) -> None:
    narrow = bearer(post(basic(partner.id, secret), scope="assessments:read"))
    wide = bearer(post(basic(partner.id, secret)))
    json_type = "application/json"
    assert_problem(anyone.post("/api/v1/trial", {}, content_type=json_type, headers=narrow), 403, "forbidden")
    assert anyone.post("/api/v1/trial", {}, content_type=json_type, headers=wide).status_code == 422
    clients.change(client=partner, name=partner.name, scopes=["assessments:read"], active=True, by="test")
    assert_problem(anyone.post("/api/v1/trial", {}, content_type=json_type, headers=wide), 403, "forbidden")


# Requests that are none


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("", "invalid_request"),
        ("scope=x", "invalid_request"),
        ("grant_type=password&username=a&password=b", "unsupported_grant_type"),
        ("grant_type=client_credentials", "invalid_client"),
        ("grant_type=client_credentials&grant_type=client_credentials", "invalid_request"),
        ("grant_type=client_credentials&client_secret=a&client_assertion=b", "invalid_request"),
        (f"grant_type=client_credentials&client_assertion_type={TYPE}", "invalid_request"),
        ("grant_type=client_credentials&client_assertion=b&client_assertion_type=saml", "invalid_request"),
        ("grant_type=client_credentials&client_id=%00&client_secret=%00", "invalid_client"),
        ("grant_type=client_credentials&client_id=%ff&client_secret=%ff%fe", "invalid_client"),
    ],
)
def test_errors_are_those_of_the_standard(anyone: HttpClient, body: str, error: str) -> None:
    assert_refused(anyone.post(URL, body, content_type=FORM), error)


@pytest.mark.django_db
def test_other_bodies_are_refused(anyone: HttpClient) -> None:
    assert_refused(anyone.post(URL, "{}", content_type="application/json"), "invalid_request")
    assert_problem(anyone.get(URL), 405, "method-not-allowed")
    much = "a=" + "b" * django_settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert_problem(anyone.post(URL, much, content_type=FORM), 413, "body-too-large")


# How long a token lasts


@trial_urls
def test_a_token_lasts_five_minutes(
    post: Post, anyone: HttpClient, partner: Client, secret: str, clock: HandClock
) -> None:
    headers = bearer(post(basic(partner.id, secret)))
    clock.shift(299)
    assert anyone.get("/api/v1/trial", headers=headers).status_code == 200
    clock.shift(1)
    assert_problem(anyone.get("/api/v1/trial", headers=headers), 401, "not-authenticated")


def _off_and_on(client: Client) -> None:
    for active in (False, True):
        clients.change(client=client, name=client.name, scopes=client.scopes, active=active, by="test")


def _organisation_off_and_on(client: Client) -> None:
    organisation = client.organisation
    for active in (False, True):
        organisations.change(organisation=organisation, name=organisation.name, active=active, by="test")


ENDS: dict[str, Callable[[Client], Any]] = {
    "ended": lambda client: clients.end_short_lived_tokens(client=client, by="test"),
    "client off and on": _off_and_on,
    "organisation off and on": _organisation_off_and_on,
    "secret revoked": lambda client: tokens.revoke(token=selectors.tokens().get(), by="test"),
    "keys dropped": lambda client: signing_keys.rotate(drop_old=True),
}


@trial_urls
@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_a_token_can_be_ended_at_once(
    post: Post, anyone: HttpClient, partner: Client, secret: str, end: Callable[[Client], Any]
) -> None:
    headers = bearer(post(basic(partner.id, secret)))
    assert anyone.get("/api/v1/trial", headers=headers).status_code == 200
    end(partner)
    assert_problem(anyone.get("/api/v1/trial", headers=headers), 401, "not-authenticated")


@trial_urls
@pytest.mark.parametrize("change", ["generation = generation + 1", "active = false"])
def test_a_revocation_elsewhere_holds_after_a_second_at_the_latest(
    post: Post, anyone: HttpClient, partner: Client, secret: str, clock: HandClock, change: str
) -> None:
    headers = bearer(post(basic(partner.id, secret)))
    assert anyone.get("/api/v1/trial", headers=headers).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE partners_client SET {change}")
    clock.shift(callers.FRESH_FOR_SECONDS)
    assert_problem(anyone.get("/api/v1/trial", headers=headers), 401, "not-authenticated")


@trial_urls
def test_a_token_is_checked_without_the_database(
    post: Post, anyone: HttpClient, partner: Client, secret: str, clock: HandClock, django_assert_num_queries: Any
) -> None:
    headers = bearer(post(basic(partner.id, secret)))
    anyone.get("/api/v1/trial", headers=headers)
    with django_assert_num_queries(0):
        for _ in range(10):
            assert anyone.get("/api/v1/trial", headers=headers).status_code == 200


@trial_urls
def test_a_token_of_somebody_elses_making_is_refused(anyone: HttpClient, partner: Client, clock: HandClock) -> None:
    ours = signing_keys.key_that_signs()
    content = signing.ShortLived(partner.id, 0, frozenset(partner.scopes))
    made = {
        "good": signing.write(content, issuer="http://testserver", key=ours),
        "strange key": signing.write(content, issuer="http://testserver", key=signing.generate()),
    }
    plain = jwt.decode(made["good"], ours, algorithms=["ES256"]).claims
    for name, header, changes in (
        ("other type", {"typ": "JWT"}, {}),
        ("other audience", {}, {"aud": "else"}),
        ("no expiry", {}, {"exp": None}),
        ("no client", {}, {"client_id": "nobody"}),
        ("no generation", {}, {"generation": None}),
        ("no number", {}, {"generation": float("inf")}),
    ):
        head = {"typ": "at+jwt", "alg": "ES256", "kid": ours.kid, **header}
        body = {key: value for key, value in {**plain, **changes}.items() if value is not None}
        made[name] = jwt.encode(head, body, ours, algorithms=["ES256"])
    for name, text in made.items():
        response = anyone.get("/api/v1/trial", headers={"authorization": f"Bearer {text}"})
        assert response.status_code == (200 if name == "good" else 401), name


# Keys and discovery


@trial_urls
def test_keys_rotate_with_an_overlap(
    post: Post, anyone: HttpClient, partner: Client, secret: str, clock: HandClock
) -> None:
    old = bearer(post(basic(partner.id, secret)))
    clock.shift(1)
    signing_keys.rotate()
    new = bearer(post(basic(partner.id, secret)))
    for headers in (old, new):
        assert anyone.get("/api/v1/trial", headers=headers).status_code == 200
    listed = [key["kid"] for key in anyone.get("/.well-known/jwks.json").json()["keys"]]
    assert len(listed) == 2
    clock.shift(601)
    assert [key["kid"] for key in anyone.get("/.well-known/jwks.json").json()["keys"]] == listed[:1]


@trial_urls
def test_a_retired_key_is_refused_when_its_time_is_over(
    post: Post, anyone: HttpClient, partner: Client, secret: str, clock: HandClock
) -> None:
    """Also by a process that knew it, and in which nothing else about callers has changed since."""
    old = signing_keys.key_that_signs()
    clock.shift(1)
    signing_keys.rotate()
    content = signing.ShortLived(partner.id, 0, frozenset(partner.scopes))
    statuses = []
    for _ in range(3):
        # Whoever has stolen the old key goes on signing with it.
        text = signing.write(content, issuer="http://testserver", key=old)
        statuses.append(anyone.get("/api/v1/trial", headers={"authorization": f"Bearer {text}"}).status_code)
        clock.shift(301)
    assert statuses == [200, 200, 401]


@trial_urls
def test_another_secret_key_makes_another_signing_key(
    post: Post, anyone: HttpClient, partner: Client, secret: str, settings: Any
) -> None:
    old = bearer(post(basic(partner.id, secret)))
    settings.SECRET_KEY = "x" * 50
    signing.decrypt.cache_clear()
    new = bearer(post(basic(partner.id, secret)))
    assert len(anyone.get("/.well-known/jwks.json").json()["keys"]) == 2
    for headers in (old, new):
        assert anyone.get("/api/v1/trial", headers=headers).status_code == 200
    signing.decrypt.cache_clear()


def test_published_keys_are_public_and_are_those_that_sign(
    post: Post, anyone: HttpClient, partner: Client, secret: str
) -> None:
    text = post(basic(partner.id, secret)).json()["access_token"]
    published = anyone.get("/.well-known/jwks.json").json()
    assert "d" not in published["keys"][0]
    claims_of = jwt.decode(text, KeySet.import_key_set(published), algorithms=["ES256"]).claims
    assert (claims_of["client_id"], claims_of["aud"]) == (str(partner.id), "hipcare")
    assert claims_of["exp"] - claims_of["iat"] == 300
    with connection.cursor() as cursor:
        cursor.execute("SELECT encrypted_private_jwk FROM partners_signingkey")
        assert '"d"' not in cursor.fetchone()[0]


@trial_urls
def test_keys_can_come_from_a_file(
    post: Post, anyone: HttpClient, partner: Client, secret: str, settings: Any, tmp_path: Any
) -> None:
    first, second = signing.generate(), signing.generate()
    path = tmp_path / "keys.json"
    path.write_text(json.dumps(KeySet([first, second]).as_dict(private=True)))
    settings.HIPCARE_SIGNING_KEYS_FILE = path
    answer = post(basic(partner.id, secret))
    assert anyone.get("/api/v1/trial", headers=bearer(answer)).status_code == 200
    published = anyone.get("/.well-known/jwks.json").json()["keys"]
    assert [key["kid"] for key in published] == [first.kid, second.kid]
    assert not any("d" in key for key in published)


@pytest.mark.parametrize("name", ["smart-configuration", "oauth-authorization-server"])
def test_discovery_leads_to_the_token_endpoint(anyone: HttpClient, name: str) -> None:
    found = anyone.get(f"/.well-known/{name}").json()
    assert found["token_endpoint"] == f"http://testserver{URL}"
    assert found["grant_types_supported"] == ["client_credentials"]
    assert "private_key_jwt" in found["token_endpoint_auth_methods_supported"]
    assert {"RS384", "ES384"} == {*found["token_endpoint_auth_signing_alg_values_supported"]}
    assert "system/*.rs" in found["scopes_supported"]
