"""The bearer scheme in the OpenAPI document, with the scopes of each operation."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from partners.api.permissions import required_scopes


class BearerScheme(OpenApiAuthenticationExtension):
    """How `BearerAuthentication` is described."""

    target_class = "partners.api.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """The security scheme."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of `POST /oauth/token`, or an API key of the form `hipcare_<prefix>_<secret>`; "
            "each operation lists the scopes it needs.",
        }

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[str]]:
        """The scopes of one operation (OpenAPI 3.1 allows them for every scheme)."""
        return {self.name: sorted(required_scopes(auto_schema.view, auto_schema.method))}
