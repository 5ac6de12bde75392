"""Writing a release back to files, and into the canonical rows that its digest is made of."""

from collections.abc import Iterator
from pathlib import Path

from conditions.content_checks import SECTIONS
from conditions.content_rows import content_of
from conditions.content_schema import Content
from conditions.content_writer import write_content
from conditions.digest import CanonicalRow
from conditions.models import Release


def export_release(*, release: Release, directory: Path) -> None:
    """Write the release as the content directory that loads into the same release, byte for byte the same each time."""
    write_content(content_of(release), directory)


def canonical_rows(*, release: Release) -> Iterator[CanonicalRow]:
    """Every row of the release that this app holds, for `conditions.digest.digest`."""
    return rows_of(content_of(release))


def rows_of(content: Content) -> Iterator[CanonicalRow]:
    """The canonical rows of a content that may not be in the database."""
    yield CanonicalRow("conditions.release", content.release.version, content.release.model_dump(mode="json"))
    yield CanonicalRow("conditions.scope", content.release.version, content.scope.model_dump(mode="json"))
    for section in SECTIONS:
        for entry in getattr(content, section):
            yield CanonicalRow(f"conditions.{section}", entry.id, entry.model_dump(mode="json"))
