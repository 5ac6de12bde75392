"""`/about`: the product label."""

import pytest
from django.test import Client as HttpClient

from hipcare import __version__
from triage.engine import ENGINE_VERSION
from triage.knowledge import ReleaseKnowledge

pytestmark = pytest.mark.django_db


def test_it_says_what_this_is_for_and_what_it_is_not(api: HttpClient, bundled: ReleaseKnowledge) -> None:
    about = api.get("/api/v1/about").json()
    assert about.keys() == {
        *("name", "version", "engine_version", "knowledge", "intended_use", "intended_users", "intended_population"),
        *("not_intended_for", "limitations", "disclaimer", "licence"),
    }
    assert all(about.values())
    assert (about["version"], about["engine_version"]) == (__version__, ENGINE_VERSION)
    knowledge = bundled.compiled.knowledge
    assert about["knowledge"] == {"version": knowledge.version, "digest": knowledge.digest}
    assert knowledge.digest.startswith("sha256:")


def test_the_service_is_ready_with_the_release(anyone: HttpClient, bundled: ReleaseKnowledge) -> None:
    ready = anyone.get("/readyz").json()
    assert ready["status"] == "ready"
    assert ready["checks"]["knowledge"] == {"ok": True, "detail": bundled.compiled.knowledge.version}


def test_only_reading_is_possible(api: HttpClient) -> None:
    response = api.post("/api/v1/about", {}, content_type="application/json")
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
