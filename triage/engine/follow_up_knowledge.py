"""What a release knows of follow-up, as plain rows: outcome measures, timers and the rules of repeat contact."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from triage.engine.knowledge import Level

Verdict = Literal["better", "same", "worse", "unknown"]
BestEnd = Literal["lowest", "highest"]
TimerStep = Literal["review", "escalate"]


@dataclass(frozen=True, slots=True)
class OutcomeItem:
    """One answer of a questionnaire and its range."""

    key: str
    minimum: float
    maximum: float
    whole: bool = False


@dataclass(frozen=True, slots=True)
class OutcomeScale:
    """Items that are scored together once `least_answered` of them are known."""

    key: str
    items: tuple[OutcomeItem, ...]
    least_answered: int


@dataclass(frozen=True, slots=True)
class OutcomeMeasure:
    """A score from `minimum` to `maximum`: how it is made of its items (see `outcome_scores`), and what it means.

    `important_change` in points, and `target`, are None where none is established.
    """

    key: str
    name: str
    minimum: float
    maximum: float
    best: BestEnd
    items_best: BestEnd
    method: Literal["mean", "sum", "table"]
    scales: tuple[OutcomeScale, ...]
    table: tuple[float, ...] = ()
    important_change: float | None = None
    target: float | None = None
    citations: tuple[str, ...] = ()

    @property
    def items(self) -> Mapping[str, OutcomeItem]:
        """Every item by its id."""
        return {item.key: item for scale in self.scales for item in scale.items}


@dataclass(frozen=True, slots=True)
class FollowUpTimer:
    """When lack of change is a reason to act, for whom, and what to do: see `timers`."""

    key: str
    name: str
    at_day: int
    trigger: Literal["no_improvement", "worse", "always"]
    step: TimerStep
    action: str
    when: Any = None
    """A rule as the content writes it."""
    for_conditions: tuple[str, ...] = ()
    or_unclear: bool = False
    for_treatments: tuple[str, ...] = ()
    new_findings: tuple[str, ...] = ()
    needs_adherence: bool = False
    citations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContactRule:
    """A least urgency after so many contacts in a row that ended in one of the verdicts."""

    id: str
    verdicts: tuple[Verdict, ...]
    contacts: int
    timer_due: bool
    """Whether a timer must be due besides."""
    level: "Level"
    within_hours: int | None
    why: str


@dataclass(frozen=True, slots=True)
class FollowUpPolicy:
    """The numbers of the follow-up: part of the release's policy."""

    adherence_minimum: float
    """The share of the planned sessions below which a plan does not count as tried."""
    global_change_better_from: int
    global_change_worse_to: int
    weeks_if_not_stated: int
    """How long a step of the ladder is tried that states no time."""
    grow_with_time: tuple[str, ...]
    """Measurements in days that grow by themselves."""
    contact_rules: tuple[ContactRule, ...]
