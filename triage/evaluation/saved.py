"""A run in a file, small enough to keep, and what changed since: rank of the truth, urgency, first cause."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from triage.evaluation.run import Arm, Result, Run, Stage

COMPARED = (Arm("own", "before"), Arm("own", "after"))


class SavedAnswer(BaseModel):
    """One answer in short."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    rank: int | None
    urgency: str
    first_cause: str | None
    probability: float | None
    """Of the first cause."""
    status: str


class SavedRun(BaseModel):
    """A run in short. `answers` are by setting and stage ("own/before"), then by vignette."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    release: str
    digest: str
    engine_version: str
    answers: dict[str, dict[str, SavedAnswer]]


@dataclass(frozen=True, slots=True)
class Change:
    """What one run says otherwise than another of a vignette; None where only one of them has it."""

    vignette: str
    stage: Stage
    old: SavedAnswer | None
    new: SavedAnswer | None


def to_save(run: Run) -> SavedRun:
    """The run in short."""
    return SavedRun(
        release=run.release,
        digest=run.digest,
        engine_version=run.engine_version,
        answers={_name(arm): {r.vignette.id: _short(r) for r in results} for arm, results in run.results.items()},
    )


def changes(old: SavedRun, new: SavedRun) -> list[Change]:
    """Every vignette whose rank of the truth, urgency or first cause differs, scored in its own setting."""
    return [
        change
        for arm in COMPARED
        for change in _changes(arm.stage, old.answers.get(_name(arm), {}), new.answers.get(_name(arm), {}))
    ]


def _changes(stage: Stage, old: Mapping[str, SavedAnswer], new: Mapping[str, SavedAnswer]) -> Iterator[Change]:
    for key in dict.fromkeys([*new, *old]):
        if _compared(old.get(key)) != _compared(new.get(key)):
            yield Change(key, stage, old.get(key), new.get(key))


def _compared(answer: SavedAnswer | None) -> tuple[int | None, str, str | None] | None:
    return (answer.rank, answer.urgency, answer.first_cause) if answer else None


def _name(arm: Arm) -> str:
    return f"{arm.setting}/{arm.stage}"


def _short(result: Result) -> SavedAnswer:
    first = result.answer.causes[0] if result.answer.causes else None
    return SavedAnswer(
        rank=result.rank,
        urgency=result.answer.urgency,
        first_cause=first.condition if first else None,
        probability=round(first.probability, 6) if first else None,
        status=result.answer.status,
    )
