"""Catalogues of translations as files."""

import polib
import pytest

from triage.translation import catalogue
from triage.translation.collect import Message

NAME = Message("{name} hurts", ("finding limp, question",))
WEEKS = Message("6 weeks", tuple(f"exercise {n}, how" for n in range(6)))


def filled(*messages: Message) -> polib.POFile:
    made = catalogue.updated(polib.POFile(), messages, "es")
    assert catalogue.fill(made, {NAME.text: "{name} duele", WEEKS.text: "6 semanas"}) == []
    return made


def test_a_new_catalogue_has_every_text_with_its_places_and_no_translation() -> None:
    made = catalogue.updated(polib.POFile(), [NAME, WEEKS], "es")
    assert [(entry.msgid, entry.msgstr) for entry in made] == [(NAME.text, ""), (WEEKS.text, "")]
    assert made[0].comment == "finding limp, question"
    assert made[0].flags == ["python-brace-format"]
    assert made[1].comment.splitlines()[-1] == "and 2 more"
    assert made.metadata["Language"] == "es"
    assert catalogue.untranslated(made) == [NAME.text, WEEKS.text]


def test_translations_are_kept_and_those_of_texts_that_are_gone_wait_as_obsolete() -> None:
    later = catalogue.updated(filled(NAME, WEEKS), [NAME, Message("New", ("page",))], "es")
    assert [(entry.msgid, entry.msgstr, entry.obsolete) for entry in later] == [
        (NAME.text, "{name} duele", False),
        ("New", "", False),
        (WEEKS.text, "6 semanas", True),
    ]
    assert catalogue.untranslated(later) == ["New"]
    again = catalogue.updated(later, [WEEKS], "es")
    assert [(entry.msgstr, entry.obsolete) for entry in again] == [("6 semanas", False), ("{name} duele", True)]


def test_what_is_fuzzy_stays_so_until_it_is_filled_anew() -> None:
    made = filled(NAME, WEEKS)
    made[1].flags = ["fuzzy"]
    made = catalogue.updated(made, [NAME, WEEKS], "es")
    assert made[1].fuzzy
    assert catalogue.untranslated(made) == [WEEKS.text]
    assert catalogue.fill(made, {WEEKS.text: "6 semanas"}) == []
    assert catalogue.untranslated(made) == []


@pytest.mark.parametrize(
    ("text", "translated", "problem"),
    [
        (NAME.text, "duele", "'{name} hurts': the placeholders differ: {name} became none"),
        (WEEKS.text, "9 semanas", "'6 weeks': the numbers differ: 6 became 9"),
        ("Unknown", "Desconocido", "'Unknown': there is no such text"),
    ],
)
def test_a_translation_that_loses_something_is_refused(text: str, translated: str, problem: str) -> None:
    made = filled(NAME, WEEKS)
    assert catalogue.fill(made, {text: translated}) == [problem]
    assert [entry.msgstr for entry in made] == ["{name} duele", "6 semanas"]


def test_an_empty_translation_is_passed_over() -> None:
    made = filled(NAME, WEEKS)
    assert catalogue.fill(made, {WEEKS.text: "", "Unknown": ""}) == []
    assert made[1].msgstr == "6 semanas"
