"""Callers of the API."""

from tests.api.conftest import api, partner, token

__all__ = ["api", "partner", "token"]
