"""One catalogue of translations as a file: `locale/<language>/LC_MESSAGES/django.po`, and the `.mo` made of it.

polib writes both, so no gettext tools are needed. A text that is gone from the content keeps its translation as
obsolete, and gets it back if the text returns.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import polib

from hipcare.environment import BASE_DIRECTORY
from triage.translation.checks import losses, placeholders
from triage.translation.collect import Message

LINE_LENGTH = 120
PLACES_NAMED = 4
HEADER = {
    "Project-Id-Version": "hipcare",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


def path_of(locale: str) -> Path:
    """Where the catalogue of a language is; the compiled one is beside it."""
    return BASE_DIRECTORY / "locale" / locale / "LC_MESSAGES" / "django.po"


def read(locale: str) -> polib.POFile:
    """The catalogue of a language, empty where there is none yet."""
    path = path_of(locale)
    return polib.pofile(str(path)) if path.exists() else polib.POFile()


def updated(old: polib.POFile, messages: Iterable[Message], locale: str) -> polib.POFile:
    """The catalogue with exactly these texts, each with the translation that it has already."""
    new = polib.POFile(wrapwidth=LINE_LENGTH)
    new.metadata = {**HEADER, "Language": locale}
    known = {entry.msgid: entry for entry in old}
    new.extend(_entry(message, known.get(message.text)) for message in messages)
    now = {entry.msgid for entry in new}
    gone = [entry for entry in old if entry.msgid not in now and entry.msgstr]
    new.extend(polib.POEntry(msgid=entry.msgid, msgstr=entry.msgstr, obsolete=True) for entry in gone)
    return new


def _entry(message: Message, known: polib.POEntry | None) -> polib.POEntry:
    found = placeholders(message.text)
    kinds = {"{": "python-brace-format", "%": "python-format"}
    flags = sorted({kinds[each[0]] for each in found})
    if known and known.fuzzy:
        flags = ["fuzzy", *flags]
    return polib.POEntry(
        msgid=message.text, msgstr=known.msgstr if known else "", comment=_comment(message), flags=flags
    )


def _comment(message: Message) -> str:
    more = len(message.places) - PLACES_NAMED
    named = message.places[:PLACES_NAMED]
    return "\n".join([*named, f"and {more} more"] if more > 0 else named)


def write(catalogue: polib.POFile, locale: str) -> None:
    """Write the catalogue and compile it."""
    path = path_of(locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))
    path.with_suffix(".mo").write_bytes(compiled(polib.pofile(str(path))))


def compiled(catalogue: polib.POFile) -> bytes:
    """The binary catalogue that Django reads."""
    return catalogue.to_binary()


def untranslated(catalogue: polib.POFile) -> list[str]:
    """The texts that lack a translation that somebody stands by."""
    return [entry.msgid for entry in catalogue if not entry.obsolete and not entry.translated()]


def fill(catalogue: polib.POFile, translations: Mapping[str, str]) -> list[str]:
    """Put translations into the catalogue, and say what is wrong with the others. Empty ones are passed over."""
    known = {entry.msgid: entry for entry in catalogue if not entry.obsolete}
    problems = []
    for text, translated in translations.items():
        wrong = [*losses(text, translated)] if text in known else ["there is no such text"]
        if translated and wrong:
            problems.append(f"{text!r}: {'; '.join(wrong)}")
        elif translated:
            known[text].msgstr = translated
            known[text].flags = [flag for flag in known[text].flags if flag != "fuzzy"]
    return problems
