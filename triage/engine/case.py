"""The case: what is known of one person, in the words of the knowledge release."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

State = Literal["present", "absent", "unknown"]
Sex = Literal["female", "male", "unknown"]
Setting = Literal["community", "telehealth", "primary_care", "physiotherapy", "emergency", "specialist"]
Side = Literal["left", "right", "both", "unknown"]
Audience = Literal["clinician", "patient"]

ADULT_FROM_YEARS = 16.0
"""Below this age a person is a child: the findings' child base frequencies apply."""


@dataclass(frozen=True, slots=True)
class Case:
    """One person with a hip complaint.

    `age_years` is in years (0 to 120, fractions allowed); `findings` maps finding id to its state, and what is not in
    it was not asked; `measurements` maps measurement id to a value in the catalogue's unit.
    """

    age_years: float
    sex: Sex = "unknown"
    findings: Mapping[str, State] = field(default_factory=dict)
    measurements: Mapping[str, float] = field(default_factory=dict)
    setting: Setting = "primary_care"
    side: Side = "unknown"

    @property
    def is_child(self) -> bool:
        """Whether child base frequencies apply."""
        return self.age_years < ADULT_FROM_YEARS


@dataclass(frozen=True, slots=True)
class Options:
    """How the answer is to be told; never what it says."""

    max_causes: int = 8
    audience: Audience = "clinician"
