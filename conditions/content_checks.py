"""What the entries of a content directory must say about each other: a table of small checks, each named for its rule.

A check yields the path of what is wrong, such as ("conditions", 3, "evidence", "fevr"), and a message. No check knows
any medicine: which conditions, findings and treatments there are is content.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import pairwise
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from . import composite_checks, outcome_checks, rules
from .content_schema import Condition, Content, Entry, EvidenceRow, Numbers, Sourced
from .models.choices import LadderStart, Strength, TreatmentKind

Place = tuple[str | int, ...]
Problem = tuple[Place, str]

INVASIVE = (TreatmentKind.INJECTION, TreatmentKind.SURGERY)
LONGEST_SLIP = 3
SECTIONS = (
    "citations",
    "measurements",
    "findings",
    "red_flags",
    "composites",
    "outcome_measures",
    "follow_up_timers",
    "safety_net",
    "prevention",
    "tried_steps",
    "treatments",
    "conditions",
)
RULE_FIELDS = ("rule", "when", "only_for", "complaint", "gate", "unless")


class Statements:
    """The statements and rules of a content of any app, and what they may name.

    `ids` holds the known ids of each kind of entry, `demographic` the findings that follow from age or sex.
    """

    def __init__(
        self,
        content: Entry,
        *,
        ids: Mapping[str, frozenset[str]],
        demographic: frozenset[str],
        red_flag_rules: Mapping[str, rules.Rule],
    ) -> None:
        self.content = content
        self.ids = ids
        self.demographic = demographic
        self.red_flag_rules = red_flag_rules

    @cached_property
    def entries(self) -> list[tuple[Place, Entry]]:
        """Every entry at every depth, with its path."""
        return list(_entries(self.content, ()))

    @cached_property
    def rules(self) -> list[tuple[Place, rules.Rule]]:
        """Every rule with its path."""
        fields = ((path, entry, name) for path, entry in self.entries for name in RULE_FIELDS)
        written = ((path, name, getattr(entry, name, None)) for path, entry, name in fields)
        return [((*path, name), rules.parse(rule)) for path, name, rule in written if rule is not None]


class Catalogue(Statements):
    """A content directory of this app with its ids looked up and its rules read once."""

    content: Content

    def __init__(self, content: Content) -> None:
        super().__init__(
            content,
            ids={
                "citation": _ids(content.citations),
                "measurement": _ids(content.measurements),
                "finding": _ids(content.findings),
                "red flag": _ids(content.red_flags),
                "composite": _ids(content.composites),
                "treatment": _ids(content.treatments),
                "condition": _ids(content.conditions),
            },
            demographic=frozenset(finding.id for finding in content.findings if finding.derived_from_demographics),
            red_flag_rules={red_flag.id: rules.parse(red_flag.rule) for red_flag in content.red_flags},
        )
        self.with_positions = frozenset(treatment.id for treatment in content.treatments if treatment.positions)
        self.kind_of_treatment = {treatment.id: treatment.kind for treatment in content.treatments}


def problems_in(content: Content) -> Iterator[Problem]:
    """Every problem that any of the checks finds."""
    catalogue = Catalogue(content)
    for check in CHECKS:
        yield from check(catalogue)


def ids_are_unique(catalogue: Catalogue) -> Iterator[Problem]:
    for section in SECTIONS:
        yield from repeated((section,), [entry.id for entry in getattr(catalogue.content, section)])
    for path, condition in _conditions(catalogue):
        yield from repeated((*path, "presentations"), [presentation.id for presentation in condition.presentations])
        yield from repeated((*path, "ladder"), [step.treatment for step in condition.ladder])


def ids_are_known(catalogue: Statements) -> Iterator[Problem]:
    for path, kind, name in _references(catalogue):
        if name not in catalogue.ids[kind]:
            yield path, unknown(kind, name, catalogue.ids[kind])


def presentation_evidence_names_a_presentation(catalogue: Catalogue) -> Iterator[Problem]:
    for path, condition in _conditions(catalogue):
        known = _ids(condition.presentations)
        for name in condition.presentation_evidence.keys() - known:
            yield (*path, "presentation_evidence", name), unknown("presentation", name, known)


def statements_have_a_source(catalogue: Statements) -> Iterator[Problem]:
    for path, entry in catalogue.entries:
        if not isinstance(entry, Sourced):
            continue
        if not entry.citations and entry.estimate is None:
            yield path, "neither cited nor marked estimate with its ground"
        elif isinstance(entry, Numbers) and entry.published and not entry.citations:
            yield path, "published, but without a citation"


def probabilities_lie_in_their_range(catalogue: Catalogue) -> Iterator[Problem]:
    for path, condition in _conditions(catalogue):
        tables: list[tuple[Place, Mapping[str, EvidenceRow]]] = [(("evidence",), condition.evidence)]
        tables += [(("presentation_evidence", name), rows) for name, rows in condition.presentation_evidence.items()]
        for below, rows in tables:
            for finding, row in rows.items():
                if not row.range[0] <= row.p <= row.range[1]:
                    yield (
                        (*path, *below, finding),
                        f"p {row.p:g} is outside its range {row.range[0]:g} to {row.range[1]:g}",
                    )


def measurements_have_a_span(catalogue: Catalogue) -> Iterator[Problem]:
    for index, measurement in enumerate(catalogue.content.measurements):
        if measurement.minimum >= measurement.maximum:
            yield ("measurements", index), "minimum must be below maximum"


def rules_leave_age_and_sex_to_their_own_words(catalogue: Statements) -> Iterator[Problem]:
    for path, rule in catalogue.rules:
        for below, atom in rules.atoms(rule):
            if isinstance(atom, rules.Present | rules.Absent) and atom.finding in catalogue.demographic:
                yield (*path, *below), f'"{atom.finding}" follows from age or sex; use age_years or sex'


def rules_can_fire(catalogue: Statements) -> Iterator[Problem]:
    for path, rule in catalogue.rules:
        if not rules.can_fire(rule, catalogue.red_flag_rules):
            yield path, "this rule can never be true"


def implications_have_no_circle(catalogue: Catalogue) -> Iterator[Problem]:
    implied = {finding.id: finding.implies for finding in catalogue.content.findings}
    for index, finding in enumerate(catalogue.content.findings):
        if finding.id in _reachable(finding.id, implied):
            yield ("findings", index, "implies"), f'"{finding.id}" implies itself'


def implied_findings_are_not_contradicted(catalogue: Catalogue) -> Iterator[Problem]:
    implied = {finding.id: finding.implies for finding in catalogue.content.findings}
    for index, finding in enumerate(catalogue.content.findings):
        for name in sorted(set(finding.contradicts) & _reachable(finding.id, implied)):
            yield ("findings", index, "contradicts"), f'"{finding.id}" both implies and contradicts "{name}"'


def exclusive_groups_have_two_members(catalogue: Catalogue) -> Iterator[Problem]:
    sizes = Counter(finding.exclusive_group for finding in catalogue.content.findings)
    for index, finding in enumerate(catalogue.content.findings):
        if finding.exclusive_group and sizes[finding.exclusive_group] < 2:
            yield ("findings", index), f'exclusive group "{finding.exclusive_group}" has one member'


def conditions_can_be_reached(catalogue: Catalogue) -> Iterator[Problem]:
    for path, condition in _conditions(catalogue):
        people = condition.population
        if people.from_age >= people.to_age:
            yield (*path, "population"), "from_age must be below to_age"
        elif not _is_positive_somewhere(condition.prior.curve, people.from_age, people.to_age):
            yield (*path, "prior"), "the prior is zero at every age of the population"


def must_not_miss_has_a_threshold(catalogue: Catalogue) -> Iterator[Problem]:
    for path, condition in _conditions(catalogue):
        if condition.must_not_miss and (condition.threshold is None or condition.threshold_ground is None):
            yield (*path, "must_not_miss"), "must_not_miss needs a threshold and its threshold_ground"


def immediate_measures_are_immediate(catalogue: Catalogue) -> Iterator[Problem]:
    for path, entry in catalogue.entries:
        for index, name in enumerate(getattr(entry, "immediate", ())):
            if catalogue.kind_of_treatment.get(name, TreatmentKind.IMMEDIATE) != TreatmentKind.IMMEDIATE:
                yield (*path, "immediate", index), f'"{name}" is not of kind immediate'


def ladders_start_conservatively(catalogue: Catalogue) -> Iterator[Problem]:
    for path, condition in _conditions(catalogue):
        if not condition.ladder or condition.ladder_note or condition.ladder_start != LadderStart.OPEN:
            continue
        first = condition.ladder[0].treatment
        if catalogue.kind_of_treatment.get(first) in INVASIVE:
            yield (*path, "ladder", 0), f'the ladder starts with "{first}" and no ladder_note says why'


def ladders_climb(catalogue: Catalogue) -> Iterator[Problem]:
    for path, condition in _conditions(catalogue):
        for index, (before, after) in enumerate(pairwise(condition.ladder)):
            if after.rung < before.rung:
                yield (*path, "ladder", index + 1), f"rung {after.rung} comes after rung {before.rung}"


def ladders_are_explained(catalogue: Catalogue) -> Iterator[Problem]:
    for path, condition in _conditions(catalogue):
        needs_note = not condition.ladder or condition.ladder_start != LadderStart.OPEN
        if needs_note and condition.ladder_note is None:
            yield (*path, "ladder_note"), "an empty, supervised or locked ladder needs a ladder_note"


def conflicts_are_told(catalogue: Catalogue) -> Iterator[Problem]:
    message = "conflicting, but positions do not say who says what"
    for index, treatment in enumerate(catalogue.content.treatments):
        if treatment.strength == Strength.CONFLICTING and not treatment.positions:
            yield ("treatments", index, "strength"), message
    for path, condition in _conditions(catalogue):
        for index, step in enumerate(condition.ladder):
            told = step.positions or step.treatment in catalogue.with_positions
            if step.strength == Strength.CONFLICTING and not told:
                yield (*path, "ladder", index, "strength"), message


CHECKS: tuple[Callable[[Catalogue], Iterator[Problem]], ...] = (
    ids_are_unique,
    ids_are_known,
    presentation_evidence_names_a_presentation,
    statements_have_a_source,
    probabilities_lie_in_their_range,
    measurements_have_a_span,
    rules_leave_age_and_sex_to_their_own_words,
    rules_can_fire,
    implications_have_no_circle,
    implied_findings_are_not_contradicted,
    exclusive_groups_have_two_members,
    conditions_can_be_reached,
    must_not_miss_has_a_threshold,
    immediate_measures_are_immediate,
    ladders_start_conservatively,
    ladders_climb,
    ladders_are_explained,
    conflicts_are_told,
    composite_checks.composite_parts_are_named_once,
    composite_checks.missing_parts_are_not_in_the_vocabulary,
    composite_checks.bands_cover_the_scale,
    composite_checks.references_are_other_conditions,
    composite_checks.vocabulary_findings_are_replaced,
    composite_checks.gates_keep_their_evidence,
    composite_checks.scores_count_nothing_twice,
    outcome_checks.outcome_measures_are_measurements,
    outcome_checks.outcome_items_are_named_once,
    outcome_checks.outcome_scales_can_be_scored,
    outcome_checks.outcome_sums_span_the_range,
)


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """The message for an id that does not exist, with the nearest one that does."""
    nearest = process.extractOne(name, sorted(known), scorer=DamerauLevenshtein.distance, score_cutoff=LONGEST_SLIP)
    hint = f'; did you mean "{nearest[0]}"?' if nearest else ""
    return f'unknown {kind} "{name}"{hint}'


def _references(catalogue: Statements) -> Iterator[tuple[Place, str, str]]:
    """Every mention of an id in another entry: where, of which kind, the id."""
    for path, entry in catalogue.entries:
        for field, kind in _REFERENCE_FIELDS.items():
            for below, name in _mentions(getattr(entry, field, ())):
                yield (*path, field, *below), kind, name
    for path, rule in catalogue.rules:
        for below, atom in rules.atoms(rule):
            mention = _mention_of(atom)
            if mention:
                yield (*path, *below), *mention


# The fields of entries, at any depth, that hold ids of other entries: one id, a list of ids, or a table by id.
_REFERENCE_FIELDS = {
    "citations": "citation",
    "implies": "finding",
    "contradicts": "finding",
    "besides": "finding",
    "besides_if_denied": "finding",
    "evidence": "finding",
    "presentation_evidence": "finding",
    "suspected": "condition",
    "immediate": "treatment",
    "treatment": "treatment",
    "exercise": "exercise",
    "avoid": "exercise",
    "modify": "exercise",
    "measures": "measurement",
    "measurement": "measurement",
    "for_conditions": "condition",
    "condition": "condition",
    "reference": "condition",
    "for_treatments": "treatment",
    "new_findings": "finding",
    "replaces": "finding",
    "finding": "finding",
    "instead_of": "composite",
    "red_flag": "red flag",
}


def _mentions(value: Any) -> Iterator[tuple[Place, str]]:
    if isinstance(value, str):
        yield (), value
    elif isinstance(value, tuple):
        yield from (((index,), name) for index, name in enumerate(value) if isinstance(name, str))
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            if isinstance(inner, Mapping):
                yield from (((name, *below), mention) for below, mention in _mentions(inner))
            else:
                yield (name,), name


def _mention_of(atom: rules.Atom) -> tuple[str, str] | None:
    match atom:
        case rules.Present(name) | rules.Absent(name):
            return "finding", name
        case rules.SameAs(name):
            return "red flag", name
        case rules.Bounded(str(name), _):
            return "measurement", name
    return None


def _entries(value: Any, path: Place) -> Iterator[tuple[Place, Entry]]:
    if isinstance(value, Entry):
        yield path, value
        for name in type(value).model_fields:
            yield from _entries(getattr(value, name), (*path, name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _entries(item, (*path, index))
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _entries(item, (*path, name))


def _conditions(catalogue: Catalogue) -> Iterator[tuple[Place, Condition]]:
    for index, condition in enumerate(catalogue.content.conditions):
        yield ("conditions", index), condition


def _ids(entries: Iterable[Any]) -> frozenset[str]:
    return frozenset(entry.id for entry in entries)


def repeated(path: Place, ids: list[str]) -> Iterator[Problem]:
    """A problem for each id that stands in the list at `path` a second time."""
    seen: set[str] = set()
    for index, name in enumerate(ids):
        if name in seen:
            yield (*path, index), f'"{name}" is here twice'
        seen.add(name)


def _reachable(start: str, edges: Mapping[str, Iterable[str]]) -> set[str]:
    """Everything that `start` leads to, over any number of steps."""
    found: set[str] = set()
    waiting = list(edges[start])
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(edges.get(name, ()))
    return found


def _is_positive_somewhere(curve: Mapping[float, float], from_age: float, to_age: float) -> bool:
    """Whether the curve, drawn straight between its points and level beyond them, is above zero from age to age."""
    points = sorted(curve.items())
    first, last = points[0], points[-1]
    level = (first[1] > 0 and from_age < first[0]) or (last[1] > 0 and to_age > last[0])
    sloped = ((a, b) for (a, y), (b, z) in pairwise(points) if y > 0 or z > 0)
    inside = any(value > 0 and from_age <= age <= to_age for age, value in points)
    return level or inside or any(max(a, from_age) < min(b, to_age) for a, b in sloped)
