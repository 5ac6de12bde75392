"""The life of a release: draft, published, retired. A published release is frozen by the database."""

from pathlib import Path

from django.db import transaction
from django.utils import timezone
from pydantic import ValidationError

from conditions import content_checks
from conditions.content_files import read_content
from conditions.content_rows import content_of, create_rows, delete_rows
from conditions.content_schema import Content
from conditions.models import Release, ReleaseUse
from hipcare.api.validation import invalid_input
from hipcare.errors import Conflict, InvalidInput, Problem, pointer


@transaction.atomic
def load_draft(*, directory: Path, version: str | None = None) -> Release:
    """The draft release with exactly the content of `directory`; `version` replaces the one in its release.yaml.

    A draft of that version is filled anew. A published release of that version is returned as it is when its content is
    the same. Raises InvalidInput with file and line of every problem, Conflict when the published content differs.
    """
    content = _with_version(read_content(directory), version)
    release = Release.objects.select_for_update().filter(version=content.release.version).first()
    if release is None or not release.is_frozen:
        return _filled(release or Release(version=content.release.version), content)
    if content_of(release) != content:
        raise Conflict(f"Release {release.version} is published and differs. Give the new content a new version.")
    return release


@transaction.atomic
def clone_draft(*, release: Release, version: str) -> Release:
    """A new draft with this app's rows of `release`. Raises Conflict when the version is taken."""
    if Release.objects.filter(version=version).exists():
        raise Conflict(f"There is a release {version} already.")
    return _filled(Release(version=version), _with_version(content_of(release), version))


def check(*, release: Release) -> None:
    """Check a release as its files would be checked. Raises InvalidInput with a pointer to every problem."""
    try:
        content = content_of(release)
    except ValidationError as error:
        raise invalid_input(error) from error
    problems = [
        Problem(pointer(*path), "invalid-content", message) for path, message in content_checks.problems_in(content)
    ]
    if problems:
        raise InvalidInput(problems)


@transaction.atomic
def freeze(*, release: Release, digest: str, source_digest: str = "") -> Release:
    """Publish a draft under its digest; from now on the database refuses changes. Does not check the content."""
    draft = Release.objects.select_for_update().get(pk=release.pk)
    if draft.status != Release.Status.DRAFT:
        raise Conflict(f"Release {draft.version} is {draft.status}; only a draft can be published.")
    draft.status = Release.Status.PUBLISHED
    draft.digest = digest
    draft.source_digest = source_digest
    draft.published_at = timezone.now()
    draft.save(update_fields=["status", "digest", "source_digest", "published_at"])
    return draft


@transaction.atomic
def use(*, release: Release) -> Release:
    """Make a published release the current one, whatever was published since. Raises Conflict for any other status."""
    published = Release.objects.select_for_update().get(pk=release.pk)
    if published.status != Release.Status.PUBLISHED:
        raise Conflict(f"Release {published.version} is {published.status}; only a published one can be used.")
    ReleaseUse.objects.create(release=published, at=timezone.now())
    return published


@transaction.atomic
def retire(*, release: Release) -> Release:
    """Take a published release out of use; what was answered with it can still be replayed."""
    published = Release.objects.select_for_update().get(pk=release.pk)
    if published.status != Release.Status.PUBLISHED:
        raise Conflict(f"Release {published.version} is {published.status}; only a published one can be retired.")
    published.status = Release.Status.RETIRED
    published.save(update_fields=["status"])
    return published


def _with_version(content: Content, version: str | None) -> Content:
    if version is None:
        return content
    return content.model_copy(update={"release": content.release.model_copy(update={"version": version})})


def _filled(release: Release, content: Content) -> Release:
    release.title = content.release.title
    release.policy = {**content.release.policy, "scope": content.scope.model_dump(mode="json")}
    release.save()
    delete_rows(release)
    create_rows(release, content)
    return release
