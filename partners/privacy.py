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
        "generation": _NEUTRAL,
        "jwks": _NEUTRAL,
        "jwks_url": _IDENTIFYING,
        "read_limit": _NEUTRAL,
        "write_limit": _NEUTRAL,
        "created_at": _NEUTRAL,
    },
    "AccessToken": {
        "id": _NEUTRAL,
        "client": _NEUTRAL,
        "kind": _NEUTRAL,
        "prefix": _NEUTRAL,
        "secret_hash": _IDENTIFYING,
        "created_at": _NEUTRAL,
        "expires_at": _NEUTRAL,
        "revoked_at": _NEUTRAL,
        "last_used_at": _NEUTRAL,
    },
    "SigningKey": {
        "kid": _NEUTRAL,
        "public_jwk": _NEUTRAL,
        "encrypted_private_jwk": _IDENTIFYING,
        "algorithm": _NEUTRAL,
        "created_at": _NEUTRAL,
        "retired_at": _NEUTRAL,
    },
    "UsedAssertion": {"id": _NEUTRAL, "client_id": _NEUTRAL, "jti_hash": _NEUTRAL, "expires_at": _NEUTRAL},
    "CallerVersion": {"id": _NEUTRAL, "version": _NEUTRAL},
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
        "lane": _NEUTRAL,
        "number": _NEUTRAL,
        "previous_hash": _NEUTRAL,
        "hash": _NEUTRAL,
    },
    "AuditChain": {
        "id": _NEUTRAL,
        "organisation_id": _NEUTRAL,
        "lane": _NEUTRAL,
        "number": _NEUTRAL,
        "hash": _NEUTRAL,
    },
}
