"""What `OPTIONS` answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework.metadata import BaseMetadata
from rest_framework.request import Request

from hipcare.api.json import MEDIA_TYPE, JsonRenderer

if TYPE_CHECKING:
    from rest_framework.views import APIView  # DRF's views read the settings that name this module


class AllowedMethods(BaseMetadata):
    """The methods of the resource, as in the `Allow` header; the rest is in the schema."""

    def determine_metadata(self, request: Request, view: APIView) -> dict[str, Any]:
        """The answer to `OPTIONS`, as JSON also where the resource itself is a page or a picture."""
        request.accepted_renderer, request.accepted_media_type = JsonRenderer(), MEDIA_TYPE
        return {"methods": view.allowed_methods}
