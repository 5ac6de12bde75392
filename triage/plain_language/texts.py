"""Which texts a patient reads, as data, and reading them from the content files.

What clinicians read is not here: names and descriptions of conditions, workup, instructions of examinations, grades of
evidence, scores, grounds.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]

# From here on an action speaks to the professional who sees the person.
FOR_PROFESSIONALS = ("Hospital:", "Clinician:")


@dataclass(frozen=True, slots=True)
class Source:
    """Texts of one kind: in `file` (a glob) at `path`, for the entries whose field is as `where` says.

    In a path `[]` stands for every item of a list and `*` for every value of a mapping. The entries are the items of
    the file, or the file itself if it is one entry.
    """

    group: str
    file: str
    path: str
    where: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Text:
    group: str
    file: str
    place: str
    words: str


_CONDITION = "conditions/content/conditions/*.yaml"
_RULES = ("contraindicated_if[].because", "caution_if[].because")
_RELEASE = "conditions/content/release.yaml"


def _sources(group: str, file: str, *paths: str, where: tuple[str, str] | None = None) -> tuple[Source, ...]:
    return tuple(Source(group, file, path, where) for path in paths)


_PATIENT = ("who", "patient")
SOURCES = (
    *_sources("questions", "conditions/content/findings.csv", "[].question", "[].help", where=_PATIENT),
    *_sources("questions", "conditions/content/measurements.yaml", "[].question", where=_PATIENT),
    *_sources("conditions", _CONDITION, "plain_name", "plain_description"),
    *_sources("red flags", "conditions/content/red_flags.yaml", "[].title", "[].action"),
    *_sources("treatments", "conditions/content/treatments.yaml", "[].name", "[].how"),
    *_sources("ladders", _CONDITION, "ladder[].how", "ladder[].move_on_if"),
    # Elsewhere the note is for clinicians; of these ladders it is the reason that is shown.
    *_sources("ladders", _CONDITION, "ladder_note", where=("ladder_start", "supervised")),
    *_sources("ladders", "conditions/content/tried_steps.yaml", "[].because"),
    *_sources("prevention", "conditions/content/prevention.yaml", "[].name", "[].text", "[].because"),
    *_sources("safety nets", _CONDITION, "safety_net[].watch_for", "safety_net[].then"),
    *_sources("safety nets", "conditions/content/safety_net.yaml", "[].watch_for", "[].then"),
    *_sources("follow-ups", _CONDITION, "follow_up.escalate_if"),
    *_sources("follow-ups", "conditions/content/follow_up_timers.yaml", "[].name", "[].action"),
    *_sources("outcomes", "conditions/content/outcome_measures.yaml", "[].scales[].name", "[].scales[].items[].name"),
    *_sources("scope", "conditions/content/scope.yaml", "outside_message", "outside_action", "nothing_present"),
    *_sources("scope", "conditions/content/scope.yaml", "elsewhere[].reason", "elsewhere[].action"),
    *_sources("reasons", "conditions/content/treatments.yaml", *(f"[].{rule}" for rule in _RULES)),
    *_sources("reasons", "exercises/content/exercises.yaml", *(f"[].{rule}" for rule in _RULES)),
    *_sources("reasons", "exercises/content/general_rules.yaml", "[].because"),
    *_sources("reasons", "exercises/content/starting_rules.yaml", "[].because"),
    *_sources("exercises", "exercises/content/exercises.yaml", "[].name", "[].position", "[].steps[]"),
    *_sources("exercises", "exercises/content/exercises.yaml", "[].breathing", "[].effort"),
    *_sources("exercises", "exercises/content/exercises.yaml", "[].progression.how", "[].regression.how"),
    *_sources("exercises", "exercises/content/exercises.yaml", "[].dose.tempo", "[].dose.note"),
    *_sources("drawings", "exercises/content/drawings.yaml", "[].alt"),
    *_sources("programmes", "exercises/content/programmes.yaml", "[].name", "[].purpose", "[].note"),
    *_sources("programmes", "exercises/content/programmes.yaml", "[].phases[].name", "[].phases[].frequency"),
    *_sources("programmes", "exercises/content/programmes.yaml", "[].phases[].criteria_to_progress"),
    *_sources("programmes", "exercises/content/programmes.yaml", "[].phases[].notes"),
    *_sources("programmes", "exercises/content/programmes.yaml", "[].phases[].exercises[].dose"),
    *_sources("programmes", "exercises/content/programmes.yaml", "[].stop_rules[].text", "[].precautions[].text"),
    *_sources("programmes", "exercises/content/programmes.yaml", "[].starts[].because", "[].limits[].because"),
    *_sources("programmes", "exercises/content/precautions.yaml", "[].text"),
    *_sources("policy", _RELEASE, "policy.texts.urgency.*.summary", "policy.texts.ladder.rungs.*"),
    *_sources("policy", _RELEASE, "policy.texts.ladder.start_because.*"),
    *_sources("policy", _RELEASE, "policy.texts.ladder.*", "policy.texts.interview.*", "policy.texts.programme.*"),
    *_sources("policy", _RELEASE, "policy.texts.follow_up.*", "policy.follow_up.contact_rules[].why"),
    *_sources("policy", _RELEASE, "policy.texts.why_cause", "policy.texts.why_default"),
    *_sources("policy", _RELEASE, "policy.texts.why_screen", "policy.texts.why_suspicion"),
)


def patient_texts(root: Path = ROOT, sources: Iterable[Source] = SOURCES) -> list[Text]:
    """Every text of the sources in the content under `root`, each wording once a group.

    Raises ValueError for a source that finds nothing, as after a field was renamed.
    """
    document = cache(_document)
    texts: dict[tuple[str, str], Text] = {}
    for source in sources:
        found = [
            Text(source.group, str(file.relative_to(root)), place, _for_the_patient(words))
            for file in sorted(root.glob(source.file))
            for place, words in _found(source, document(file))
        ]
        if not found:
            raise ValueError(f"nothing at {source.path} in {source.file}")
        for text in found:
            texts.setdefault((text.group, text.words), text)
    return list(texts.values())


def _document(file: Path) -> Any:
    with file.open(encoding="utf-8", newline="") as stream:
        if file.suffix == ".csv":
            return list(csv.DictReader(stream))
        return yaml.load(stream, yaml.CSafeLoader)


def _found(source: Source, document: Any) -> Iterator[tuple[str, str]]:
    entries = document if isinstance(document, list) else [document]
    path = source.path.removeprefix("[].").split(".")
    for index, entry in enumerate(entries):
        if source.where is None or entry[source.where[0]] == source.where[1]:
            place = () if entry is document else (_name_of(entry, index),)
            yield from _at(entry, path, place)


def _at(value: Any, path: list[str], place: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Where each text at `path` is, told by ids as far as there are any, and the text."""
    if not path:
        if isinstance(value, str) and value:
            yield ".".join(place), value
        return
    if value is None:
        return
    step, rest = path[0], path[1:]
    key, is_list = step.removesuffix("[]"), step.endswith("[]")
    if key == "*":
        for name, inner in value.items():
            yield from _at(inner, rest, (*place, name))
    elif is_list:
        for index, item in enumerate(value.get(key) or ()):
            yield from _at(item, rest, (*place, key, _name_of(item, index)))
    else:
        yield from _at(value.get(key), rest, (*place, key))


def _name_of(item: Any, index: int) -> str:
    """The id of an entry, or its place in the list."""
    if not isinstance(item, dict):
        return str(index)
    return str(item.get("id") or item.get("treatment") or index)


def _for_the_patient(words: str) -> str:
    """The words up to those for professionals."""
    for mark in FOR_PROFESSIONALS:
        words = words.partition(mark)[0]
    return words.strip()
