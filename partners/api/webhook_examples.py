"""Examples of the schema, of webhooks."""

from typing import Any

_ENDPOINT_ID = "019a0000-0000-7000-8000-00000000000a"
NEW_ENDPOINT: dict[str, Any] = {
    "url": "https://clinic.example.org/hooks/hip",
    "event_types": ["assessment.emergency", "worklist.changed"],
    "include_same_day": True,
}
ENDPOINT: dict[str, Any] = {
    "id": _ENDPOINT_ID,
    **NEW_ENDPOINT,
    "enabled": True,
    "disabled_because": "",
    "old_secret_until": None,
    "created_at": "2026-01-01T00:00:00Z",
}
ENDPOINT_WITH_SECRET = {**ENDPOINT, "secret": "whsec_…"}
ENDPOINT_CHANGE = {"enabled": False}
ROTATION = {"overlap_hours": 48}
DELIVERY: dict[str, Any] = {
    "id": "019a0000-0000-7000-8000-00000000000b",
    "endpoint": _ENDPOINT_ID,
    "event_id": "019a0000-0000-7000-8000-00000000000c",
    "event_type": "assessment.emergency",
    "assessment": "019a0000-0000-7000-8000-000000000000",
    "state": "pending",
    "attempt_count": 0,
    "created_at": "2026-01-01T00:00:00Z",
    "next_attempt_at": "2026-01-01T00:00:00Z",
    "ended_at": None,
}
DELIVERY_WITH_ATTEMPTS = {
    **DELIVERY,
    "state": "delivered",
    "attempt_count": 2,
    "next_attempt_at": None,
    "ended_at": "2026-01-01T00:00:09Z",
    "attempts": [
        {"at": "2026-01-01T00:00:00Z", "outcome": "refused", "status": 503},
        {"at": "2026-01-01T00:00:09Z", "outcome": "delivered", "status": 204},
    ],
}
