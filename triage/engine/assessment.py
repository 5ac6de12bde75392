"""The answer, in the shape of the API contract. Plain typed dictionaries: what the engine returns is what a client
receives.

Probabilities are in [0, 1]; weights are natural-log odds; times are in the unit that the name says.
"""

from typing import Literal

from typing_extensions import TypedDict

from triage.engine.knowledge import FindingKind, LadderStart, Level, PreventionVerdict, Strength
from triage.engine.plan import ProgrammePlan, SafetyQuestion
from triage.engine.suitability import ItemStatus

Status = Literal["complete", "insufficient_information", "out_of_scope"]
QuestionReason = Literal["red_flag", "ranking"]
DeciderKind = Literal["red_flag", "population", "cause", "screen", "default", "follow_up"]


class KnowledgeVersion(TypedDict):
    """Which knowledge release answered."""

    version: str
    digest: str


class Decider(TypedDict):
    """Something that led to the urgency: a rule, a cause, an open screen, a repeat contact, or the default."""

    kind: DeciderKind
    id: str
    why: str


class Urgency(TypedDict):
    """How soon the person must be seen, by whom, and what decided it."""

    level: Level
    mode: str | None
    within_hours: int | None
    summary: str
    decided_by: list[Decider]


class FiredRedFlag(TypedDict):
    """A red flag whose rule holds, with the findings that made it hold."""

    id: str
    title: str
    urgency: Level
    matched: list[str]
    suspected: list[str]
    action: str
    citations: list[str]


class OpenScreenQuestion(TypedDict):
    """A red-flag question still to be asked, and the rules that wait for it."""

    finding: str
    question: str
    rules: list[str]


class RedFlagScreen(TypedDict):
    """Whether every red flag that could be serious for this person has been ruled in or out."""

    complete: bool
    unanswered: list[OpenScreenQuestion]


class Interval(TypedDict):
    """Where the probability lies when the knowledge's own uncertainty is taken into account."""

    low: float
    high: float
    level: float


class WeighedFinding(TypedDict):
    """One answer and how far it moved the log odds of a cause against all others, given the answers before it.

    A composite score that stands for its parts is told as one finding that is present: its id as `finding`, its band
    in the `name`, and no `probability`.
    """

    finding: str
    name: str
    state: Literal["present", "absent"]
    weight: float
    probability: float | None
    source: str


class ScoreRange(TypedDict):
    """The lowest and the highest score that what is not known leaves open, and the highest that there is."""

    low: int
    high: int
    of: int


class CompositeScore(TypedDict):
    """A published score, computed from its parts; `band` is null while what is open could change it.

    `weighs_for` are the conditions for which it stands for its parts in the ranking. It never changes the urgency.
    `audience` says for whom it is meant; it is told either way.
    """

    id: str
    name: str
    score: ScoreRange
    band: str | None
    shown: str
    audience: Literal["clinician", "everyone"]
    weighs_for: list[str]
    citations: list[str]


class MissingFinding(TypedDict):
    """A finding not yet known that would tell most about a cause; `gain` in bits."""

    finding: str
    question: str
    gain: float


class CauseEvidence(TypedDict):
    """Why a cause ranks where it does: the prior log odds plus all weights are its posterior log odds."""

    prior_log_odds: float
    supporting: list[WeighedFinding]
    opposing: list[WeighedFinding]
    missing: list[MissingFinding]


class CauseCode(TypedDict):
    """A code of a terminology for a cause."""

    system: str
    code: str
    display: str


class CauseWorkup(TypedDict):
    """A test for a cause and what it would settle."""

    test: str
    why: str
    citations: list[str]


class Cause(TypedDict):
    """One ranked possibility."""

    rank: int
    condition: str
    name: str
    common_name: str
    presentation: str
    probability: float
    interval: Interval
    among_first_three: float
    band: str
    must_not_miss: bool
    codes: list[CauseCode]
    evidence: CauseEvidence
    workup: list[CauseWorkup]


class GuidelinePosition(TypedDict):
    """What one source says where sources disagree."""

    source: str
    position: str
    strength: str
    citations: list[str]


LadderEntry = TypedDict(
    "LadderEntry",
    {
        "treatment": str,
        "name": str,
        "how": str,
        "for": list[str],
        "status": ItemStatus,
        "because": list[str],
        "strength": Strength,
        "evidence_grade": str,
        "positions": list[GuidelinePosition],
        "tried": bool,
        "citations": list[str],
    },
)
"""One treatment on the ladder, for which causes, whether it suits this person and why. (`for` is no name in class
syntax.)

`positions` says who says what where the strength is `conflicting`; else it is empty. `tried` says that it was tried for
its time and did not help enough.
"""


RungBegins = Literal["now", "if_not_better", "done", "discuss", "after_review"]
"""`done` was tried for its time and failed; `discuss` is talked over with a clinician and never begins by itself."""


class Rung(TypedDict):
    """One step of the ladder: when it starts, and in words why then."""

    rung: int
    name: str
    start: RungBegins
    start_because: list[str]
    try_for_weeks: int | None
    move_on_if: str | None
    items: list[LadderEntry]


class Ladder(TypedDict):
    """What to do, most conservative first; `immediate` is all there is while the ladder is locked.

    `no_programme` says why no exercise programme goes with it; it is empty where one does.
    """

    status: LadderStart
    reason: str
    immediate: list[str]
    safety_questions: list[SafetyQuestion]
    rungs: list[Rung]
    no_programme: list[str]


class Prevention(TypedDict):
    """Something that keeps the hip well, why for this person, and how good the evidence is: a verdict, and in words."""

    id: str
    name: str
    text: str
    because: str
    verdict: PreventionVerdict
    evidence: str
    citations: list[str]


class NextQuestion(TypedDict):
    """A question worth asking next; `gain` in bits of expected information per unit of cost."""

    finding: str
    question: str
    kind: FindingKind
    why: QuestionReason
    gain: float


class SafetyNet(TypedDict):
    """What to watch for, and what to do then."""

    watch_for: str
    then: str
    within_hours: int


class FollowUpPlan(TypedDict):
    """When to look again, with which measures, and when to do more."""

    in_days: int
    measure: list[str]
    escalate_if: str


class DataQualityWarning(TypedDict):
    """Something in the answers that does not fit together."""

    code: str
    detail: str
    findings: list[str]


class OutOfScope(TypedDict):
    """Why this is not a case for hipcare, and what to do instead."""

    reason: str
    action: str


class Assessment(TypedDict):
    """The whole answer to one case."""

    status: Status
    knowledge: KnowledgeVersion
    engine_version: str
    urgency: Urgency
    red_flags: list[FiredRedFlag]
    red_flag_screen: RedFlagScreen
    causes: list[Cause]
    composites: list[CompositeScore]
    ladder: Ladder
    programme: ProgrammePlan | None
    prevention: list[Prevention]
    next_questions: list[NextQuestion]
    safety_net: list[SafetyNet]
    follow_up: FollowUpPlan | None
    data_quality: list[DataQualityWarning]
    out_of_scope: OutOfScope | None
    disclaimer: str
