"""What the fields of this app say about people. A client can be one practitioner, so names identify."""

from hipcare.privacy import FieldClass, FieldClasses

_NEUTRAL, _IDENTIFYING = FieldClass.NEUTRAL, FieldClass.IDENTIFYING

FIELD_CLASSES: FieldClasses = {
    "Organisation": {"id": _NEUTRAL, "name": _IDENTIFYING, "active": _NEUTRAL, "created_at": _NEUTRAL},
    "Client": {
        "id": _NEUTRAL,
        "organisation": _NEUTRAL,
        "name": _IDENTIFYING,
        "active": _NEUTRAL,
        "scopes": _NEUTRAL,
        "created_at": _NEUTRAL,
    },
    "AccessToken": {
        "id": _NEUTRAL,
        "client": _NEUTRAL,
        "prefix": _NEUTRAL,
        "secret_hash": _IDENTIFYING,
        "created_at": _NEUTRAL,
        "expires_at": _NEUTRAL,
        "revoked_at": _NEUTRAL,
        "last_used_at": _NEUTRAL,
    },
    "AuditEvent": {
        "id": _NEUTRAL,
        "at": _NEUTRAL,
        "organisation_id": _NEUTRAL,
        "client_id": _NEUTRAL,
        "actor": _IDENTIFYING,
        "action": _NEUTRAL,
        "resource_type": _NEUTRAL,
        "resource_id": _NEUTRAL,
        "outcome": _NEUTRAL,
        "request_id": _NEUTRAL,
    },
}
