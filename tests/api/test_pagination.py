"""Cursor pagination of lists."""

from typing import Any

import pytest
from django.test import Client as HttpClient

from partners.actions import organisations

pytestmark = [pytest.mark.urls("tests.api.trial_urls"), pytest.mark.django_db]


@pytest.fixture
def names() -> list[str]:
    """The names of 25 organisations, in order."""
    made = [f"Clinic {number:02}" for number in range(25)]
    for name in reversed(made):
        organisations.create(name=name, by="test")
    return made


def _walk(http: HttpClient, url: str, link: str = "next") -> list[dict[str, Any]]:
    pages = [http.get(url).json()]
    while pages[-1][link]:
        pages.append(http.get(pages[-1][link]).json())
        assert len(pages) < 100
    return pages


def _names(pages: list[dict[str, Any]]) -> list[str]:
    return [row["name"] for page in pages for row in page["results"]]


@pytest.mark.parametrize("size", [1, 7, 25, 200])
@pytest.mark.parametrize("ordering", ["name", "-name", "active", "-active,name"])
def test_every_row_comes_once(anyone: HttpClient, names: list[str], size: int, ordering: str) -> None:
    pages = _walk(anyone, f"/api/v1/organisations?page_size={size}&ordering={ordering}")
    assert all(page.keys() == {"next", "previous", "results"} for page in pages)
    assert sorted(_names(pages)) == names
    if "name" in ordering:
        assert _names(pages) == (names[::-1] if ordering == "-name" else names)


def test_the_way_back_is_the_way_there(anyone: HttpClient, names: list[str]) -> None:
    pages = _walk(anyone, "/api/v1/organisations?page_size=7")
    back = [pages[-1]]
    while back[-1]["previous"]:
        back.append(anyone.get(back[-1]["previous"]).json())
    assert _names(back[::-1]) == names


def test_ties_beyond_a_thousand_do_not_loop(anyone: HttpClient, names: list[str]) -> None:
    for number in range(1100):
        organisations.create(name=f"Tie {number}", by="test")
    pages = _walk(anyone, "/api/v1/organisations?page_size=200&ordering=active")
    assert len({*_names(pages)}) == 1125


def test_a_row_added_meanwhile_shifts_nothing(anyone: HttpClient, names: list[str]) -> None:
    first = anyone.get("/api/v1/organisations?page_size=10").json()
    organisations.create(name="AAA", by="test")
    assert _names([anyone.get(first["next"]).json()]) == names[10:20]


def test_a_cursor_is_not_good_for_another_order(anyone: HttpClient, names: list[str]) -> None:
    following = anyone.get("/api/v1/organisations?page_size=10&ordering=name").json()["next"]
    assert anyone.get(following.replace("ordering=name", "ordering=-name")).status_code == 400
    assert anyone.get(following.replace("ordering=name", "ordering=active")).status_code == 400
    assert anyone.get(following.replace("cursor=", "cursor=x")).status_code == 400


def test_filters_and_search_stay_on_the_way(anyone: HttpClient, names: list[str]) -> None:
    pages = _walk(anyone, "/api/v1/organisations?page_size=2&search=clinic%200&active=true")
    assert _names(pages) == [name for name in names if "0" in name]


def test_a_page_is_one_query(anyone: HttpClient, names: list[str], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        anyone.get("/api/v1/organisations")
