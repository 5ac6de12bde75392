"""What is kept of the cases that were assessed, and of how releases came into use."""

from .assessment import Assessment
from .follow_up import FollowUp
from .label import AssessmentLabel, cause_label, labels, leading_cause_label, red_flag_label
from .outcome import KnownOutcome
from .publication import Publication
from .review import Review

__all__ = [
    "Assessment",
    "AssessmentLabel",
    "FollowUp",
    "KnownOutcome",
    "Publication",
    "Review",
    "cause_label",
    "labels",
    "leading_cause_label",
    "red_flag_label",
]
