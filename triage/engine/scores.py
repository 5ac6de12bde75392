"""Published scores, computed from what is known: the lowest and the highest that is possible, never a guess.

Scores have a rule language of their own, over the findings that they mention. It is the one of the safety rules with
one word more: `{absent: finding}`, for a part that scores by its absence. What knows that word cannot be a safety rule,
and no safety rule can know it: the language of the safety rules refuses it. Here the absence of a finding is a finding
of its own, present where the other is absent, so nothing else needs to know.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from triage.engine.case import Case
from triage.engine.knowledge import Composite, CompositeBand, CompositePart
from triage.engine.rules import FALSE, TRUE, UNKNOWN, Facts, Language, Reach, Rule, Truth, ones
from triage.engine.safety_reason import RuleTree

REMEMBERED = 20_000
"""Scores that are remembered."""

ABSENCE_OF = "absent "
"""Before the id of a finding: the id of its absence. No id has a space in it."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The lowest and the highest score that what is not known leaves open."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Score:
    """One score of one person. `band` is where it lies, None while what is open could change that."""

    row: Composite
    bounds: Bounds
    known: bool
    """Whether anything is known of it: some part that the prior does not know already, or the vocabulary finding."""
    band: CompositeBand | None
    settled: CompositeBand | None
    """The band that counts once enough is known and nothing open could change it; what the prior knows is met in it."""

    @property
    def weighed(self) -> CompositeBand | None:
        """The band by which it stands for its parts in the ranking, None where it does not."""
        return self.settled if self.row.weighs else None


@dataclass(frozen=True, slots=True)
class CompiledComposite:
    """A score with its rules ready to be evaluated; None for what always holds, never holds or is never known."""

    row: Composite
    gate: Rule | None
    unless: Rule | None
    parts: tuple[Rule | None, ...]
    vocabulary_finding: Rule | None
    reach: Reach
    """All that its rules depend on."""


class Scores:
    """The scores of one release."""

    def __init__(self, rows: tuple[Composite, ...], findings: Iterable[str]) -> None:
        keys = [word + key for word in ("", ABSENCE_OF) for key in findings]
        self._language = Language({key: bit for bit, key in enumerate(keys)}, {})
        self._composites = tuple(self._compile(row) for row in rows)
        self._mentioned = frozenset(
            keys[bit].removeprefix(ABSENCE_OF)
            for composite in self._composites
            for bit in ones(composite.reach.findings)
        )
        self._known: dict[Hashable, tuple[Score, ...]] = {}
        """Scores by all that they depend on; none where one does not apply."""

    def _compile(self, row: Composite) -> CompiledComposite:
        def rule(tree: RuleTree | None) -> Rule | None:
            return None if tree is None else self._language.rule(_plain(tree))

        parts = tuple(rule(part.rule) for part in row.parts)
        gate, unless, vocabulary_finding = rule(row.gate), rule(row.unless), rule(row.vocabulary_finding)
        rules = [rule for rule in (gate, unless, *parts, vocabulary_finding) if rule is not None]
        return CompiledComposite(row, gate, unless, parts, vocabulary_finding, self._language.reach(rules))

    def of(self, case: Case, states: Mapping[str, Truth]) -> list[Score]:
        """The scores that apply to a person of whom something is known that counts, in the order of the release."""
        facts = self._facts(case, states)
        scores = [score for composite in self._composites for score in self._of(composite, facts)]
        outdone = {key for score in scores if score.settled for key in score.row.instead_of}
        return [score for score in scores if score.known and score.row.key not in outdone]

    def _of(self, composite: CompiledComposite, facts: Facts) -> tuple[Score, ...]:
        """The score, if it applies: the same for all people who agree in what it mentions, so it is remembered."""
        key = (composite.row.key, facts.within(composite.reach))
        known = self._known.get(key)
        if known is None:
            known = (_score(composite, facts),) if _applies(composite, facts) else ()
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[key] = known
        return known

    def _facts(self, case: Case, states: Mapping[str, Truth]) -> Facts:
        known = {key: truth for key, truth in states.items() if key in self._mentioned}
        known |= {ABSENCE_OF + key: -truth for key, truth in known.items()}
        return Facts.of(
            self._language, age_years=case.age_years, sex=case.sex, states=known, measurements=case.measurements
        )


def _applies(composite: CompiledComposite, facts: Facts) -> bool:
    return facts.fit(composite.gate) and (composite.unless is None or facts.truth(composite.unless) != TRUE)


def _score(composite: CompiledComposite, facts: Facts) -> Score:
    row = composite.row
    truths = [_truth(part, rule, facts) for part, rule in zip(row.parts, composite.parts, strict=True)]
    told = UNKNOWN if composite.vocabulary_finding is None else facts.truth(composite.vocabulary_finding)
    bounds = _bounds(row, truths, told)
    beside_prior = [TRUE if part.in_prior else truth for part, truth in zip(row.parts, truths, strict=True)]
    known = {part.key for part, truth in zip(row.parts, truths, strict=True) if truth != UNKNOWN}
    enough = told != UNKNOWN or (known.issuperset(row.known_parts) and len(known) >= row.known_at_least)
    return Score(
        row,
        bounds,
        known=told != UNKNOWN or bool(known - {part.key for part in row.parts if part.in_prior}),
        band=_band(row, bounds),
        settled=_band(row, _bounds(row, beside_prior, told)) if enough else None,
    )


def _truth(part: CompositePart, rule: Rule | None, facts: Facts) -> Truth:
    truth = UNKNOWN if rule is None else facts.truth(rule)
    return UNKNOWN if part.present_only and truth == FALSE else truth


def _bounds(row: Composite, truths: list[Truth], told: Truth) -> Bounds:
    """The sum of the points, with what is open at its worst and at its best.

    Points that are taken away for something which nobody is asked are the clinician's own judgement and left out.
    """
    low = high = 0
    for part, truth in zip(row.parts, truths, strict=True):
        if truth == TRUE:
            low, high = low + part.points, high + part.points
        elif truth == UNKNOWN and part.points > 0:
            high += part.points
        elif truth == UNKNOWN and part.rule is not None:
            low += part.points
    if told == TRUE:
        low = max(low, row.vocabulary_score)
        high = max(low, high)
    elif told == FALSE:
        high = min(high, row.vocabulary_score - 1)
        low = min(low, high)
    return Bounds(low, high)


def _band(row: Composite, bounds: Bounds) -> CompositeBand | None:
    lowest, highest = (max(b.at_least for b in row.bands if b.at_least <= n) for n in (bounds.low, bounds.high))
    return next(band for band in row.bands if band.at_least == lowest) if lowest == highest else None


def _plain(tree: Any) -> Any:
    """The rule with the absence of a finding as a finding."""
    if isinstance(tree, Mapping):
        return ABSENCE_OF + tree["absent"] if "absent" in tree else {word: _plain(body) for word, body in tree.items()}
    return [_plain(part) for part in tree] if isinstance(tree, list | tuple) else tree
