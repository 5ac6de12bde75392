"""Whether something suits a person: the safety rules of treatments and exercises, compiled once and remembered."""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Literal

from triage.engine.rules import TRUE, UNKNOWN, Facts, Language, Reach, Rule
from triage.engine.safety_reason import SafetyReason

ItemStatus = Literal["recommended", "caution", "contraindicated"]

REMEMBERED = 20_000
"""Pairs of a treatment or exercise and a kind of person that are remembered, at about a kilobyte each."""


@dataclass(frozen=True, slots=True)
class CompiledReason:
    """A reason against something, ready to be evaluated."""

    rule: Rule
    because: str


@dataclass(frozen=True, slots=True)
class CompiledReasons:
    """Reasons of one weight against something.

    Unknown findings of `taken_as_absent` make no reason of these possible: see `compile_reasons`.
    """

    rows: tuple[CompiledReason, ...]
    taken_as_absent: int = 0

    def holding(self, facts: Facts) -> list[str]:
        """Those that certainly hold, in words."""
        return [reason.because for reason in self.rows if facts.truth(reason.rule) == TRUE]

    def questions(self, facts: Facts) -> int:
        """Bits of what to ask before it is known whether one holds."""
        read = self._read(facts)
        return reduce(or_, (read.questions(reason.rule) for reason in self.rows), 0)

    def undecided(self, facts: Facts) -> list[str]:
        """Those that may hold, in words."""
        read = self._read(facts)
        return [reason.because for reason in self.rows if read.truth(reason.rule) == UNKNOWN]

    def beyond_questions(self, facts: Facts) -> list[str]:
        """Those that may hold and that no question decides, but a measurement."""
        read = self._read(facts)
        return [
            reason.because
            for reason in self.rows
            if read.truth(reason.rule) == UNKNOWN and not read.questions(reason.rule)
        ]

    def _read(self, facts: Facts) -> Facts:
        return facts.taking_as_absent(self.taken_as_absent, unmeasured=True) if self.taken_as_absent else facts


@dataclass(frozen=True, slots=True)
class CompiledSafety:
    """The safety rules of one treatment or exercise."""

    name: tuple[str, str]
    """What it is, and its id."""
    contraindicated_if: CompiledReasons
    caution_if: CompiledReasons
    reach: Reach


@dataclass(frozen=True, slots=True)
class Suitability:
    """Whether something suits a person and why not, with the bits of the safety questions still to ask."""

    status: ItemStatus
    because: list[str]
    questions: int = 0
    unsure: tuple[str, ...] = ()
    """Reasons that may hold and that no question decides."""


def compile_reasons(rows: tuple[SafetyReason, ...], language: Language, taken_as_absent: int = 0) -> CompiledReasons:
    """Reasons ready to be evaluated.

    A caution takes as absent what only an examiner, a laboratory or a scanner can tell and has not told: "caution:
    MRI not known" helps nobody. A contraindication takes nothing as absent.
    """
    compiled = [CompiledReason(language.rule(row.rule), row.because) for row in rows]
    mentioned = language.mask(sorted({atom for reason in compiled for atom in reason.rule.atoms()}))
    return CompiledReasons(tuple(compiled), taken_as_absent & mentioned)


def compile_safety(
    name: tuple[str, str],
    contraindicated_if: tuple[SafetyReason, ...],
    caution_if: tuple[SafetyReason, ...],
    language: Language,
    hidden_from_a_patient: int,
) -> CompiledSafety:
    """Safety rules ready to be evaluated."""
    against = compile_reasons(contraindicated_if, language)
    careful = compile_reasons(caution_if, language, hidden_from_a_patient)
    reach = language.reach(reason.rule for reason in against.rows + careful.rows)
    return CompiledSafety(name, against, careful, reach)


def suitability(safety: CompiledSafety, facts: Facts, known: dict[Hashable, Suitability]) -> Suitability:
    """Whether it suits this person. An unasked safety question makes it a caution that names it.

    It depends on what the rules mention alone, in which most people agree: so it is remembered in `known`.
    """
    key = (safety.name, facts.within(safety.reach))
    suits = known.get(key)
    if suits is None:
        if len(known) > REMEMBERED:
            known.clear()
        suits = known[key] = _suitability(safety, facts)
    return suits


def _suitability(safety: CompiledSafety, facts: Facts) -> Suitability:
    if certain := safety.contraindicated_if.holding(facts):
        return Suitability("contraindicated", certain)
    because = safety.caution_if.holding(facts)
    both = (safety.contraindicated_if, safety.caution_if)
    questions = both[0].questions(facts) | both[1].questions(facts)
    careful = because or any(reasons.undecided(facts) for reasons in both)
    unsure = tuple(text for reasons in both for text in reasons.beyond_questions(facts))
    return Suitability("caution" if careful else "recommended", because, questions, unsure)
