"""What is kept of the cases that were assessed."""

from .assessment import Assessment
from .follow_up import FollowUp

__all__ = ["Assessment", "FollowUp"]
