"""Which release is read, and with how many queries."""

from typing import Any

import pytest

from conditions import selectors
from conditions.actions import releases
from conditions.models import Release
from hipcare.errors import NotFound, Unavailable

pytestmark = pytest.mark.django_db


def test_the_current_release_is_the_one_published_last(published: Release) -> None:
    newer = releases.clone_draft(release=published, version="2026.1.2")
    assert selectors.current_release() == published

    releases.freeze(release=newer, digest=published.digest)
    assert selectors.current_release() == newer

    releases.retire(release=newer)
    assert selectors.current_release() == published


def test_without_a_published_release_there_is_no_current_one(draft: Release) -> None:
    with pytest.raises(Unavailable):
        selectors.current_release()


def test_a_release_is_found_by_its_version(draft: Release) -> None:
    assert selectors.release_by_version(draft.version) == draft
    with pytest.raises(NotFound):
        selectors.release_by_version("1.1.1")
    with pytest.raises(NotFound):
        selectors.published_release_by_version(draft.version)


def test_whole_conditions_take_four_queries_however_many_there_are(
    draft: Release, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(4):
        for condition in selectors.conditions_in_full(draft):
            assert condition.prior.curve
            assert [presentation.key for presentation in condition.presentations.all()]
            assert all(row.finding.key for row in condition.evidence.all())
            assert all(step.treatment.key for step in condition.ladder.all())
