"""Parts that are going away say so, in their answers and in the document."""

import json
from typing import Any

import pytest
from django.test import Client as HttpClient

pytestmark = pytest.mark.urls("tests.api.trial_urls")
PATH = "/api/v1/leaving"
# 2027-01-01 and 2026-12-01, at midnight UTC.
OPERATION = {
    "Deprecation": "@1798761600",
    "Sunset": "Thu, 01 Jul 2027 00:00:00 GMT",
    "Link": '</news>; rel="deprecation"; type="text/html"',
}
PARAMETER = {"Deprecation": "@1796083200", "Link": '</api/v1/docs>; rel="deprecation"; type="text/html"'}


def told(response: Any) -> dict[str, str]:
    return {name: response.headers[name] for name in OPERATION if name in response.headers}


def document(http: HttpClient) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(http.get("/api/v1/schema?format=json").content)
    return whole


def test_a_deprecated_operation_says_so_in_every_answer(anyone: HttpClient) -> None:
    assert told(anyone.get(PATH)) == told(anyone.head(PATH)) == OPERATION
    assert told(anyone.get(PATH, headers={"accept": "image/png"})) == OPERATION


def test_what_stays_says_nothing(anyone: HttpClient) -> None:
    assert told(anyone.post(PATH)) == told(anyone.get("/")) == told(anyone.get("/none")) == {}


def test_a_deprecated_parameter_says_so_where_it_is_sent(anyone: HttpClient) -> None:
    assert told(anyone.post(f"{PATH}?colour=red")) == PARAMETER
    assert told(anyone.post(f"{PATH}?size=1")) == {}


def test_of_several_parts_the_one_that_goes_first_is_told(anyone: HttpClient) -> None:
    assert told(anyone.get(f"{PATH}?colour=red")) == OPERATION


def test_the_document_shows_it(anyone: HttpClient) -> None:
    leaving, staying = (document(anyone)["paths"][PATH][method] for method in ("get", "post"))
    assert leaving["deprecated"] is True
    assert "Deprecated since 2027-01-01, may be gone from 2027-07-01 on." in leaving["description"]
    assert leaving["responses"]["200"]["headers"].keys() >= OPERATION.keys()
    assert "deprecated" not in staying
    colour, size = (parameter for parameter in staying["parameters"])
    assert (colour["deprecated"], colour["description"]) == (True, "A colour. Deprecated since 2026-12-01.")
    assert "deprecated" not in size
    body = document(anyone)["components"]["schemas"]["LeavingBody"]["properties"]
    assert (body["old"]["deprecated"], "deprecated" in body["new"]) == (True, False)


@pytest.mark.urls("hipcare.urls")
def test_nothing_is_deprecated_yet(anyone: HttpClient) -> None:
    operations = [each for item in document(anyone)["paths"].values() for each in item.values()]
    parts = [*operations, *(parameter for each in operations for parameter in each.get("parameters", ()))]
    assert not any(part.get("deprecated") for part in parts)
