"""Vignettes run through the engine: every answer with its causes ranked to the last, and a name for each way to run."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple, get_args

from triage.engine import Case, CompiledKnowledge, Options, assess
from triage.engine.assessment import Assessment, Cause, WeighedFinding
from triage.engine.case import Setting
from triage.engine.knowledge import Level
from triage.evaluation.vignettes import Vignette

SETTINGS: tuple[Setting, ...] = ("primary_care", "specialist")
STAGES: tuple["Stage", ...] = ("before", "after")
SMALLEST_PROBABILITY = 1e-300
"""Above the zero of a cause that age or sex rules out, below every other."""

Stage = Literal["before", "after"]
"""Before imaging or after it."""


ScoredIn = Literal["own", "primary_care", "specialist"]
"""The setting of all cases; `own` is for each that of its source."""


class Arm(NamedTuple):
    """One way to run all vignettes."""

    setting: ScoredIn
    stage: Stage


ARMS = tuple(Arm(setting, stage) for setting in get_args(ScoredIn) for stage in STAGES)

Cases = Mapping[tuple[Setting, Stage], Case]
"""One vignette's case in every setting, before and after imaging."""


@dataclass(frozen=True, slots=True)
class RankedCause:
    """One cause of an answer; `listed` if an answer of ordinary length names it."""

    condition: str
    name: str
    probability: float
    listed: bool = True
    supporting: Sequence[WeighedFinding] = ()
    opposing: Sequence[WeighedFinding] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What is scored of an answer. `causes` are all that age and sex allow, most probable first."""

    status: str
    urgency: Level
    decided_by: tuple[tuple[str, str], ...]
    """(kind, id) of everything that led to the urgency."""
    causes: tuple[RankedCause, ...]
    seconds: float = field(default=0.0, compare=False)
    """What an answer of ordinary length took."""

    @property
    def waits_for_screen(self) -> bool:
        """Whether nothing but open red-flag questions keeps it from self-care."""
        return bool(self.decided_by) and all(kind == "screen" for kind, _ in self.decided_by)


@dataclass(frozen=True, slots=True)
class Result:
    """A vignette and its answer."""

    vignette: Vignette
    answer: Answer

    @property
    def has_truth(self) -> bool:
        """Whether the catalogue has any cause that would be right."""
        return bool(self.vignette.gold.conditions)

    @property
    def rank(self) -> int | None:
        """Where the first accepted cause ranks, from 1; None when age or sex rules all of them out."""
        accepted = self.vignette.gold.conditions
        places = (place for place, cause in enumerate(self.answer.causes, start=1) if cause.condition in accepted)
        return next(places, None)


@dataclass(frozen=True, slots=True)
class Run:
    """Every answer to a set of vignettes by one release."""

    release: str
    digest: str
    engine_version: str
    results: Mapping[Arm, Sequence[Result]]


def run(
    vignettes: Sequence[tuple[Vignette, Cases]],
    knowledge: CompiledKnowledge,
    engine_version: str,
    arms: Sequence[Arm] = ARMS,
) -> Run:
    """Answer every case in every arm. The cases must be those of the arms, their ids known to the release."""
    everything = _listing_everything(knowledge)
    answered = [
        (vignette, {key: _answer(case, knowledge, everything) for key, case in cases.items()})
        for vignette, cases in vignettes
    ]
    return Run(
        knowledge.knowledge.version,
        knowledge.knowledge.digest,
        engine_version,
        {arm: list(_results(arm, answered)) for arm in arms},
    )


def _results(arm: Arm, answered: Sequence[tuple[Vignette, Mapping[tuple[Setting, Stage], Answer]]]) -> Iterator[Result]:
    for vignette, answers in answered:
        setting = vignette.own_setting if arm.setting == "own" else arm.setting
        yield Result(vignette, answers[setting, arm.stage])


def _listing_everything(knowledge: CompiledKnowledge) -> CompiledKnowledge:
    """The same release with every possible cause worth listing: truths that are missed have a rank too."""
    policy = replace(knowledge.knowledge.policy, listed_minimum=SMALLEST_PROBABILITY)
    return replace(knowledge, knowledge=replace(knowledge.knowledge, policy=policy))


def _answer(case: Case, knowledge: CompiledKnowledge, everything: CompiledKnowledge) -> Answer:
    started = time.perf_counter()
    usual = assess(case, knowledge)
    seconds = time.perf_counter() - started
    full = assess(case, everything, Options(max_causes=len(knowledge.conditions)))
    return _scored(full, {cause["condition"] for cause in usual["causes"]}, seconds)


def _scored(answer: Assessment, listed: set[str], seconds: float) -> Answer:
    return Answer(
        status=answer["status"],
        urgency=answer["urgency"]["level"],
        decided_by=tuple((decider["kind"], decider["id"]) for decider in answer["urgency"]["decided_by"]),
        causes=tuple(_cause(cause, cause["condition"] in listed) for cause in answer["causes"]),
        seconds=seconds,
    )


def _cause(cause: Cause, listed: bool) -> RankedCause:
    return RankedCause(
        condition=cause["condition"],
        name=cause["name"],
        probability=cause["probability"],
        listed=listed,
        supporting=cause["evidence"]["supporting"],
        opposing=cause["evidence"]["opposing"],
    )
