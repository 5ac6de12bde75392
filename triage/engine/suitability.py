"""Whether something suits a person: the safety rules of treatments and exercises, compiled once and remembered."""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Literal

from triage.engine.rules import TRUE, UNKNOWN, Facts, Language, Rule
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
    """Reasons of one weight against something."""

    rows: tuple[CompiledReason, ...]

    def holding(self, facts: Facts) -> list[str]:
        """Those that certainly hold, in words."""
        return [reason.because for reason in self.rows if facts.truth(reason.rule) == TRUE]

    def questions(self, facts: Facts) -> int:
        """Bits of what to ask before it is known whether one holds."""
        return reduce(or_, (facts.questions(reason.rule) for reason in self.rows), 0)

    def undecided(self, facts: Facts) -> list[str]:
        """Those that may hold, in words."""
        return [reason.because for reason in self.rows if facts.truth(reason.rule) == UNKNOWN]

    def beyond_questions(self, facts: Facts) -> list[str]:
        """Those that may hold and that no question decides, but a measurement."""
        return [
            reason.because
            for reason in self.rows
            if facts.truth(reason.rule) == UNKNOWN and not facts.questions(reason.rule)
        ]


@dataclass(frozen=True, slots=True)
class CompiledSafety:
    """The safety rules of one treatment or exercise."""

    name: tuple[str, str]
    """What it is, and its id."""
    contraindicated_if: CompiledReasons
    caution_if: CompiledReasons
    bits: int
    """Every finding that the rules mention."""


@dataclass(frozen=True, slots=True)
class Suitability:
    """Whether something suits a person and why not, with the bits of the safety questions still to ask."""

    status: ItemStatus
    because: list[str]
    questions: int = 0
    unsure: tuple[str, ...] = ()
    """Reasons that may hold and that no question decides."""


def compile_reasons(rows: tuple[SafetyReason, ...], language: Language) -> CompiledReasons:
    """Reasons ready to be evaluated."""
    return CompiledReasons(tuple(CompiledReason(language.rule(row.rule), row.because) for row in rows))


def compile_safety(
    name: tuple[str, str],
    contraindicated_if: tuple[SafetyReason, ...],
    caution_if: tuple[SafetyReason, ...],
    language: Language,
) -> CompiledSafety:
    """Safety rules ready to be evaluated."""
    against, careful = compile_reasons(contraindicated_if, language), compile_reasons(caution_if, language)
    atoms = {atom for reason in against.rows + careful.rows for atom in reason.rule.atoms()}
    return CompiledSafety(name, against, careful, language.mask(sorted(atoms)))


def suitability(safety: CompiledSafety, facts: Facts, known: dict[Hashable, Suitability]) -> Suitability:
    """Whether it suits this person. An unasked safety question makes it a caution that names it.

    It depends on the findings in the rules and on age, sex and measurements alone, in which most people agree: so it is
    remembered in `known`.
    """
    key = (safety.name, facts.certain.bits & safety.bits, facts.unknown & safety.bits, facts.circumstances)
    if key not in known:
        if len(known) > REMEMBERED:
            known.clear()
        known[key] = _suitability(safety, facts)
    return known[key]


def _suitability(safety: CompiledSafety, facts: Facts) -> Suitability:
    if certain := safety.contraindicated_if.holding(facts):
        return Suitability("contraindicated", certain)
    because = safety.caution_if.holding(facts)
    both = (safety.contraindicated_if, safety.caution_if)
    questions = both[0].questions(facts) | both[1].questions(facts)
    careful = because or any(reasons.undecided(facts) for reasons in both)
    unsure = tuple(text for reasons in both for text in reasons.beyond_questions(facts))
    return Suitability("caution" if careful else "recommended", because, questions, unsure)
