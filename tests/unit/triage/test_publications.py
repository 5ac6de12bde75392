"""Publication by two people, held back by worse answers, and the way back."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from conditions import selectors
from conditions.actions import releases
from hipcare.errors import Conflict
from partners import selectors as partners
from tests.unit.triage.conftest import ContentDirectories
from triage.actions import publications, publishing
from triage.knowledge import current_knowledge, forget_current
from triage.models import Publication
from triage.readiness import knowledge as readiness

pytestmark = pytest.mark.django_db


def load(directories: ContentDirectories) -> Any:
    return publishing.load(conditions=directories.conditions, exercises=directories.exercises)


def vignette(key: str, finding: str, condition: str, urgency: str) -> str:
    gold = {
        "primary": condition,
        "conditions": [condition],
        "diagnosis": "As the source says",
        "urgency": urgency,
        "urgency_basis": "as the source says",
    }
    return json.dumps(
        {
            "id": key,
            "source": {"type": "exam", "dataset": "test"},
            "case": {
                "patient": {"age": {"value": 81}, "sex": "female"},
                "findings": [{"id": finding, "state": "present"}],
            },
            "gold": gold,
            "synopsis": "Somebody",
            "clean": True,
            "population": "adult",
        }
    )


@pytest.fixture
def vignettes(tmp_path: Path, settings: Any) -> Path:
    """A file of vignettes that the small release understands, configured."""
    path = tmp_path / "vignettes.jsonl"
    path.write_text(vignette("v-1", "cannot_bear_weight", "hip_fracture", "emergency") + "\n", encoding="utf-8")
    settings.HIPCARE_VIGNETTES = path
    return path


@pytest.fixture
def published(no_knowledge: None, small: ContentDirectories) -> Any:
    """The small release, alone in the world."""
    return publishing.publish(release=load(small))


def draft_of(release: Any, version: str = "2026.1.2") -> Any:
    return publishing.clone(release=release, version=version)


def test_a_draft_that_answers_as_well_is_published(published: Any, vignettes: Path) -> None:
    draft = draft_of(published)
    publications.request(release=draft, by="staff:1")
    assert publications.approve(release=draft, by="staff:2").status == "published"
    row = Publication.objects.get()
    assert (row.requested_by, row.approved_by) == ("staff:1", "staff:2")


def test_a_draft_that_answers_an_emergency_less_urgently_is_held_back(published: Any, vignettes: Path) -> None:
    draft = draft_of(published)
    selectors.red_flags(draft).update(urgency="routine", urgency_mode="", urgency_within_hours=336)
    selectors.conditions(draft).update(least_urgency="routine", least_urgency_mode="", least_urgency_within_hours=336)
    with pytest.raises(Conflict) as refused:
        publications.request(release=draft, by="staff:1")
    assert "The emergency v-1 would be" in " ".join(problem.detail for problem in refused.value.problems)
    assert not Publication.objects.exists()


def test_a_vignette_that_cannot_be_read_holds_back(published: Any, vignettes: Path) -> None:
    vignettes.write_text(vignette("v-1", "no_such_finding", "hip_fracture", "emergency"), encoding="utf-8")
    with pytest.raises(Conflict) as refused:
        publications.request(release=draft_of(published), by="staff:1")
    assert "1 of the vignettes cannot be read by this release." in [p.detail for p in refused.value.problems]


def test_a_configured_file_that_is_not_there_holds_back(published: Any, settings: Any) -> None:
    settings.HIPCARE_VIGNETTES = Path("/nowhere/vignettes.jsonl")
    with pytest.raises(Conflict) as refused:
        publications.request(release=draft_of(published), by="staff:1")
    assert [problem.detail for problem in refused.value.problems] == ["The file of vignettes cannot be read."]


def test_the_first_release_has_nothing_to_be_compared_with(
    no_knowledge: None, small: ContentDirectories, vignettes: Path
) -> None:
    draft = load(small)
    publications.request(release=draft, by="staff:1")
    assert publications.approve(release=draft, by="staff:2").status == "published"


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"approved_by": "staff:1", "approved_at": timezone.now()}, "publication_approved_by_another"),
        ({"approved_by": "staff:2"}, "publication_approval_has_person_and_time"),
        (
            {"requested_by": "", "approved_by": "staff:2", "approved_at": timezone.now()},
            "publication_requested_by_somebody",
        ),
    ],
)
def test_the_database_refuses_what_two_people_did_not_do(
    published: Any, values: dict[str, Any], constraint: str
) -> None:
    publications.request(release=draft_of(published), by="staff:1")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Publication.objects.update(**values)


def test_a_draft_is_requested_once(published: Any) -> None:
    draft = draft_of(published)
    for by in ("staff:1", "staff:2"):
        publications.request(release=draft, by=by)
    assert Publication.objects.get().requested_by == "staff:2"
    with pytest.raises(IntegrityError, match="publication_requested_once"), transaction.atomic():
        Publication.objects.create(release_id=draft.pk, digest="x", requested_by="staff:3")


# The way back


def test_an_earlier_release_answers_again_and_readiness_says_so(published: Any) -> None:
    newer = publishing.publish(release=draft_of(published))
    forget_current()
    assert readiness().detail == "2026.1.2"
    call_command("use_release", "2026.1.1")
    forget_current()
    assert selectors.current_release() == published
    assert (current_knowledge().compiled.knowledge.version, readiness().detail) == ("2026.1.1", "2026.1.1")
    event = partners.audit_events()[0]
    assert (event.action, event.resource_id, event.actor) == ("release.made_current", "2026.1.1", "command")
    publications.use(release=newer, by="staff:1")
    assert selectors.current_release() == newer
    publications.use(release=published, by="staff:1")
    assert selectors.current_release() == published


def test_what_is_published_afterwards_answers(published: Any) -> None:
    publishing.publish(release=draft_of(published))
    releases.use(release=published)
    latest = publishing.publish(release=draft_of(published, "2026.1.3"))
    assert selectors.current_release() == latest


def test_using_the_current_release_changes_nothing(published: Any) -> None:
    trail = partners.audit_events().count()
    publications.use(release=published, by="staff:1")
    assert partners.audit_events().count() == trail


def test_drafts_retired_and_unknown_releases_are_not_used(published: Any) -> None:
    draft = draft_of(published)
    with pytest.raises(CommandError, match="only a published one"):
        call_command("use_release", draft.version)
    newer = publishing.publish(release=draft)
    releases.retire(release=newer)
    assert selectors.current_release() == published
    with pytest.raises(CommandError, match="is retired"):
        call_command("use_release", newer.version)
    with pytest.raises(CommandError, match="no release of that version"):
        call_command("use_release", "1.1.1")


def test_loading_what_is_published_does_not_undo_the_way_back(published: Any, small: ContentDirectories) -> None:
    first = publishing.publish(release=draft_of(published))
    releases.use(release=published)
    publishing.load_and_publish(conditions=small.conditions, exercises=small.exercises)
    assert selectors.current_release() == published != first
