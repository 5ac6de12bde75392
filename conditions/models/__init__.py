"""What is known: every row belongs to a release."""

from .citation import Citation
from .composite import Composite
from .condition import Condition, Presentation, Prior
from .evidence import Evidence
from .finding import Finding, Measurement
from .outcome import FollowUpTimer, OutcomeMeasure
from .prevention import PreventionTip, TriedStep
from .red_flag import RedFlag, SafetyNetItem
from .release import KeyedRow, Release, ReleaseRow, ReleaseUse
from .treatment import ConditionTreatment, Treatment

__all__ = [
    "Citation",
    "Composite",
    "Condition",
    "ConditionTreatment",
    "Evidence",
    "Finding",
    "FollowUpTimer",
    "KeyedRow",
    "Measurement",
    "OutcomeMeasure",
    "Presentation",
    "PreventionTip",
    "Prior",
    "RedFlag",
    "Release",
    "ReleaseRow",
    "ReleaseUse",
    "SafetyNetItem",
    "Treatment",
    "TriedStep",
]
