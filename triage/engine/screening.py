"""The red-flag screen: which safety rules hold for a person, and what must be asked before the others are settled.

Most rules mention nothing that was told of a person. What those say depends on age, sex and measurements alone and is
remembered for all people who agree in these; only the others are looked at, each remembered for all people who agree in
what it mentions. Nothing that is remembered is of a person, and nothing is ever answered differently for it.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from triage.engine.assessment import OpenScreenQuestion, RedFlagScreen
from triage.engine.compiled_rows import CompiledRedFlag
from triage.engine.knowledge import LEVELS, Finding
from triage.engine.rules import Facts, ones
from triage.engine.tables import Floats

SCREENED_FROM = LEVELS.index("same_day")
"""Rules of this urgency and above must be answered before anybody is left to self-care."""

REMEMBERED = 20_000
"""Entries of each kind that are remembered, at well below a kilobyte each."""

Remembered = TypeVar("Remembered")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one safety rule says of a person: that it holds, or the places of the findings that it waits for."""

    fires: bool
    waits_for: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Screen:
    """The safety rules read against one case; sets of rules are bits, by their places in the release."""

    fired: list[CompiledRedFlag]
    waiting: Mapping[int, int]
    """Place of a finding to the rules that wait for its answer."""
    open_bits: int
    """The same findings as bits."""


@dataclass(frozen=True, slots=True)
class _Untold:
    """What the rules say of somebody of whom no finding is told."""

    fires: int
    waiting: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class _Question:
    """An open question with the rules that wait for it: how dangerous these are, and what they suspect."""

    finding: Finding
    safety: int
    """The lower the more dangerous."""
    suspected: tuple[int, ...]
    rules: tuple[str, ...]


class Screening:
    """The safety rules of one release."""

    def __init__(self, flags: Sequence[CompiledRedFlag], findings: Sequence[Finding], hidden: int) -> None:
        self._flags = flags
        self._findings = findings
        self._hidden = hidden
        """Bits of what only an examiner, a laboratory or a scanner can tell."""
        self._all = (1 << len(findings)) - 1
        self._mentioning = [0] * len(findings)
        """The rules that mention each finding."""
        for place, flag in enumerate(flags):
            for finding in ones(flag.reach.findings):
                self._mentioning[finding] |= 1 << place
        self._untold: dict[Hashable, _Untold] = {}
        self._verdicts: dict[Hashable, Verdict] = {}
        self._questions: dict[Hashable, _Question] = {}

    def of(self, facts: Facts) -> Screen:
        """Evaluate every safety rule; an undecided serious one holds the screen open while more could be answered."""
        # For the screen, what only an examiner or a laboratory could add counts as absent: a person cannot answer it.
        askable = facts.taking_as_absent(self._hidden)
        touched = 0
        for finding in ones(self._all & ~facts.unknown):
            touched |= self._mentioning[finding]
        untold = self._of_untold(facts)
        fires = untold.fires & ~touched
        waiting = {finding: left for finding, flags in untold.waiting.items() if (left := flags & ~touched)}
        fires |= self._add(touched, facts, askable, waiting)
        open_bits = 0
        for finding in waiting:
            open_bits |= 1 << finding
        return Screen([self._flags[place] for place in ones(fires)], waiting, open_bits)

    def tell(self, screened: Screen, cause: Floats) -> RedFlagScreen:
        """The open questions, most dangerous plausible cause first."""
        probability: list[float] = cause.tolist()
        questions = [self._question(finding, flags) for finding, flags in screened.waiting.items()]
        by_danger = [
            (question.safety, -sum(map(probability.__getitem__, question.suspected)), question.finding.key, question)
            for question in questions
        ]
        by_danger.sort()
        unanswered: list[OpenScreenQuestion] = [
            {"finding": key, "question": question.finding.question, "rules": [*question.rules]}
            for _, _, key, question in by_danger
        ]
        return {"complete": not unanswered, "unanswered": unanswered}

    def _add(self, flags: int, facts: Facts, askable: Facts, waiting: dict[int, int]) -> int:
        """Those of some rules that hold; the findings that the others wait for are added to `waiting`."""
        fires = 0
        certain, unknown, circumstances = facts.certain.bits, facts.unknown, facts.circumstances
        for place in ones(flags):
            reach = self._flags[place].reach
            # `facts.within(reach)`, written out on the hottest path.
            key = (place, certain & reach.findings, unknown & reach.findings, circumstances & reach.circumstances)
            verdict = self._verdicts.get(key)
            if verdict is None:
                verdict = _remember(self._verdicts, key, _judge(self._flags[place], facts, askable))
            if verdict.fires:
                fires |= 1 << place
            for finding in verdict.waits_for:
                waiting[finding] = waiting.get(finding, 0) | 1 << place
        return fires

    def _of_untold(self, facts: Facts) -> _Untold:
        untold = self._untold.get(facts.circumstances)
        if untold is None:
            nobody = facts.forgetting(self._all)
            waiting: dict[int, int] = {}
            everything = (1 << len(self._flags)) - 1
            fires = self._add(everything, nobody, nobody.taking_as_absent(self._hidden), waiting)
            untold = _remember(self._untold, facts.circumstances, _Untold(fires, waiting))
        return untold

    def _question(self, finding: int, flags: int) -> _Question:
        key = (finding, flags)
        return self._questions.get(key) or _remember(self._questions, key, self._describe(finding, flags))

    def _describe(self, finding: int, flags: int) -> _Question:
        waiting = [self._flags[place] for place in ones(flags)]
        return _Question(
            self._findings[finding],
            -max(flag.rank for flag in waiting),
            tuple({index for flag in waiting for index in flag.suspected}),
            tuple(flag.row.key for flag in waiting),
        )


def _judge(flag: CompiledRedFlag, facts: Facts, askable: Facts) -> Verdict:
    if flag.rule.holds(facts.certain):
        return Verdict(fires=True)
    serious = flag.rank >= SCREENED_FROM
    waits_for = flag.rule.questions(askable) if serious and flag.rule.holds(askable.possible) else 0
    return Verdict(fires=False, waits_for=tuple(ones(waits_for)))


def _remember(known: dict[Hashable, Remembered], key: Hashable, value: Remembered) -> Remembered:
    if len(known) >= REMEMBERED:
        known.clear()
    known[key] = value
    return value
