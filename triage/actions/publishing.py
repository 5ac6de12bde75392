"""Fill a release from content files, prove that it can answer, and publish it: this app sees all of the knowledge."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction

from conditions import selectors
from conditions.actions import export, releases
from conditions.digest import CanonicalRow, digest
from exercises.actions import content as exercise_content
from triage.engine import compile_knowledge
from triage.knowledge import forget_current, read_knowledge

if TYPE_CHECKING:
    from conditions.models import Release

CONDITIONS_CONTENT = Path(__file__).resolve().parents[2] / "conditions" / "content"
EXERCISES_CONTENT = Path(__file__).resolve().parents[2] / "exercises" / "content"


@transaction.atomic
def load(*, conditions: Path = CONDITIONS_CONTENT, exercises: Path = EXERCISES_CONTENT) -> "Release":
    """The release with the content of the directories: a draft, or the published one if that is the same.

    Raises InvalidInput with file and line of every problem.
    """
    release = releases.load_draft(directory=conditions)
    exercise_content.load_into(release=release, directory=exercises)
    return release


@transaction.atomic
def clone(*, release: "Release", version: str) -> "Release":
    """A new draft with all of the knowledge of `release`. Raises Conflict when the version is taken."""
    draft = releases.clone_draft(release=release, version=version)
    exercise_content.copy_into(release=draft, source=release)
    return draft


@transaction.atomic
def publish(*, release: "Release", source_digest: str = "") -> "Release":
    """Check a draft whole, compile it, and freeze it under its digest. A published release is returned as it is."""
    if release.is_frozen:
        return release
    check(release=release)
    published = releases.freeze(release=release, digest=digest(canonical_rows(release)), source_digest=source_digest)
    transaction.on_commit(forget_current)
    return published


def check(*, release: "Release") -> None:
    """Check a release whole and compile it. Raises InvalidInput with a pointer to every problem."""
    releases.check(release=release)
    exercise_content.check(release=release)
    compile_knowledge(read_knowledge(release))


@transaction.atomic
def load_and_publish(*, conditions: Path = CONDITIONS_CONTENT, exercises: Path = EXERCISES_CONTENT) -> "Release":
    """The published release with the content of the directories. Files that are published already are not parsed."""
    source_digest = _digest_of_files(conditions, exercises)
    return selectors.published_from(source_digest) or publish(
        release=load(conditions=conditions, exercises=exercises), source_digest=source_digest
    )


def _digest_of_files(*directories: Path) -> str:
    """SHA-256 over the names and bytes of all files in the directories."""
    hashed = hashlib.sha256()
    for directory in directories:
        for path in sorted(path for path in directory.rglob("*") if path.is_file()):
            content = path.read_bytes()
            hashed.update(f"{path.relative_to(directory)} {len(content)}\n".encode())
            hashed.update(content)
    return f"sha256:{hashed.hexdigest()}"


def canonical_rows(release: "Release") -> Iterator[CanonicalRow]:
    """Every row of the release: what its digest is of."""
    yield from export.canonical_rows(release=release)
    yield from exercise_content.canonical_rows(release)
