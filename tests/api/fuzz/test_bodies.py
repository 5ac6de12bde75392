"""Bodies of every POST, spoilt: answered or refused, never a fault of ours."""

import json
from collections import Counter
from typing import Any

import pytest

from tests.api.fuzz import mutation
from tests.api.fuzz.conftest import SHARDS, Try, random_of, share
from tests.api.fuzz.wsgi import Sent, answer_to
from triage.api import examples

CASE: dict[str, Any] = {
    "patient": {"age": {"value": 67, "unit": "year"}, "sex": "female", "reference": "8f1c"},
    "respondent": "self",
    "setting": "primary_care",
    "side": "right",
    "findings": [
        {"id": "pain_groin", "state": "present", "source": "patient"},
        {"id": "fever", "state": "absent"},
        {"id": "limp", "state": "unknown"},
    ],
    "measurements": [{"id": "pain_nprs", "value": 6}, {"id": "temperature_c", "value": 36.8}],
    "options": {"store": False, "max_causes": 3, "locale": "es", "audience": "patient"},
}
OUTCOME = {
    "condition": "hip_osteoarthritis",
    "other": False,
    "confirmed_by": "imaging",
    "confirmed_on": "2026-05-04",
    "urgency_was_right": "routine",
}
INTERVIEW = {**CASE, "options": {"locale": "en", "max_questions": 2}}
WHAT_IF = {"case": CASE, "changes": [{"label": "fever", "findings": [{"id": "fever", "state": "unasked"}]}]}
# Path below the API, what is spoilt, and the part of all inputs that it gets.
WEBHOOK = {"url": "https://example.org/hooks", "event_types": ["assessment.emergency"], "include_same_day": True}
TARGETS: dict[str, tuple[str, Any, float]] = {
    "assessment": ("assessments", CASE, 0.12),
    "stored assessment": ("assessments", examples.REQUEST, 0.06),
    "interview": ("interview/next", INTERVIEW, 0.12),
    "what-if": ("what-if", WHAT_IF, 0.12),
    "follow-up": ("assessments/{id}/follow-ups", examples.FOLLOW_UP_REQUEST, 0.12),
    "outcome": ("assessments/{id}/outcome", OUTCOME, 0.08),
    "review": ("assessments/{id}/review", {"state": "closed", "resolution": "not_reached", "seen": 0}, 0.04),
    "webhook endpoint": ("webhook-endpoints", WEBHOOK, 0.04),
    "replay": ("assessments/{id}/replay", {}, 0.01),
}
# Nothing is spoilt by a body that is not read, and what was accepted first conflicts with what comes then.
ACCEPTED_ONCE = {"replay", "review", "webhook endpoint"}
ODD_CONTENT_TYPES = [
    *("application/json; charset=utf-8", "application/json; charset=base64", "application/json; charset=utf-16"),
    *("application/json; charset*=none''x", "application/json;;;=", "APPLICATION/JSON", "text/plain", "", ";", "a/b/c"),
    *("multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/json; charset=\x80"),
]


@pytest.fixture
def stored(token: str) -> str:
    """The id of a stored assessment of the caller."""
    body = json.dumps({**CASE, "options": {}}).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    answer = answer_to(Sent("POST", "/api/v1/assessments", headers=headers, body=body))
    assert answer.status == 201, answer.body
    return str(json.loads(answer.body)["id"])


@pytest.mark.parametrize("shard", SHARDS)
@pytest.mark.parametrize("name", TARGETS)
def test_no_body_is_a_fault_of_ours(
    attempt: Try, statuses: Counter[int], token: str, stored: str, name: str, shard: int
) -> None:
    path, valid, part = TARGETS[name]
    random = random_of(name, shard)
    for _ in range(share(part)):
        content_type = random.choice(ODD_CONTENT_TYPES) if random.random() < 0.05 else "application/json"
        headers = {"Authorization": f"Bearer {token}", "Content-Type": content_type}
        if random.random() < 0.2:
            headers["Idempotency-Key"] = mutation.text(random, "a-key").encode("utf-8", "replace").decode("latin-1")
        body = mutation.json_bytes(random, valid)
        attempt(Sent("POST", f"/api/v1/{path.format(id=stored)}", headers=headers, body=body))
    # What is spoilt must still be near enough to something to get beyond the first check.
    if name not in ACCEPTED_ONCE and share(part) > 50:
        assert {200, 201} & statuses.keys(), statuses
        assert statuses[422] > statuses.total() / 10, statuses
