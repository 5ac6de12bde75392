"""The catalogues of the project against its content and its pages."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from conditions import selectors
from triage.languages import TRANSLATED
from triage.translation import catalogue
from triage.translation.checks import losses
from triage.translation.collect import TOPICS, Message, collect

pytestmark = pytest.mark.django_db
CURRENT = "run manage.py make_content_messages"


@pytest.fixture
def messages() -> list[Message]:
    return collect(selectors.current_release())


def test_texts_of_every_kind_are_collected(messages: list[Message]) -> None:
    places = [place for message in messages for place in message.places]
    for kind in (
        *("finding", "condition", "red flag", "treatment", "safety net", "exercise", "exercise rule", "programme"),
        *("precaution", "starting rule", "drawing", "score", "measurement", "outcome measure", "follow-up timer"),
        *(
            "contact rule",
            "scope",
            "policy, texts, urgency",
            "policy, texts, data_quality",
            "page triage/programme.html",
        ),
        *("page programme_page.py", "page programme_calendar.py", "page trajectory_chart.py"),
    ):
        assert any(place.startswith(kind) for place in places), kind
    assert {message.topic for message in messages} == TOPICS.keys()


def test_what_programs_read_is_not_collected(messages: list[Message]) -> None:
    texts = {message.text for message in messages}
    assert texts.isdisjoint({"if_not_better", "after_review", "urgent_care", "emergency_department", "primary_care"})


@pytest.mark.parametrize("locale", TRANSLATED)
def test_the_catalogue_is_current_with_the_content_and_compiled(locale: str, messages: list[Message]) -> None:
    path = catalogue.path_of(locale)
    current = catalogue.updated(catalogue.read(locale), messages, locale)
    assert str(current) == path.read_text(encoding="utf-8"), CURRENT
    assert path.with_suffix(".mo").read_bytes() == catalogue.compiled(catalogue.read(locale)), CURRENT


@pytest.mark.parametrize("locale", TRANSLATED)
def test_no_translation_loses_a_placeholder_or_a_number(locale: str) -> None:
    translated = [entry for entry in catalogue.read(locale) if entry.msgstr]
    assert {e.msgid: [*losses(e.msgid, e.msgstr)] for e in translated if [*losses(e.msgid, e.msgstr)]} == {}


@pytest.mark.parametrize("locale", TRANSLATED)
def test_every_text_has_a_translation_that_is_not_fuzzy(locale: str) -> None:
    assert catalogue.untranslated(catalogue.read(locale)) == []


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: LazySettings) -> Path:
    """Another place for the catalogues of a test."""
    monkeypatch.setattr(catalogue, "BASE_DIRECTORY", tmp_path)
    return tmp_path


def make(*arguments: str) -> str:
    out = StringIO()
    call_command("make_content_messages", *arguments, stdout=out)
    return out.getvalue()


def test_texts_are_handed_out_filled_in_and_taken_back(elsewhere: Path) -> None:
    said = make("--untranslated", str(elsewhere / "parts"), "--parts", "4")
    files = sorted((elsewhere / "parts").iterdir())
    assert len(files) == 4
    assert said.splitlines()[1:] == [str(path) for path in files]
    for path in files[:3]:
        path.write_text(json.dumps({text: f"«{text}»" for text in json.loads(path.read_text())}))
    lacking = len(json.loads(files[3].read_text()))
    assert f"{lacking} of them without" in make("--merge", *map(str, files))
    assert make("--untranslated", str(elsewhere / "rest")).count("\n") == 2
    assert len(json.loads(next((elsewhere / "rest").iterdir()).read_text())) == lacking
    assert catalogue.path_of("es").with_suffix(".mo").exists()


def test_nothing_is_written_where_one_translation_is_refused(elsewhere: Path) -> None:
    make()
    before = catalogue.path_of("es").read_bytes()
    path = elsewhere / "filled.json"
    path.write_text(json.dumps({"Week {begin}": "Semana {begin}", "Day {begin}": "Día"}))
    with pytest.raises(CommandError, match="placeholders differ"):
        make("--merge", str(path))
    assert catalogue.path_of("es").read_bytes() == before


@pytest.mark.parametrize("content", ["[1]", "{"])
def test_a_file_that_is_none_is_told(content: str, elsewhere: Path) -> None:
    path = elsewhere / "filled.json"
    path.write_text(content)
    with pytest.raises(CommandError, match=r"filled\.json"):
        make("--merge", str(path))


def test_no_parts_are_refused(elsewhere: Path) -> None:
    with pytest.raises(CommandError, match="at least 1"):
        make("--parts", "0")
