"""What proves who calls, spoilt: token requests, signed assertions, bearer tokens, and the keys of clients."""

import base64
import json
import time
from collections import Counter
from contextlib import suppress
from random import Random
from typing import Any
from urllib.parse import quote_plus
from uuid import uuid4

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, KeySet, RSAKey

from hipcare.errors import InvalidInput
from partners import signing
from partners.actions import clients, signing_keys, tokens
from partners.models import Client, CredentialKind
from tests.api.fuzz import mutation
from tests.api.fuzz.conftest import SHARDS, Try, random_of, share
from tests.api.fuzz.wsgi import Sent

FORM = "application/x-www-form-urlencoded"
TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
EC = ECKey.generate_key("P-384", {"kid": "ec", "alg": "ES384", "use": "sig"})
JWKS: dict[str, Any] = dict(KeySet([EC, RSAKey.generate_key(2048, {"kid": "rsa"})]).as_dict(private=False))


@pytest.fixture
def secret(partner: Client) -> str:
    """A client secret of `partner`, who also has public keys."""
    clients.set_keys(client=partner, by="test", jwks=JWKS)
    return tokens.issue(client=partner, by="test", kind=CredentialKind.CLIENT_SECRET)[1]


def _form(random: Random, valid: dict[str, str]) -> bytes:
    pairs = []
    for name, value in valid.items():
        sent = mutation.text(random, value) if random.random() < 0.3 else value
        if random.random() > 0.05:
            pairs.append(f"{name}={quote_plus(sent.encode('utf-8', 'surrogatepass'))}")
    body = "&".join(pairs).encode()
    return mutation.raw_bytes(random, body) if random.random() < 0.2 else body


@pytest.mark.parametrize("shard", SHARDS)
def test_no_token_request_is_a_fault_of_ours(attempt: Try, partner: Client, secret: str, shard: int) -> None:
    random = random_of("token requests", shard)
    valid = {"grant_type": "client_credentials", "scope": "assessments:read system/*.rs"}
    posted = {**valid, "client_id": str(partner.id), "client_secret": secret}
    for _ in range(share(0.04)):
        headers = {"Content-Type": FORM if random.random() < 0.9 else mutation.text(random, FORM)[:500]}
        headers["Content-Type"] = headers["Content-Type"].encode("utf-8", "replace").decode("latin-1")
        basic = random.random() < 0.3
        if basic:
            pair = mutation.raw_bytes(random, f"{partner.id}:{secret}".encode())
            headers["Authorization"] = f"Basic {base64.b64encode(pair[:3000]).decode()}"
        attempt(Sent("POST", "/oauth/token", "", headers, _form(random, valid if basic else posted)))


def _claims(partner: Client) -> dict[str, Any]:
    now = int(time.time())
    return {
        "iss": str(partner.id),
        "sub": str(partner.id),
        "aud": "http://testserver/oauth/token",
        "exp": now + 200,
        "iat": now,
        "nbf": now,
        "jti": str(uuid4()),
    }


def _signed(head: bytes, payload: bytes, key: ECKey = EC, alg: str = "ES384") -> str:
    """A token as the library would sign it if it signed anything."""
    text = ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in (head, payload))
    signature = jws.JWSRegistry.algorithms[alg].sign(text.encode(), key)
    return f"{text}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


@pytest.mark.parametrize("shard", SHARDS)
def test_no_signed_assertion_is_a_fault_of_ours(
    attempt: Try, statuses: Counter[int], partner: Client, secret: str, shard: int
) -> None:
    random = random_of("assertions", shard)
    for _ in range(share(0.03)):
        header = {"alg": "ES384", "kid": "ec", "typ": "JWT"}
        if random.random() < 0.3:
            header[random.choice(["typ", "jku", "cty", "x"])] = mutation.text(random, "https://a.b/c")
        head = json.dumps(header).encode()
        payload = mutation.json_bytes(random, _claims(partner))[:5000]
        signed = _signed(mutation.raw_bytes(random, head) if random.random() < 0.1 else head, payload)
        body = f"grant_type=client_credentials&client_assertion_type={TYPE}&client_assertion={signed}".encode()
        attempt(Sent("POST", "/oauth/token", "", {"Content-Type": FORM}, body))
    assert statuses[401] > 0


@pytest.mark.parametrize("shard", SHARDS)
def test_no_bearer_token_is_a_fault_of_ours(attempt: Try, partner: Client, token: str, shard: int) -> None:
    random = random_of("bearer tokens", shard)
    ours = signing_keys.key_that_signs()
    content = signing.ShortLived(partner.id, 0, frozenset(partner.scopes))
    good = signing.write(content, issuer="http://testserver", key=ours)
    claims = json.loads(jws.extract_compact(good.encode()).payload)
    for _ in range(share(0.03)):
        text = mutation.text(random, random.choice((good, token)))
        if random.random() < 0.5:
            payload = mutation.json_bytes(random, claims)[:2000]
            head = json.dumps({"typ": "at+jwt", "alg": "ES256", "kid": ours.kid}).encode()
            text = _signed(head, payload, ours, "ES256")
        given = text.encode("utf-8", "replace").decode("latin-1").translate({0: None, 10: None, 13: None})
        attempt(Sent("GET", "/api/v1/findings", "page_size=1", {"Authorization": f"Bearer {given}"}))


@pytest.mark.parametrize("shard", SHARDS)
def test_no_key_set_is_a_fault_of_ours(partner: Client, shard: int) -> None:
    """What staff upload, and what a client publishes: taken, or refused with a sentence."""
    random = random_of("key sets", shard)
    taken = 0
    for _ in range(share(0.02)):
        body = mutation.json_bytes(random, JWKS)
        try:
            value = json.loads(body)
        except (ValueError, RecursionError):
            continue
        with suppress(InvalidInput):
            clients.set_keys(client=partner, by="test", jwks=value)
            taken += 1
    assert taken > 0 or share(0.02) < 50
