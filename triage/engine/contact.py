"""What is known of a person after the assessment: one contact after another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from triage.engine.case import Case, State
from triage.engine.follow_up_knowledge import Verdict
from triage.engine.outcome_scores import Score


@dataclass(frozen=True, slots=True)
class TriedTreatment:
    """A treatment of the catalogue, for how many weeks, and whether it helped (None: not said)."""

    treatment: str
    weeks: float
    helped: bool | None = None


@dataclass(frozen=True, slots=True)
class Adherence:
    """How many of the planned sessions were done."""

    sessions_done: int
    sessions_planned: int

    @property
    def share(self) -> float | None:
        """Done of planned; None where nothing was planned."""
        return self.sessions_done / self.sessions_planned if self.sessions_planned else None


@dataclass(frozen=True, slots=True)
class Contact:
    """What was said at one contact, on this day of the plan; `overall` is how it was judged, None while it is not."""

    day: int
    findings: Mapping[str, State] = field(default_factory=dict)
    measurements: Mapping[str, float] = field(default_factory=dict)
    scores: Mapping[str, Score] = field(default_factory=dict)
    global_change: int | None = None
    adherence: Adherence | None = None
    treatments: tuple[TriedTreatment, ...] = ()
    overall: Verdict | None = None

    @property
    def values(self) -> dict[str, float]:
        """Every number of this contact by its id: measurements and scores that could be made."""
        made = {key: score.value for key, score in self.scores.items() if score.value is not None}
        return {**self.measurements, **made}


@dataclass(frozen=True, slots=True)
class Story:
    """The assessed case with the rungs of the ladder that it was given, the contacts since, and the one at hand."""

    first: Case
    rungs: Sequence[Mapping[str, Any]]
    earlier: tuple[Contact, ...]
    now: Contact

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """All of them, the one at hand last."""
        return (*self.earlier, self.now)

    @property
    def treatments(self) -> tuple[TriedTreatment, ...]:
        """Everything that was tried, as it was told last."""
        told = {tried.treatment: tried for contact in self.contacts for tried in contact.treatments}
        return tuple(told.values())
