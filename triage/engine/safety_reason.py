"""Why something is not for somebody: the row that treatments and exercises share."""

from dataclasses import dataclass
from typing import Any

RuleTree = Any
"""A rule as the content writes it: a finding id, or a mapping with one of the keys of `triage.engine.rules`."""


@dataclass(frozen=True, slots=True)
class SafetyReason:
    """Why something is not for somebody, or only with care: a rule and its reason in plain words."""

    rule: RuleTree
    because: str
