"""Pictures as answers."""

from collections.abc import Mapping
from typing import Any

from rest_framework.renderers import BaseRenderer

MEDIA_TYPE = "image/svg+xml"


class SvgRenderer(BaseRenderer):
    """Lets a caller who accepts pictures have one; the bytes are made by the view."""

    media_type = MEDIA_TYPE
    format = "svg"
    charset = "utf-8"

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> Any:
        """`data` as it is."""
        return data
