"""Reads and writes the directory of exercise files, one for each section of `ExerciseContent`."""

from pathlib import Path

from conditions import canonical_yaml
from conditions.content_files import Reading, checked, read_yaml
from conditions.content_writer import document_of

from .content_checks import Surroundings, problems_in
from .content_schema import ExerciseContent

SECTIONS = tuple(ExerciseContent.model_fields)


def read_content(directory: Path, surroundings: Surroundings) -> ExerciseContent:
    """The content in `directory`.

    Raises InvalidInput, each of whose problems reads like `exercises.yaml:41: unknown finding "fevr"; did you mean …`.
    """
    reading = Reading(directory)
    for section in SECTIONS:
        read_yaml(reading, f"{section}.yaml", (section,))
    return checked(reading, ExerciseContent, lambda content: problems_in(content, surroundings))


def write_content(content: ExerciseContent, directory: Path) -> None:
    """Write every file in the one canonical form: equal content always gives the same bytes."""
    directory.mkdir(parents=True, exist_ok=True)
    for section in SECTIONS:
        entries = sorted(getattr(content, section), key=lambda entry: entry.id)
        text = canonical_yaml.dump([document_of(entry) for entry in entries])
        (directory / f"{section}.yaml").write_text(text, encoding="utf-8", newline="")
