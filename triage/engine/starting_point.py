"""Where somebody begins a programme: how easily the hip is stirred up, how old the complaint is, and which phase.

Every rule is data of the release. Of the rules for irritability (or stage) that hold, the last level counts. Where a
rule of a later level is not decided, the level of the rule that is `if_unsure` counts instead if it is later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import cast

from triage.engine.compiled_exercises import CompiledProgramme, CompiledStart, CompiledStartingRule
from triage.engine.exercises import LEVELS, Irritability, Stage, Start, StartingRule
from triage.engine.plan import StartingPoint
from triage.engine.rules import TRUE, UNKNOWN, Facts

FIRST_PHASE = 1


@dataclass(frozen=True, slots=True)
class Found:
    """A level, the rule that gave it (None where nothing is known), and bits of what to ask to be sure."""

    rule: StartingRule | None
    sure: bool = True
    questions: int = 0

    @property
    def level(self) -> str | None:
        """The level, None where nothing is known."""
        return self.rule.level if self.rule else None


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where to begin, as the builder of the programme needs it."""

    phase: int
    irritability: Found
    stage: Found
    start: Start | None


def find_beginning(
    programme: CompiledProgramme, rules: Sequence[CompiledStartingRule], last_phase: int, facts: Facts
) -> Beginning:
    """The first phase, unless one of the programme's starts fits; never beyond `last_phase`."""
    irritability, stage = (_find(decides, rules, facts) for decides in LEVELS)
    fitting = (start for start in programme.starts if _fits(start, irritability, stage, facts))
    start = next((start.row for start in fitting if start.row.phase <= last_phase), None)
    return Beginning(start.phase if start else FIRST_PHASE, irritability, stage, start)


def tell_beginning(beginning: Beginning, name: str, unsure: str) -> StartingPoint:
    """The answer's words for it; `name` is that of the phase, `unsure` is told where a level is not certain."""
    found = [found.rule for found in (beginning.irritability, beginning.stage) if found.rule]
    rows: list[StartingRule | Start] = [*found, *([beginning.start] if beginning.start else [])]
    sure = beginning.irritability.sure
    because = [] if sure else [unsure]
    because += [row.because for row in rows if sure or row is not beginning.irritability.rule]
    return {
        "phase": beginning.phase,
        "name": name,
        "irritability": cast(Irritability | None, beginning.irritability.level),
        "stage": cast(Stage | None, beginning.stage.level),
        "one_level_down": is_one_level_down(beginning),
        "because": because,
        "citations": list(dict.fromkeys(key for row in rows for key in row.citations)),
        "estimates": [row.estimate for row in rows if row.estimate],
    }


def is_one_level_down(beginning: Beginning) -> bool:
    """Whether the first phase is done with easier steps."""
    return beginning.irritability.rule is not None and beginning.irritability.rule.one_level_down


def _find(decides: str, rules: Sequence[CompiledStartingRule], facts: Facts) -> Found:
    levels = LEVELS[decides]
    own = sorted((r for r in rules if r.row.decides == decides), key=lambda r: levels.index(r.row.level))
    certain = max((i for i, r in enumerate(own) if facts.truth(r.rule) == TRUE), default=-1)
    open_rules = [r for r in own[certain + 1 :] if facts.truth(r.rule) == UNKNOWN]
    questions = reduce(or_, (facts.questions(r.rule) for r in open_rules), 0)
    assumed = max((i for i, r in enumerate(own) if r.row.if_unsure and open_rules), default=-1)
    if assumed > certain:
        return Found(own[assumed].row, sure=False, questions=questions)
    return Found(own[certain].row if certain >= 0 else None, questions=questions)


def _fits(start: CompiledStart, irritability: Found, stage: Found, facts: Facts) -> bool:
    row = start.row
    return (
        (not row.irritability or irritability.level in row.irritability)
        and (not row.stage or stage.level in row.stage)
        and facts.fit(start.when)
    )
