"""A language for tests in the place of Spanish: every text in angle quotes, so that what is not translated shows."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.test import override_settings

from triage import languages
from triage.translation import catalogue
from triage.translation.collect import collect


def pseudo(text: str) -> str:
    """The text as this language has it."""
    return f"«{text}»"


@contextmanager
def pseudo_language(release: Any, directory: Path) -> Iterator[None]:
    """While it lasts, `es` is the language of this module for the texts of the release."""
    filled = catalogue.updated(catalogue.read("none"), collect(release), "es")
    for entry in filled:
        entry.msgstr = pseudo(entry.msgid)
    path = directory / "es" / "LC_MESSAGES" / "django.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(catalogue.compiled(filled))
    languages._translated.cache_clear()
    with override_settings(LOCALE_PATHS=[directory]):
        yield
    languages._translated.cache_clear()
