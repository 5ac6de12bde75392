"""The way of an assessment through the worklist: what brings it there, and which change may follow which.

What counts as urgent is the engine's; here is only who must be looked at by a person, and what has become of it.
"""

from collections.abc import Collection, Mapping

from triage.engine.knowledge import Level
from triage.engine.safety import RANK

MUST_BE_SEEN = ("emergency", "same_day", "urgent")
"""Urgencies with which an assessment or a follow-up enters the worklist."""
CLOSED = "closed"
MAY_FOLLOW: Mapping[str | None, Collection[str]] = {
    None: ("open", "acknowledged", "in_progress", CLOSED),
    "open": ("acknowledged", "in_progress", CLOSED),
    "acknowledged": ("open", "in_progress", CLOSED),
    "in_progress": ("open", "acknowledged", CLOSED),
    CLOSED: ("open",),
}
"""The states that may follow a state; None is an assessment that never entered the worklist."""


def enters(urgency: str, red_flags: Collection[str]) -> bool:
    """Whether a new assessment enters the worklist."""
    return urgency in MUST_BE_SEEN or bool(red_flags)


def reopens(next_step: str, urgency: Level, state: str | None, before: Level) -> bool:
    """Whether a follow-up brings its assessment (back) to the top of the worklist.

    It does when it escalates, and when it is more urgent than `before`, the urgency with which the assessment stands.
    One that is open already stays as it is, unless it has become more urgent.
    """
    rises = urgency in MUST_BE_SEEN and more_urgent(urgency, before)
    return rises or (next_step == "escalate" and state != "open")


def more_urgent(urgency: Level, before: Level) -> bool:
    """Whether `urgency` is more urgent than `before`."""
    return RANK[urgency] > RANK[before]
