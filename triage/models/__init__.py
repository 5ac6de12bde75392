"""What is kept of the cases that were assessed, and of how releases came into use."""

from .assessment import Assessment
from .erased_key import ErasedKey
from .follow_up import FollowUp
from .outcome import KnownOutcome
from .publication import Publication
from .review import Review

__all__ = ["Assessment", "ErasedKey", "FollowUp", "KnownOutcome", "Publication", "Review"]
