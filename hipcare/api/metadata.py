"""What `OPTIONS` answers."""

from typing import Any

from rest_framework.metadata import BaseMetadata
from rest_framework.request import Request
from rest_framework.views import APIView


class AllowedMethods(BaseMetadata):
    """The methods of the resource, as in the `Allow` header; the rest is in the schema."""

    def determine_metadata(self, request: Request, view: APIView) -> dict[str, Any]:
        """The answer to `OPTIONS`."""
        return {"methods": view.allowed_methods}
