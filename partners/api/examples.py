"""Examples of the schema."""

from typing import Any

_BASE = "https://hip.example.org"
_CLIENT = "01a20598-0000-7000-8000-000000000000"
_COMMON: dict[str, Any] = {
    "issuer": _BASE,
    "token_endpoint": f"{_BASE}/oauth/token",
    "jwks_uri": f"{_BASE}/.well-known/jwks.json",
    "grant_types_supported": ["client_credentials"],
    "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "private_key_jwt"],
    "token_endpoint_auth_signing_alg_values_supported": ["RS384", "ES384"],
    "scopes_supported": [
        "assessments:read",
        "assessments:write",
        "knowledge:read",
        "audit:read",
        "webhooks:manage",
        "system/*.rs",
    ],
}
AUTHORIZATION_SERVER = _COMMON | {"response_types_supported": [], "service_documentation": f"{_BASE}/api/v1/docs"}
SMART_CONFIGURATION = _COMMON | {
    "capabilities": ["client-confidential-asymmetric", "client-confidential-symmetric", "permission-v2"]
}
KEYS = {
    "keys": [
        {
            "kty": "EC",
            "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
            "kid": "the-thumbprint-of-the-key",
            "alg": "ES256",
            "use": "sig",
        }
    ]
}
TOKEN_BY_SECRET = {
    "grant_type": "client_credentials",
    "scope": "assessments:write",
    "client_id": _CLIENT,
    "client_secret": "hipcaresecret_…",
}
TOKEN_BY_ASSERTION = {
    "grant_type": "client_credentials",
    "scope": "system/*.rs",
    "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    "client_assertion": "eyJhbGciOiJFUzM4NCIsImtpZCI6IjEifQ.…",
}
TOKEN = {
    "access_token": "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.…",
    "token_type": "bearer",
    "expires_in": 300,
    "scope": "assessments:write",
}
WRONG_SCOPE = {"error": "invalid_scope", "error_description": "Known scopes are …; ask for some you were given."}
WRONG_CLIENT = {
    "error": "invalid_client",
    "error_description": "The client is not known, is switched off, or has not proved who it is.",
}
AUDIT_EVENT: dict[str, Any] = {
    "id": "3-1042",
    "at": "2026-11-23T09:30:00.123456Z",
    "action": "assessment.read",
    "outcome": "succeeded",
    "resource_type": "assessment",
    "resource_id": "01a205f1-d764-72de-a336-2115fc24d8ea",
    "client": _CLIENT,
    "actor": "",
    "request_id": "018f3a5e-7c1d-7b60-9a54-5f1f6d1c2b3a",
    "previous_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "hash": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
}
REFUSED_AUDIT_EVENT: dict[str, Any] = {
    **AUDIT_EVENT,
    "id": "3-1043",
    "outcome": "refused",
    "resource_id": "01a205f1-0000-7000-8000-000000000000",
    "previous_hash": AUDIT_EVENT["hash"],
    "hash": "fd61a03af4f77d870fc21e05e7e80678095c92d808cfb3b5c279ee04c74aca13",
}
