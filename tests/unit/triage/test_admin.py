"""Releases in the admin: cloned and published whole, with every problem told."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission, User
from django.test import Client as HttpClient
from django.urls import reverse

from conditions import selectors as conditions
from partners import selectors as partners
from tests.unit.triage.conftest import ContentDirectories
from triage.actions import publishing
from triage.models import Publication

pytestmark = pytest.mark.django_db
RELEASES = reverse("admin:conditions_release_changelist")
Release = apps.get_model("conditions", "Release")


@pytest.fixture
def staff(db: None) -> HttpClient:
    """A browser in which a superuser is signed in."""
    http = HttpClient()
    http.force_login(User.objects.create_superuser("curator"))
    return http


def act(staff: HttpClient, action: str, release: Any) -> str:
    page = staff.post(RELEASES, {"action": action, "_selected_action": [release.pk]}, follow=True)
    assert page.status_code == 200
    return " ".join(str(message) for message in page.context["messages"])


def load(directories: ContentDirectories) -> Any:
    return publishing.load(conditions=directories.conditions, exercises=directories.exercises)


@pytest.fixture
def other_staff(db: None) -> HttpClient:
    """A browser in which another superuser is signed in."""
    http = HttpClient()
    http.force_login(User.objects.create_superuser("second"))
    return http


def status_of(release: Any) -> str:
    return str(Release.objects.get(pk=release.pk).status)


def test_a_draft_is_published_by_two_people(
    staff: HttpClient, other_staff: HttpClient, small: ContentDirectories
) -> None:
    draft = load(small)
    assert "waits for the approval of another person" in act(staff, "request_publication", draft)
    assert status_of(draft) == "draft"
    assert "staff:" in staff.get(RELEASES).content.decode()
    assert act(other_staff, "approve_publication", draft) == "Release 2026.1.1 is published."
    assert Release.objects.get(version="2026.1.1").digest.startswith("sha256:")
    actions = [event.action for event in partners.audit_events()[:2]]
    assert actions == ["release.published", "release.publication_requested"]


def test_the_same_person_does_not_approve(staff: HttpClient, small: ContentDirectories) -> None:
    draft = load(small)
    assert "Nobody has requested" in act(staff, "approve_publication", draft)
    act(staff, "request_publication", draft)
    assert "another person" in act(staff, "approve_publication", draft)
    assert status_of(draft) == "draft"


def test_a_draft_that_was_changed_after_the_request_needs_another_one(
    staff: HttpClient, other_staff: HttpClient, small: ContentDirectories
) -> None:
    draft = load(small)
    act(staff, "request_publication", draft)
    apps.get_model("conditions", "RedFlag").objects.filter(release=draft).update(action="Something else.")
    assert "was changed after the request" in act(other_staff, "approve_publication", draft)
    act(staff, "request_publication", draft)
    assert act(other_staff, "approve_publication", draft) == "Release 2026.1.1 is published."
    assert "only a draft can be published" in act(staff, "request_publication", draft)


def test_a_draft_that_is_wrong_is_not_published_and_says_why(
    staff: HttpClient,
    small: ContentDirectories,
) -> None:
    draft = load(small)
    apps.get_model("conditions", "RedFlag").objects.filter(release=draft).update(suspected=["no_such_condition"])
    assert "no_such_condition" in act(staff, "request_publication", draft)
    assert not Publication.objects.exists()


def test_a_release_is_cloned_whole_and_only_once(staff: HttpClient, small: ContentDirectories) -> None:
    release = publishing.publish(release=load(small))
    assert act(staff, "clone_as_draft", release) == "Release 2026.1.1-draft is draft."
    assert "There is a release 2026.1.1-draft already." in act(staff, "clone_as_draft", release)
    clone = Release.objects.get(version="2026.1.1-draft")
    assert apps.get_model("exercises", "Programme").objects.filter(release=clone).exists()
    assert publishing.publish(release=clone).status == "published"


def test_an_earlier_release_is_made_current_again(staff: HttpClient, small: ContentDirectories) -> None:
    first = conditions.current_release()
    publishing.publish(release=load(small))
    assert act(staff, "make_current", first) == f"Release {first.version} is the current one."
    assert conditions.current_release() == first
    two = {"action": "make_current", "_selected_action": [first.pk, Release.objects.get(version="2026.1.1").pk]}
    assert "Choose one release." in staff.post(RELEASES, two, follow=True).content.decode()


@pytest.mark.parametrize("action", ["request_publication", "approve_publication", "make_current"])
def test_who_may_only_look_cannot_publish(db: None, small: ContentDirectories, action: str) -> None:
    draft = load(small)
    before = conditions.current_release()
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_release"))
    http = HttpClient()
    http.force_login(reader)
    http.post(RELEASES, {"action": action, "_selected_action": [draft.pk]}, follow=True)
    assert (status_of(draft), conditions.current_release()) == ("draft", before)
    assert not Publication.objects.exists()
