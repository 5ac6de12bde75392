"""The rule language of red flags, contraindications and cautions: a small tree, read as true, false or unknown.

A rule is a finding id (the finding is present) or a mapping with one key: `all`, `any`, `at_least`, `age_years`, `sex`,
`measurement` or `rule` (another red flag's rule, by its id). There is no negation, so a present finding can only make a
rule true. The parts of a composite score alone, which no safety rule reads, know one more word: `absent`, for what
scores by its absence. This module knows the shape of rules and whether one can ever be true; the answer for a person is
the engine's matter.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]
OLDEST_AGE_YEARS = 121.0

_BOUNDS: dict[str, Callable[[float, float], bool]] = {
    "from": lambda value, bound: value >= bound,
    "at_least": lambda value, bound: value >= bound,
    "above": lambda value, bound: value > bound,
    "at_most": lambda value, bound: value <= bound,
    "below": lambda value, bound: value < bound,
}
_AGE_BOUNDS = ("from", "below")
_MEASUREMENT_BOUNDS = ("at_least", "above", "at_most", "below")


class RuleError(ValueError):
    """A rule that is not in the language; `path` leads to the part that is wrong."""

    def __init__(self, message: str, path: Path) -> None:
        super().__init__(message)
        self.path = path


@dataclass(frozen=True)
class Present:
    """The finding is present."""

    finding: str


@dataclass(frozen=True)
class Absent:
    """The finding is known to be absent: only in the parts of a composite score."""

    finding: str


@dataclass(frozen=True)
class AtLeast:
    """At least `count` of the parts are true; `word` is how the rule was written: all, any or at_least."""

    word: str
    count: int
    parts: tuple["Rule", ...]


@dataclass(frozen=True)
class Bounded:
    """A number within all its bounds: the age in years (`measurement` is None) or a measurement in its own unit."""

    measurement: str | None
    bounds: tuple[tuple[str, float], ...]

    def holds_for(self, value: float) -> bool:
        return all(_BOUNDS[name](value, bound) for name, bound in self.bounds)


@dataclass(frozen=True)
class SexIs:
    """The sex for clinical use is this one."""

    sex: str


@dataclass(frozen=True)
class SameAs:
    """Another red flag's rule."""

    red_flag: str


Rule = Present | Absent | AtLeast | Bounded | SexIs | SameAs
Atom = Present | Absent | Bounded | SexIs | SameAs


@dataclass(frozen=True)
class Person:
    """Somebody with every finding present: the most that any rule can ask for."""

    age_years: float
    sex: str
    measurements: Mapping[str, float]


def parse(document: Any, path: Path = ()) -> Rule:
    """The rule in `document`, plain data as YAML or JSON gives it.

    Raises RuleError, whose path leads to the part that is not in the language.
    """
    if isinstance(document, str):
        return Present(document)
    if not isinstance(document, Mapping) or len(document) != 1:
        raise RuleError("a rule is a finding id or a mapping with one key", path)
    word, content = next(iter(document.items()))
    reader = _READERS.get(word)
    if reader is None:
        raise RuleError(f'unknown rule "{word}"; the rules are {", ".join(_READERS)}', path)
    return reader(word, content, (*path, word))


def made_true_by(document: Any, present: Set[str]) -> bool:
    """Whether these findings alone make the rule true for somebody for whom it is not true without them.

    Somebody is of any age, sex and measurements.
    """
    rule = parse(document)
    return any(_holds(rule, present, fits) and not _holds(rule, frozenset(), fits) for fits in (True, False))


def _holds(rule: Rule, present: Set[str], fits: bool) -> bool:
    """Whether the rule holds with every age, sex and measurement in it fitting the person, or none."""
    match rule:
        case Present(finding):
            return finding in present
        case AtLeast(_, count, parts):
            return sum(_holds(part, present, fits) for part in parts) >= count
        case Absent() | SameAs():
            return False
        case _:
            return fits


def canonical(document: Any) -> Any:
    """The same rule with the keys of every part in their one order. Raises RuleError, also for `absent`."""
    rule = parse(document)
    for path, atom in atoms(rule):
        if isinstance(atom, Absent):
            raise RuleError("absence counts only in the parts of a composite score", (*path, "absent"))
    return to_document(rule)


def canonical_part(document: Any) -> Any:
    """The same for a part of a composite score, which may count the absence of a finding."""
    return to_document(parse(document))


def to_document(rule: Rule) -> Any:
    """Plain data that `parse` reads back to an equal rule."""
    match rule:
        case Present(finding) | Absent(finding):
            return finding if isinstance(rule, Present) else {"absent": finding}
        case AtLeast(word, count, parts):
            documents = [to_document(part) for part in parts]
            return {word: {"count": count, "of": documents} if word == "at_least" else documents}
        case Bounded(None, bounds):
            return {"age_years": dict(bounds)}
        case Bounded(measurement, bounds):
            return {"measurement": {"id": measurement, **dict(bounds)}}
        case SexIs(sex):
            return {"sex": sex}
        case SameAs(red_flag):
            return {"rule": red_flag}


def atoms(rule: Rule, path: Path = ()) -> Iterator[tuple[Path, Atom]]:
    """Every leaf of the rule with the path to it in the rule's document."""
    if not isinstance(rule, AtLeast):
        yield path, rule
        return
    below = (*path, "at_least", "of") if rule.word == "at_least" else (*path, rule.word)
    for index, part in enumerate(rule.parts):
        yield from atoms(part, (*below, index))


