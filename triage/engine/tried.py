"""Where a ladder begins for somebody who has tried some of it: which treatments failed, and when each rung starts.

What a finding says to have failed is data (`TriedStep`), and so is what a rung waits for (`RungStart`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from triage.engine.assessment import RungBegins
from triage.engine.compiled import CompiledKnowledge
from triage.engine.knowledge import RungStart, TriedStep
from triage.engine.rules import Facts


@dataclass(frozen=True, slots=True)
class Tried:
    """The steps that the person has tried for their time without enough help."""

    steps: tuple[TriedStep, ...]

    def furthest(self, starts: Iterable[RungStart]) -> TriedStep | None:
        """The highest step that moves the person on: on a rung that others wait for, or above all of these."""
        waited_for = {rung for start in starts for rung in start.after}
        moving = [step for step in self.steps if step.rung in waited_for or step.rung > max(waited_for, default=0)]
        return max(moving, key=lambda step: step.rung, default=None)

    def because(self, treatment: str, rung: int) -> list[str]:
        """In words why this treatment, on this rung, is taken to have failed."""
        if not self.steps:
            return []
        of_rung = (step for step in self.steps if step.rung == rung)
        return [step.because for step in of_rung if not step.for_treatments or treatment in step.for_treatments]


@dataclass(frozen=True, slots=True)
class Begins:
    """When a rung starts, and why in words."""

    start: RungBegins
    because: list[str]


def read_tried(facts: Facts, knowledge: CompiledKnowledge) -> Tried:
    """What the findings that are present say to have failed."""
    rows = knowledge.knowledge.tried_steps
    return Tried(tuple(row for row in rows if facts.certain.bits >> knowledge.language.bit[row.finding] & 1))


def find_starts(
    rungs: Mapping[int, Sequence[str]], tried: Tried, *, supervised: bool, knowledge: CompiledKnowledge
) -> dict[int, Begins]:
    """When each rung of a ladder starts; `rungs` are the treatments on each."""
    policy = knowledge.knowledge.policy
    rows = {row.rung: row for row in policy.ladder_starts}
    words: Mapping[str, str] = policy.texts["ladder"]["start_because"]
    furthest = tried.furthest(policy.ladder_starts)
    starts: dict[int, Begins] = {}
    for rung, treatments in rungs.items():
        failed = [tried.because(key, rung) for key in treatments] if tried.steps else []
        if failed and all(failed):
            starts[rung] = Begins("done", list(dict.fromkeys(text for texts in failed for text in texts)))
        elif supervised:
            starts[rung] = Begins("after_review", [words["after_review"]])
        else:
            starts[rung] = _begins(rows[rung], rungs, furthest, words)
    return starts


def _begins(
    row: RungStart, rungs: Mapping[int, Sequence[str]], furthest: TriedStep | None, words: Mapping[str, str]
) -> Begins:
    waits_for = next((rung for rung in row.after if rung in rungs), None)
    if waits_for is None and not row.after:
        return Begins(row.then, [words["first"]])
    if waits_for is None or furthest is None or furthest.rung < waits_for:
        return Begins("if_not_better", [words["if_not_better"]])
    return Begins(row.then, [furthest.because, words[row.then]])
