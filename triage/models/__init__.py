"""What is kept of the cases that were assessed."""

from .assessment import Assessment

__all__ = ["Assessment"]
