"""Releases in the admin: cloned and published whole, with every problem told."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission, User
from django.test import Client as HttpClient
from django.urls import reverse

from tests.unit.triage.conftest import ContentDirectories
from triage.actions import publishing

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


def test_a_draft_is_published(staff: HttpClient, small: ContentDirectories) -> None:
    assert act(staff, "publish", load(small)) == "Release 2026.1.1 is published."
    assert Release.objects.get(version="2026.1.1").digest.startswith("sha256:")


def test_a_draft_that_is_wrong_is_not_published_and_says_why(
    staff: HttpClient,
    small: ContentDirectories,
) -> None:
    draft = load(small)
    apps.get_model("conditions", "RedFlag").objects.filter(release=draft).update(suspected=["no_such_condition"])
    assert "no_such_condition" in act(staff, "publish", draft)
    assert Release.objects.get(pk=draft.pk).status == "draft"


def test_a_release_is_cloned_whole_and_only_once(staff: HttpClient, small: ContentDirectories) -> None:
    release = publishing.publish(release=load(small))
    assert act(staff, "clone_as_draft", release) == "Release 2026.1.1-draft is draft."
    assert "There is a release 2026.1.1-draft already." in act(staff, "clone_as_draft", release)
    clone = Release.objects.get(version="2026.1.1-draft")
    assert apps.get_model("exercises", "Programme").objects.filter(release=clone).exists()
    assert act(staff, "publish", clone) == "Release 2026.1.1-draft is published."


def test_who_may_only_look_cannot_publish(db: None, small: ContentDirectories) -> None:
    draft = load(small)
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_release"))
    http = HttpClient()
    http.force_login(reader)
    http.post(RELEASES, {"action": "publish", "_selected_action": [draft.pk]}, follow=True)
    assert Release.objects.get(pk=draft.pk).status == "draft"