def findings_in(document: Any) -> list[str]:
    """The ids of the findings that the rule in `document` names, each once, in the order of first mention."""
    found = (atom.finding for _, atom in atoms(parse(document)) if isinstance(atom, Present | Absent))
    return list(dict.fromkeys(found))


def can_fire(rule: Rule, red_flags: Mapping[str, Rule]) -> bool:
    """Whether anybody at all could make the rule true: all findings present, every age, sex and measurement tried.

    `red_flags` holds the rules that `rule:` refers to; one that is missing or that leads back to itself cannot fire.
    """
    leaves = list(_leaves(rule, red_flags, frozenset()))
    ages = _worth_trying([leaf for leaf in leaves if leaf.measurement is None])
    measurements = sorted({leaf.measurement for leaf in leaves if leaf.measurement is not None})
    values = [_worth_trying([leaf for leaf in leaves if leaf.measurement == name]) for name in measurements]
    people = (
        Person(age, sex, dict(zip(measurements, chosen, strict=True)))
        for age in ages
        for sex in ("female", "male")
        for chosen in itertools.product(*values)
        if 0 <= age < OLDEST_AGE_YEARS
    )
    return any(_is_true(rule, person, red_flags, frozenset()) for person in people)


def _is_true(rule: Rule, person: Person, red_flags: Mapping[str, Rule], seen: frozenset[str]) -> bool:
    match rule:
        case Present() | Absent():
            return True
        case SexIs(sex):
            return person.sex == sex
        case Bounded(measurement, _):
            return rule.holds_for(person.measurements[measurement] if measurement else person.age_years)
        case AtLeast(_, count, parts):
            return sum(_is_true(part, person, red_flags, seen) for part in parts) >= count
        case SameAs(name) if name in red_flags and name not in seen:
            return _is_true(red_flags[name], person, red_flags, seen | {name})
    return False


def _leaves(rule: Rule, red_flags: Mapping[str, Rule], seen: frozenset[str]) -> Iterator[Bounded]:
    for _, atom in atoms(rule):
        if isinstance(atom, Bounded):
            yield atom
        elif isinstance(atom, SameAs) and atom.red_flag in red_flags and atom.red_flag not in seen:
            yield from _leaves(red_flags[atom.red_flag], red_flags, seen | {atom.red_flag})


def _worth_trying(leaves: Sequence[Bounded]) -> list[float]:
    """Every bound, a point in each gap between two neighbours, and one beyond either end."""
    bounds = sorted({0.0} | {bound for leaf in leaves for _, bound in leaf.bounds})
    between = [(low + high) / 2 for low, high in itertools.pairwise(bounds)]
    return [bounds[0] - 1, *bounds, *between, bounds[-1] + 1]


def _read_parts(word: str, content: Any, path: Path) -> Rule:
    parts = _parse_list(content, path)
    return AtLeast(word, len(parts) if word == "all" else 1, parts)


def _read_at_least(word: str, content: Any, path: Path) -> Rule:
    if not isinstance(content, Mapping) or set(content) != {"count", "of"}:
        raise RuleError("at_least takes count and of", path)
    parts = _parse_list(content["of"], (*path, "of"))
    count = content["count"]
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= len(parts):
        raise RuleError(f"count must be a whole number from 1 to {len(parts)}", (*path, "count"))
    return AtLeast(word, count, parts)


def _read_age(word: str, content: Any, path: Path) -> Rule:
    return Bounded(None, _read_bounds(content, _AGE_BOUNDS, path))


def _read_measurement(word: str, content: Any, path: Path) -> Rule:
    if not isinstance(content, Mapping) or not isinstance(content.get("id"), str):
        raise RuleError("measurement takes an id and its bounds", path)
    bounds = {name: bound for name, bound in content.items() if name != "id"}
    return Bounded(content["id"], _read_bounds(bounds, _MEASUREMENT_BOUNDS, path))


def _read_sex(word: str, content: Any, path: Path) -> Rule:
    if content not in ("female", "male"):
        raise RuleError("sex is female or male", path)
    return SexIs(content)


def _read_absent(word: str, content: Any, path: Path) -> Rule:
    if not isinstance(content, str):
        raise RuleError("absent takes the id of a finding", path)
    return Absent(content)


def _read_reference(word: str, content: Any, path: Path) -> Rule:
    if not isinstance(content, str):
        raise RuleError("rule takes the id of a red flag", path)
    return SameAs(content)


def _parse_list(content: Any, path: Path) -> tuple[Rule, ...]:
    if not isinstance(content, Sequence) or isinstance(content, str) or not content:
        raise RuleError("a list of rules is needed here", path)
    return tuple(parse(part, (*path, index)) for index, part in enumerate(content))


def _read_bounds(content: Any, names: Sequence[str], path: Path) -> tuple[tuple[str, float], ...]:
    if not isinstance(content, Mapping) or not content or not set(content) <= set(names):
        raise RuleError(f"at least one bound is needed, of {', '.join(names)}", path)
    for name, bound in content.items():
        if not isinstance(bound, int | float) or isinstance(bound, bool):
            raise RuleError(f"{name} must be a number", (*path, name))
    return tuple((name, content[name]) for name in names if name in content)


_READERS: dict[str, Callable[[str, Any, Path], Rule]] = {
    "all": _read_parts,
    "any": _read_parts,
    "at_least": _read_at_least,
    "age_years": _read_age,
    "sex": _read_sex,
    "measurement": _read_measurement,
    "rule": _read_reference,
    "absent": _read_absent,
}
