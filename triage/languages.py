"""Knowledge in the language of whom it is told to: the same tables, ids and numbers, with translated words.

Translations are Django's own: `locale/<language>/LC_MESSAGES/django.mo`, with the English text as its key. They are
looked up once per release and language, before any text is formatted, so the engine knows of no language. A text
without a translation stays English, and so does what only clinicians read (`triage.wording`).
"""

from dataclasses import replace
from functools import lru_cache
from typing import Literal, get_args

from django.utils import translation

from triage.engine.compiled import reword
from triage.knowledge import ReleaseKnowledge, release_knowledge
from triage.wording import reworded

Locale = Literal["en", "es"]
SOURCE: Locale = "en"
"""The language of the content itself."""

TRANSLATED = tuple(locale for locale in get_args(Locale) if locale != SOURCE)


def in_language(knowledge: ReleaseKnowledge, locale: Locale) -> ReleaseKnowledge:
    """The knowledge as it is told in this language."""
    return knowledge if locale == SOURCE else _translated(knowledge.release_id, locale)


@lru_cache(maxsize=4)
def _translated(release_id: int, locale: Locale) -> ReleaseKnowledge:
    """One published release in one language. Neither changes while the process lives, so this is kept."""
    knowledge = release_knowledge(release_id)
    with translation.override(locale):
        words = reworded(knowledge.compiled.knowledge, lambda text, place: translation.gettext(text))
    return replace(knowledge, compiled=reword(knowledge.compiled, words))
