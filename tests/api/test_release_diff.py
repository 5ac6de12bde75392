"""What changed between two releases, over HTTP."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client as HttpClient
from pytest_django import DjangoAssertNumQueries

from conditions import selectors
from conditions.actions import releases
from partners.models import Scope
from tests.api.test_assessments import client_with
from tests.unit.triage.conftest import small  # noqa: F401 - a fixture
from tests.unit.triage.test_publications import load, published, vignettes  # noqa: F401 - fixtures
from triage.actions import publishing
from triage.knowledge import forget_current

pytestmark = pytest.mark.django_db
BASE = "/api/v1/releases"


@pytest.fixture
def newer(published: Any) -> Any:  # noqa: F811 - the fixture
    """A release in which one weight, one red flag and the list of rows are others."""
    draft = publishing.clone(release=published, version="2026.1.2")
    row = selectors.evidence(draft).filter(condition__key="hip_fracture").first()
    assert row is not None
    row.probability, row.low, row.high = 0.5, 0.4, 0.6
    row.save()
    citation = selectors.citations(draft).first()
    assert citation is not None
    citation.pk, citation.key = None, "brand_new"
    citation.save()
    return publishing.publish(release=draft)


def diff(http: HttpClient, old: str, new: str, **headers: str) -> Any:
    return http.get(f"{BASE}/{old}/diff/{new}", headers=headers)


def test_rows_are_told_by_section_with_the_fields_that_changed(api: HttpClient, published: Any, newer: Any) -> None:  # noqa: F811
    told = diff(api, "2026.1.1", "2026.1.2").json()
    assert told["from"] == {"version": "2026.1.1", "digest": published.digest}
    assert told["to"] == {"version": "2026.1.2", "digest": newer.digest}
    assert told["sections"]["citations"] == {"added": ["brand_new"], "removed": [], "changed": []}
    (changed,) = told["sections"]["conditions"]["changed"]
    assert changed["id"] == "hip_fracture"
    fields = {field["field"]: field["after"] for field in changed["fields"]}
    (weight,) = [name for name in fields if name.endswith("/p")]
    assert (weight.split("/")[1], fields[weight]) == ("evidence", 0.5)
    assert told["sections"]["release"]["changed"] == [
        {"id": "release", "fields": [{"field": "/version", "before": "2026.1.1", "after": "2026.1.2"}]}
    ]
    assert told["sections"].keys() == {"citations", "conditions", "release"}
    back = diff(api, "2026.1.2", "2026.1.1").json()
    assert back["sections"]["citations"] == {"added": [], "removed": ["brand_new"], "changed": []}
    assert diff(api, "2026.1.1", "2026.1.1").json()["sections"] == {}


def test_without_vignettes_the_reason_is_told(api: HttpClient, newer: Any) -> None:
    told = diff(api, "2026.1.1", "2026.1.2").json()
    assert (told["vignettes"], told["vignettes_reason"]) == (None, "No vignettes are configured on this server.")


def test_vignettes_that_are_answered_otherwise_are_told(
    api: HttpClient,
    published: Any,  # noqa: F811
    vignettes: Path,  # noqa: F811
) -> None:
    draft = publishing.clone(release=published, version="2026.1.2")
    selectors.priors(draft).filter(condition__key="hip_fracture").update(curve={"0": 1e-6, "100": 1e-6})
    publishing.publish(release=draft)
    told = diff(api, "2026.1.1", "2026.1.2").json()
    assert told["vignettes_reason"] is None
    changed = told["vignettes"][0]
    assert (changed["vignette"], changed["stage"]) == ("v-1", "before")
    assert (changed["before"]["rank"], changed["after"]["rank"]) == (1, 2)
    assert diff(api, "2026.1.1", "2026.1.1").json()["vignettes"] == []


def test_a_diff_that_the_caller_has_is_not_sent_again(
    api: HttpClient,
    newer: Any,
    vignettes: Path,  # noqa: F811
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    etag = diff(api, "2026.1.1", "2026.1.2")["ETag"]
    with django_assert_num_queries(2):  # the two releases
        again = diff(api, "2026.1.1", "2026.1.2", if_none_match=etag)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert diff(api, "2026.1.2", "2026.1.1", if_none_match=etag).status_code == 200
    vignettes.write_text("", encoding="utf-8")
    assert diff(api, "2026.1.1", "2026.1.2", if_none_match=etag).status_code == 200


@pytest.mark.parametrize("pair", [("2026.1.1", "1.1.1"), ("1.1.1", "2026.1.1"), ("2026.1.1", "2026.1.9")])
def test_unknown_releases_and_drafts_are_not_found(api: HttpClient, published: Any, pair: tuple[str, str]) -> None:  # noqa: F811
    publishing.clone(release=published, version="2026.1.9")
    response = diff(api, *pair)
    assert (response.status_code, response.json()["type"]) == (404, "/problems/not-found")


def test_a_diff_needs_the_scope_of_the_catalogue(published: Any) -> None:  # noqa: F811
    assert diff(client_with(Scope.ASSESSMENTS_READ), "2026.1.1", "2026.1.1").status_code == 403


def test_the_catalogue_follows_the_way_back_and_its_etags_do_too(api: HttpClient, newer: Any, published: Any) -> None:  # noqa: F811
    def current() -> list[str]:
        return [row["version"] for row in api.get(BASE).json()["results"] if row["current"]]

    etags = {path: api.get(path)["ETag"] for path in (BASE, "/api/v1/findings")}
    assert current() == ["2026.1.2"]
    releases.use(release=published)
    forget_current()
    assert current() == ["2026.1.1"]
    assert api.get(f"{BASE}/2026.1.1").json()["current"] is True
    for path, etag in etags.items():
        assert api.get(path)["ETag"] != etag
    assert api.get("/api/v1/about").json()["knowledge"]["version"] == "2026.1.1"
    assert api.get("/readyz").json()["checks"]["knowledge"]["detail"] == "2026.1.1"
