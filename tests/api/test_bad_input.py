"""Bodies that are not a case: each gets a problem that says what is wrong and where, and nothing is stored."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client as HttpClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partners import selectors as partners
from triage.models import Assessment

PATH = "/api/v1/assessments"
JSON = "application/json"
SECRET = "Mrs Example"


def case(**changes: Any) -> dict[str, Any]:
    """A body that is good but for the changes."""
    return {"patient": {"age": {"value": 61}}, "findings": [{"id": "pain_groin", "state": "present"}], **changes}


def finding(**changes: Any) -> dict[str, Any]:
    return case(findings=[{"id": "pain_groin", "state": "present", **changes}])


def patient(**changes: Any) -> dict[str, Any]:
    return case(patient={"age": {"value": 61}, **changes})


def measured(key: str, value: Any) -> dict[str, Any]:
    return case(measurements=[{"id": key, "value": value}])


@pytest.fixture
def refuse(api: HttpClient) -> Callable[..., list[dict[str, str]]]:
    """Send a body that must be refused; gives what is said to be wrong with it."""
    events = partners.audit_events().count()

    def send(body: Any, status: int = 422, slug: str = "invalid-input", **options: Any) -> list[dict[str, str]]:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        response = api.generic("POST", PATH, raw, **{"content_type": JSON, **options})
        assert_problem(response, status, slug)
        assert not Assessment.objects.exists()
        assert partners.audit_events().count() == events
        errors: list[dict[str, str]] = response.json().get("errors", [])
        return errors

    return send


Refuse = Callable[..., list[dict[str, str]]]


def assert_problem(response: Any, status: int, slug: str) -> None:
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = json.loads(response.content)
    assert (problem["type"], problem["status"]) == (f"/problems/{slug}", status)
    assert problem["instance"] == response.headers["X-Request-Id"]
    assert SECRET not in response.content.decode()


# Not JSON at all


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nonsense",
        b'{"patient": }',
        b"{'patient': 1}",
        b'{"patient": {"age": {"value": NaN}}}',
        b'{"patient": {"age": {"value": Infinity}}}',
        b'{"patient": {"age": {"value": -Infinity}}}',
        b'{"patient": {"age": {"value": 1e999}}}',
        b'{"patient": {"reference": "\xff\xfe"}}',
        b'{"patient": {"reference": "\xed\xa0\x80"}}',
        b'{"patient": {"reference": "\\ud800"}}',
        b"\xef\xbb\xbf{}",
        b"\xff\xfe{\x00}\x00",
        b"[" * 100_000,
        b'{"findings":' * 5000 + b"[]" + b"}" * 5000,
        b'{"findings": [{"id": "pain_groin"',
        b'{"a": 1}{"b": 2}',
        b'{"a": "\n"}',
    ],
)
def test_what_is_not_json_is_malformed(refuse: Refuse, body: bytes) -> None:
    assert refuse(body, 400, "malformed-body") == []


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/xml", "multipart/form-data; boundary=x", "application/json; charset=latin-1"],
)
def test_another_content_type_is_refused(refuse: Refuse, content_type: str) -> None:
    refuse(case(), 415, "unsupported-media-type", content_type=content_type)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "TRACE", "BREW"])
def test_another_method_is_refused_with_what_is_allowed(api: HttpClient, method: str) -> None:
    for path, allowed in (
        (PATH, "GET, POST, HEAD, OPTIONS"),
        (f"{PATH}/{'0' * 8}-0000-7000-8000-{'0' * 12}", "GET, DELETE, HEAD, OPTIONS"),
        (f"{PATH}/{'0' * 8}-0000-7000-8000-{'0' * 12}/outcome", "GET, POST, HEAD, OPTIONS"),
    ):
        response = api.generic(method, path, b"{}", content_type=JSON)
        assert_problem(response, 405, "method-not-allowed")
        assert response.headers["Allow"] == allowed


def test_ten_megabytes_are_refused(refuse: Refuse) -> None:
    body = json.dumps(case()).encode()
    refuse(body + b" " * (10 * 1024 * 1024), 413, "body-too-large")
    refuse(body + b" " * django_settings.DATA_UPLOAD_MAX_MEMORY_SIZE, 413, "body-too-large")


# JSON, but no case

WRONG_TYPES = [
    ([], ""),
    ("text", ""),
    (None, ""),
    (7, ""),
    (True, ""),
    (patient(age=None), "/patient/age"),
    (patient(age=61), "/patient/age"),
    (patient(age={"value": "61"}), "/patient/age/value"),
    (patient(age={"value": True}), "/patient/age/value"),
    (patient(age={"value": None}), "/patient/age/value"),
    (patient(age={"value": [61]}), "/patient/age/value"),
    (patient(age={"unit": "year"}), "/patient/age/value"),
    (patient(age={"value": 61, "unit": "decade"}), "/patient/age/unit"),
    (patient(sex="f"), "/patient/sex"),
    (patient(sex=None), "/patient/sex"),
    (patient(reference=7), "/patient/reference"),
    (patient(reference=""), "/patient/reference"),
    (patient(reference="a" * 129), "/patient/reference"),
    (patient(reference="a\nb"), "/patient/reference"),
    (patient(name=SECRET), "/patient/name"),
    (case(patient=None), "/patient"),
    (case(patient=[]), "/patient"),
    ({"findings": [{"id": "pain_groin", "state": "present"}]}, "/patient"),
    (case(findings=None), "/findings"),
    (case(findings={}), "/findings"),
    (case(findings="pain_groin"), "/findings"),
    (case(findings=["pain_groin"]), "/findings/0"),
    (case(findings=[None]), "/findings/0"),
    (finding(id=7), "/findings/0/id"),
    (finding(id=None), "/findings/0/id"),
    (finding(id=["pain_groin"]), "/findings/0/id"),
    (finding(state="yes"), "/findings/0/state"),
    (finding(state=True), "/findings/0/state"),
    (finding(source="neighbour"), "/findings/0/source"),
    (finding(note=SECRET), "/findings/0/note"),
    (case(findings=[{"id": "pain_groin"}]), "/findings/0/state"),
    (case(measurements={}), "/measurements"),
    (case(measurements=[7]), "/measurements/0"),
    (measured("pain_nprs", "6"), "/measurements/0/value"),
    (measured("pain_nprs", None), "/measurements/0/value"),
    (measured("pain_nprs", True), "/measurements/0/value"),
    (case(respondent="neighbour"), "/respondent"),
    (case(setting="moon"), "/setting"),
    (case(setting=["primary_care"]), "/setting"),
    (case(side="top"), "/side"),
    (case(options=[]), "/options"),
    (case(options={"store": "false"}), "/options/store"),
    (case(options={"store": 0}), "/options/store"),
    (case(options={"max_causes": 0}), "/options/max_causes"),
    (case(options={"max_causes": 2.5}), "/options/max_causes"),
    (case(options={"max_causes": 10**30}), "/options/max_causes"),
    (case(options={"locale": "xx"}), "/options/locale"),
    (case(options={"audience": "everybody"}), "/options/audience"),
    (case(options={"more": SECRET}), "/options/more"),
    (case(diagnosis=SECRET), "/diagnosis"),
    (case(**{"a/b~c": 1}), "/a~1b~0c"),
]


@pytest.mark.parametrize(("body", "pointer"), WRONG_TYPES, ids=[f"{i} {row[1]}" for i, row in enumerate(WRONG_TYPES)])
def test_a_wrong_type_is_pointed_at(refuse: Refuse, body: Any, pointer: str) -> None:
    errors = refuse(body)
    assert [error["pointer"] for error in errors] == [pointer], errors
    assert all(error["code"] and error["detail"] for error in errors)


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        (patient(age={"value": -1}), "/patient/age/value", "greater_than_equal"),
        (patient(age={"value": 120.01}), "/patient/age", "out_of_range"),
        (patient(age={"value": 1441, "unit": "month"}), "/patient/age", "out_of_range"),
        (patient(age={"value": 43831, "unit": "day"}), "/patient/age", "out_of_range"),
        (patient(age={"value": 1e308}), "/patient/age", "out_of_range"),
        (patient(age={"value": 10**300, "unit": "day"}), "/patient/age", "out_of_range"),
        (measured("temperature_c", 24.9), "/measurements/0", "out_of_range"),
        (measured("temperature_c", 98.6), "/measurements/0", "out_of_range"),
        (measured("pain_nprs", 11), "/measurements/0", "out_of_range"),
        (measured("pain_nprs", -1), "/measurements/0", "out_of_range"),
        (measured("symptom_duration_days", 10**18), "/measurements/0", "out_of_range"),
        (case(findings=[]), "", "nothing_said"),
        (case(findings=[], measurements=[]), "", "nothing_said"),
        (case(findings=[{"id": "pain_groin", "state": "absent"}] * 501), "/findings", "too_long"),
        (case(measurements=[{"id": "pain_nprs", "value": 6}] * 101), "/measurements", "too_long"),
        (finding(id=""), "/findings/0/id", "unknown_finding"),
        (finding(id="hip_osteoarthritis"), "/findings/0/id", "unknown_finding"),
        (measured("shoe_size", 42), "/measurements/0/id", "unknown_measurement"),
    ],
)
def test_a_value_that_cannot_be_is_named(refuse: Refuse, body: Any, pointer: str, code: str) -> None:
    assert [(error["pointer"], error["code"]) for error in refuse(body)] == [(pointer, code)]


@pytest.mark.parametrize("unit", ["year", "month", "day"])
def test_the_oldest_age_is_taken(api: HttpClient, unit: str) -> None:
    oldest = {"year": 120, "month": 1440, "day": 43830}[unit]
    response = api.post(PATH, patient(age={"value": oldest, "unit": unit}), content_type=JSON)
    assert response.status_code == 201, response.content


@pytest.mark.parametrize(
    ("body", "nearest"),
    [
        (finding(id="pain_groins"), "pain_groin"),
        (finding(id="groin_pain"), "pain_groin"),
        (finding(id="fevr"), "fever"),
        (measured("temperature", 38), "temperature_c"),
    ],
)
def test_an_unknown_id_is_met_with_the_nearest_known(refuse: Refuse, body: Any, nearest: str) -> None:
    (error,) = refuse(body)
    assert "Nearest known:" in error["detail"]
    assert nearest in error["detail"]


def test_an_unknown_id_is_not_repeated(refuse: Refuse) -> None:
    refuse(finding(id=SECRET))
    refuse(finding(id=SECRET + "x" * 100))


def test_every_derived_finding_is_refused(refuse: Refuse, derived: list[str]) -> None:
    errors = refuse(case(findings=[{"id": key, "state": "present"} for key in derived]))
    assert [error["code"] for error in errors] == ["derived_finding"] * len(derived)


@pytest.fixture
def derived(bundled: Any) -> list[str]:
    """What is worked out from age and sex."""
    keys = [finding.key for finding in bundled.compiled.findings if finding.derived_from_demographics]
    assert keys
    return keys


def test_the_same_id_said_differently_is_a_contradiction(refuse: Refuse) -> None:
    findings = [{"id": "pain_groin", "state": state} for state in ("present", "absent", "present", "unknown")]
    measurements = [{"id": "pain_nprs", "value": value} for value in (6, 7)]
    errors = refuse(case(findings=findings, measurements=measurements))
    assert {(error["pointer"], error["code"]) for error in errors} == {
        ("/findings/1", "contradiction"),
        ("/findings/3", "contradiction"),
        ("/measurements/1", "contradiction"),
    }


def test_the_same_id_said_the_same_twice_is_taken(api: HttpClient) -> None:
    response = api.post(PATH, case(findings=[{"id": "pain_groin", "state": "present"}] * 2), content_type=JSON)
    assert response.status_code == 201


def test_ten_thousand_findings_are_refused(refuse: Refuse) -> None:
    (error,) = refuse(case(findings=[{"id": "pain_groin", "state": "present"}] * 10_000))
    assert (error["pointer"], error["code"]) == ("/findings", "too_long")


def test_everything_that_is_wrong_is_told_at_once(refuse: Refuse) -> None:
    body = {
        "patient": {"age": {"value": -1, "unit": SECRET}, "sex": SECRET, "name": SECRET},
        "findings": [
            {"id": "pain_groins", "state": "present"},
            {"id": "fever", "state": "present"},
            {"id": "fever", "state": "absent"},
            {"id": "limp", "state": SECRET},
        ],
        "measurements": [{"id": "temperature_c", "value": 500}, {"id": "shoe_size", "value": "x"}],
        "setting": SECRET,
    }
    assert {error["pointer"] for error in refuse(body)} == {
        *("/patient/age/value", "/patient/age/unit", "/patient/sex", "/patient/name"),
        *("/findings/0/id", "/findings/2", "/findings/3/state"),
        *("/measurements/0", "/measurements/1/id", "/measurements/1/value", "/setting"),
    }


def test_a_nul_character_is_pointed_at(refuse: Refuse) -> None:
    errors = refuse(
        rb'{"patient": {"age": {"value": 61}, "reference": "a\u0000b"}, "findings": [{"id": "fever", "\u0000": 1}]}'
    )
    assert [(error["pointer"], error["code"]) for error in errors] == [
        ("/patient/reference", "nul_character"),
        ("/findings/0/\x00", "nul_character"),
    ]


@pytest.mark.parametrize("path", [f"{PATH}/none", f"{PATH}/{'0' * 40}", f"{PATH}/"])
def test_an_id_that_is_none_is_not_found(api: HttpClient, path: str) -> None:
    assert_problem(api.get(path), 404, "not-found")


# Anything at all

KEYS = st.sampled_from(
    [
        *("patient", "age", "value", "unit", "sex", "reference", "respondent", "setting", "side", "findings", "id"),
        *("state", "source", "measurements", "options", "store", "max_causes", "locale", "audience"),
    ]
)
WORDS = st.sampled_from(
    ["year", "day", "female", "pain_groin", "fever", "present", "absent", "pain_nprs", "emergency", "en", "patient", ""]
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | WORDS
    | st.text(alphabet=st.characters(codec="utf-8"), max_size=20)
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=20
)
NEAR_CASES = st.fixed_dictionaries(
    {},
    optional={
        "patient": st.fixed_dictionaries({"age": st.fixed_dictionaries({"value": LEAVES}) | VALUES}) | VALUES,
        "findings": st.lists(st.fixed_dictionaries({"id": WORDS, "state": WORDS}) | VALUES, max_size=5) | VALUES,
        "measurements": st.lists(st.fixed_dictionaries({"id": WORDS, "value": LEAVES}), max_size=3) | VALUES,
        "options": st.fixed_dictionaries({"store": st.booleans()}) | VALUES,
        "setting": WORDS | VALUES,
    },
)


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(body=NEAR_CASES | VALUES)
def test_no_body_breaks_the_service(api: HttpClient, body: Any) -> None:
    before = Assessment.objects.count()
    response = api.generic("POST", PATH, json.dumps(body).encode(), content_type=JSON)
    assert response.status_code in {200, 201, 400, 413, 415, 422}, response.content
    assert Assessment.objects.count() == before + (response.status_code == 201)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=200))
def test_no_bytes_break_the_service(api: HttpClient, body: bytes) -> None:
    response = api.generic("POST", PATH, body, content_type=JSON)
    assert response.status_code in {400, 422}
    assert not Assessment.objects.exists()
