"""Every English text that a patient may read: of the content, of the page to print and of the calendar."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from django.template.loader import get_template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

from conditions import selectors
from exercises import selectors as exercise_selectors
from triage.knowledge import read_knowledge
from triage.wording import reworded

Said = tuple[str, str]
"""A text and the place that it is from."""

TEMPLATES = ("triage/programme.html",)
SOURCES = ("programme_page.py", "programme_calendar.py", "trajectory_chart.py")
"""Modules of this app in which `gettext` is called."""

TOPICS = {
    "findings": ("finding",),
    "conditions": ("condition",),
    "treatments": ("treatment",),
    "exercises": ("exercise", "programme", "precaution", "starting rule", "drawing"),
    "rest": ("",),
}
"""The topics in their order, each with how the places of its texts begin."""


@dataclass(frozen=True, slots=True)
class Message:
    """A text to be translated, and everywhere it is from."""

    text: str
    places: tuple[str, ...]

    @property
    def topic(self) -> str:
        """What it is about: the first topic that one of its places belongs to."""
        return next(topic for topic, beginnings in TOPICS.items() if any(p.startswith(beginnings) for p in self.places))


def collect(release: Any) -> list[Message]:
    """The texts of a release and of the pages, each once, topic by topic, as the content has them."""
    found: dict[str, dict[str, None]] = {}

    def note(text: str, place: str) -> str:
        found.setdefault(text, {})[place] = None
        return text

    reworded(read_knowledge(release), note)
    for text, place in chain(_of_the_catalogue(release), _equipment(release), _of_templates(), _of_sources()):
        note(text, place)
    messages = [Message(text, tuple(places)) for text, places in found.items()]
    return sorted(messages, key=lambda message: list(TOPICS).index(message.topic))


def _of_the_catalogue(release: Any) -> Iterator[Said]:
    """What only the catalogue tells."""
    for condition in selectors.conditions(release):
        yield condition.plain_description, f"condition {condition.key}, plain_description"
    for exercise in exercise_selectors.exercises(release):
        if how := (exercise.progression or {}).get("how"):
            yield how, f"exercise {exercise.key}, harder step, how"
    for drawing in exercise_selectors.drawings(release):
        yield drawing.alt, f"drawing {drawing.key}, alt"
    for measurement in selectors.measurements(release):
        if measurement.who != "clinician":
            yield measurement.name, f"measurement {measurement.key}, name"
            yield measurement.question, f"measurement {measurement.key}, question"
    for measure in selectors.outcome_measures(release):
        for scale in measure.scales:
            place = f"outcome measure {measure.key}, {scale['id']}"
            yield scale["name"], f"{place}, name"
            yield from ((item["name"], f"{place}, {item['id']}, name") for item in scale["items"])


def _equipment(release: Any) -> Iterator[Said]:
    for exercise in exercise_selectors.exercises(release):
        yield from ((name.replace("_", " "), f"exercise {exercise.key}, equipment") for name in exercise.equipment)


def _of_templates() -> Iterator[Said]:
    for name in TEMPLATES:
        nodes: Any = get_template(name).template.nodelist  # type: ignore[attr-defined] # a template of Django's engine
        for node in nodes.get_nodes_by_type(TranslateNode):
            yield node.filter_expression.var.literal, f"page {name}"
        for node in nodes.get_nodes_by_type(BlockTranslateNode):
            yield node.render_token_list(node.singular)[0], f"page {name}"


def _of_sources() -> Iterator[Said]:
    """Literals in calls of `gettext`."""
    for name in SOURCES:
        tree = ast.parse((Path(__file__).parents[1] / name).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Name(id="gettext"), args=[ast.Constant(value=str(text))]):
                    yield text, f"page {name}"
