"""Answers in other media types than JSON, made by the view."""

from collections.abc import Mapping
from typing import Any

from rest_framework.renderers import BaseRenderer


class AsItIsRenderer(BaseRenderer):
    """For a caller who accepts `media_type`: what the view made goes out as it is. Problems are JSON as everywhere."""

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> Any:
        """`data` as it is."""
        return data
