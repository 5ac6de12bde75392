"""The knowledge in the admin: drafts can be edited, published releases are only shown."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from conditions.content_rows import TABLES
from conditions.models import Finding, Release

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("curator"))
    return client


@pytest.mark.parametrize("table", [Release, *TABLES], ids=lambda table: table.__name__)
def test_every_table_is_listed_and_searched(staff: Client, published: Release, table: type[Release]) -> None:
    assert table in admin.site._registry
    url = reverse(f"admin:conditions_{table._meta.model_name}_changelist")
    assert staff.get(url, {"q": "a"}).status_code == 200


def test_a_row_of_a_draft_can_be_edited(staff: Client, draft: Release) -> None:
    finding = Finding.objects.get(release=draft, key="fever")
    page = staff.get(reverse("admin:conditions_finding_change", args=[finding.pk]))
    assert b'name="_save"' in page.content


def test_a_row_of_a_published_release_is_only_shown(staff: Client, published: Release) -> None:
    finding = Finding.objects.get(release=published, key="fever")

    assert b'name="_save"' not in staff.get(reverse("admin:conditions_finding_change", args=[finding.pk])).content
    assert staff.post(reverse("admin:conditions_finding_delete", args=[finding.pk]), {"post": "yes"}).status_code == 403
    assert staff.get(reverse("admin:conditions_release_change", args=[published.pk])).status_code == 200


def test_releases_are_not_typed_in(staff: Client) -> None:
    assert staff.get(reverse("admin:conditions_release_add")).status_code == 403


def test_a_release_is_cloned_as_a_draft_once(staff: Client, published: Release) -> None:
    action = {"action": "clone_as_draft", "_selected_action": [published.pk]}
    url = reverse("admin:conditions_release_changelist")

    staff.post(url, action)
    again = staff.post(url, action, follow=True)

    assert Release.objects.get(version="2026.1.1-draft").status == "draft"
    assert b"There is a release 2026.1.1-draft already." in again.content
