"""The life of a release."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from conditions.actions import export, releases
from conditions.digest import digest
from conditions.models import Citation, Evidence, Release
from hipcare.errors import Conflict, InvalidInput

from .conftest import CONTENT

pytestmark = pytest.mark.django_db
Edit = Callable[[str, str, str], Path]
FRACTURE = "conditions/hip_fracture.yaml"


def test_loading_makes_a_draft_with_the_content(draft: Release) -> None:
    assert (draft.version, draft.title, draft.status, draft.digest) == ("2026.1.1", "A small release", "draft", "")
    assert draft.policy == {
        "draws": 16,
        "interval_level": 0.9,
        "scope": {
            "complaint": {"any": ["lateral_pain", "difficulty_walking", "cannot_bear_weight"]},
            "outside_message": "Hip, groin, thigh and buttock pain only.",
            "outside_action": "Ask another service.",
            "nothing_present": "Nothing is present.",
            "elsewhere": [],
        },
    }
    assert Evidence.objects.filter(release=draft).count() == 6


def test_loading_again_fills_the_same_draft_anew(draft: Release, edit: Edit) -> None:
    again = releases.load_draft(directory=edit(FRACTURE, "p: 0.85", "p: 0.8"))

    assert again.pk == draft.pk
    assert Evidence.objects.get(release=again, finding__key="cannot_bear_weight").probability == 0.8
    assert Evidence.objects.filter(release=again).count() == 6


def test_a_version_can_be_given(db: None) -> None:
    assert releases.load_draft(directory=CONTENT, version="2030.1.1").version == "2030.1.1"


def test_loading_what_is_published_already_changes_nothing(published: Release) -> None:
    before = list(Citation.objects.values_list("pk", flat=True))

    again = releases.load_draft(directory=CONTENT)

    assert (again.pk, again.status, again.digest) == (published.pk, "published", published.digest)
    assert list(Citation.objects.values_list("pk", flat=True)) == before


def test_other_content_needs_a_version_of_its_own(published: Release, edit: Edit) -> None:
    directory = edit(FRACTURE, "p: 0.85", "p: 0.8")

    with pytest.raises(Conflict, match=r"2026\.1\.1 is published and differs"):
        releases.load_draft(directory=directory)

    assert releases.load_draft(directory=directory, version="2026.1.2").status == "draft"


def test_content_with_a_problem_loads_nothing(no_knowledge: None, edit: Edit) -> None:
    with pytest.raises(InvalidInput):
        releases.load_draft(directory=edit(FRACTURE, "p: 0.85", "p: 0.1"))
    assert not Release.objects.exists()


def test_a_clone_is_a_draft_with_the_same_rows(published: Release) -> None:
    clone = releases.clone_draft(release=published, version="2026.1.2")

    assert clone.status == "draft"
    assert _digest_of_content(clone) == _digest_of_content(published)


def test_a_clone_needs_a_version_of_its_own(published: Release) -> None:
    with pytest.raises(Conflict, match="There is a release"):
        releases.clone_draft(release=published, version=published.version)


def test_freezing_publishes_under_the_digest(published: Release) -> None:
    assert published.status == "published"
    assert published.digest == digest(export.canonical_rows(release=published))
    assert published.published_at is not None


def test_only_a_draft_is_frozen_and_only_a_published_release_is_retired(published: Release) -> None:
    with pytest.raises(Conflict, match="only a draft"):
        releases.freeze(release=published, digest=published.digest)
    assert releases.retire(release=published).status == "retired"
    with pytest.raises(Conflict, match="only a published one"):
        releases.retire(release=published)


def test_a_draft_edited_by_hand_is_checked_whole(draft: Release) -> None:
    releases.check(release=draft)
    Evidence.objects.filter(release=draft, finding__key="fever").update(citations=["nobody_1999"])

    with pytest.raises(InvalidInput) as error:
        releases.check(release=draft)

    assert [(problem.pointer, problem.detail) for problem in error.value.problems] == [
        ("/conditions/0/evidence/fever/citations/0", 'unknown citation "nobody_1999"')
    ]


def test_a_row_of_a_wrong_shape_is_a_problem_too(draft: Release) -> None:
    Citation.objects.filter(release=draft, key="mellor_2018").update(key="Mellor 2018")

    with pytest.raises(InvalidInput) as error:
        releases.check(release=draft)

    assert error.value.problems[0].pointer == "/citations/0/id"


def test_deleting_a_draft_deletes_its_rows(draft: Release) -> None:
    with transaction.atomic():
        draft.delete()
    assert not Evidence.objects.exists()


def test_a_published_release_cannot_be_deleted(published: Release) -> None:
    with pytest.raises(IntegrityError, match="its release is published"), transaction.atomic():
        published.delete()


def _digest_of_content(release: Release) -> str:
    """The digest without what holds the version."""
    rows = export.canonical_rows(release=release)
    return digest(row for row in rows if row.id != release.version)
