"""Publication by two people, and the way back to an earlier release. `by` is who of staff acts, as in the audit trail.

Does not check permissions. `manage.py load_knowledge --publish` goes past this, for development and the first start.
"""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from conditions import selectors as conditions
from conditions.actions import releases
from conditions.digest import digest
from hipcare.errors import Conflict, Problem, Unavailable
from partners.actions import audit
from triage import selectors
from triage.actions import publishing
from triage.knowledge import forget_current, prepare
from triage.models import Publication
from triage.vignette_runs import (
    NOT_CONFIGURED,
    VignetteFile,
    VignetteRun,
    configured,
    faults,
    published_run,
    run_vignettes,
)

if TYPE_CHECKING:
    from conditions.models import Release


@transaction.atomic
def request(*, release: "Release", by: str) -> Publication:
    """Ask for a draft to be published as it is now; a request before it, of anybody, is replaced.

    Raises InvalidInput for a draft with problems, and Conflict for one that answers the vignettes worse than the
    current release, or is no draft.
    """
    _check(release)
    Publication.objects.filter(release=release, approved_at=None).delete()
    publication = Publication.objects.create(release=release, digest=_digest(release), requested_by=by)
    _record(release, action="release.publication_requested", by=by)
    return publication


@transaction.atomic
def approve(*, release: "Release", by: str) -> "Release":
    """Publish a draft for which somebody else has asked.

    Raises Conflict without a request, for the person who made it, and for a draft that was changed since; and what
    `request` raises.
    """
    publication = selectors.open_publication(release_id=release.pk)
    if publication is None:
        raise Conflict(f"Nobody has requested that release {release.version} be published.")
    if publication.requested_by == by:
        raise Conflict(f"Release {release.version} needs the approval of another person than who requested it.")
    if publication.digest != _digest(release):
        raise Conflict(f"Release {release.version} was changed after the request. Request its publication again.")
    _check(release)
    published = publishing.publish(release=release)
    publication.approved_by, publication.approved_at = by, timezone.now()
    publication.save(update_fields=["approved_by", "approved_at"])
    _record(release, action="release.published", by=by)
    return published


@transaction.atomic
def use(*, release: "Release", by: str) -> "Release":
    """Make a published release the current one again. Raises Conflict for a draft and for a retired one."""
    if conditions.is_current(release):
        return release
    used = releases.use(release=release)
    transaction.on_commit(forget_current)
    _record(release, action="release.made_current", by=by)
    return used


def _check(release: "Release") -> None:
    if release.is_frozen:
        raise Conflict(f"Release {release.version} is {release.status}; only a draft can be published.")
    publishing.check(release=release)
    if found := list(_faults(release)):
        problems = [Problem("", "evaluation", fault) for fault in found]
        raise Conflict(f"Release {release.version} answers the vignettes worse than now.", problems=problems)


def _faults(release: "Release") -> list[str]:
    """Why the evaluation is not green; nothing where no vignettes are configured."""
    vignettes = configured()
    if isinstance(vignettes, VignetteFile):
        return list(faults(run_vignettes(prepare(release), vignettes), _current_run(vignettes)))
    return [] if vignettes == NOT_CONFIGURED else [vignettes]


def _current_run(vignettes: VignetteFile) -> VignetteRun | None:
    try:
        current = conditions.current_release()
    except Unavailable:
        return None
    return published_run(current.pk, vignettes)


def _digest(release: "Release") -> str:
    return digest(publishing.canonical_rows(release))


def _record(release: "Release", *, action: str, by: str) -> None:
    audit.record_by_staff(by=by, action=action, resource_type="release", resource_id=release.version)
