"""What leaves a trace: reads, refusals, sign-ins, the pages of staff; and the partner's own trail."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client as HttpClient
from django.urls import get_resolver, reverse
from pytest_django import DjangoAssertNumQueries, DjangoDbBlocker

from partners import selectors as partners
from partners.actions import clients, tokens
from partners.api.permissions import required_scopes
from partners.models import AuditEvent, Client, Outcome, Scope
from tests import audit_trail
from tests.api.test_assessments import JSON, NOBODYS, PATH, case, client_with
from tests.api.test_follow_ups import RATED, follow
from tests.api.test_programme import stored
from tests.api.test_replay import assessed, without_instance
from triage.models import Assessment

TRAIL = "/api/v1/audit-events"
WORKLIST = reverse("admin:triage_assessment_changelist")
ACCURACY = reverse("admin:triage_assessment_accuracy")
READS = {
    "": "assessment.read",
    "/follow-ups": "follow_up.listed",
    "/outcome": "outcome.read",
    "/trajectory": "trajectory.read",
    "/trajectory.svg": "trajectory.read",
    "/programme": "programme.read",
    "/programme/page": "programme.page_read",
    "/programme/calendar?start=2026-05-04": "programme.calendar_read",
}
WRITES = {
    "/follow-ups": "follow_up.created",
    "/outcome": "outcome.reported",
    "/replay": "assessment.replayed",
}
OUTCOME = {"condition": "hip_osteoarthritis", "confirmed_by": "imaging", "confirmed_on": "2026-02-20"}


def last() -> AuditEvent:
    return partners.audit_events()[0]


def told(event: AuditEvent) -> tuple[str, str, str, str]:
    return event.action, event.resource_type, event.resource_id, event.outcome


def id_of(place: str) -> str:
    return place.rsplit("/", maxsplit=1)[-1]


# Reads


@pytest.mark.parametrize("path", READS)
def test_a_read_leaves_a_row(api: HttpClient, partner: Client, path: str) -> None:
    place = f"{PATH}/{stored(api, 'osteoarthritis_screened')['id']}"
    api.post(f"{place}/outcome", OUTCOME, content_type=JSON)
    before = partners.audit_events().count()
    response = api.get(f"{place}{path}", headers={"accept": "*/*"})
    assert response.status_code == 200
    assert partners.audit_events().count() == before + 1
    event = last()
    assert told(event) == (READS[path], "assessment", id_of(place), "succeeded")
    assert (event.organisation_id, event.client_id, event.actor) == (partner.organisation_id, partner.id, "")
    assert event.request_id == response.headers["X-Request-Id"]


def test_reading_a_follow_up_names_it(api: HttpClient) -> None:
    place = assessed(api)
    answer = follow(api, place, RATED)
    api.head(answer.headers["Location"])
    assert told(last()) == ("follow_up.read", "follow_up", answer.json()["id"], "succeeded")


def test_a_list_leaves_a_row_without_ids(api: HttpClient) -> None:
    assessed(api)
    api.get(PATH)
    assert told(last()) == ("assessment.listed", "assessment", "", "succeeded")


def test_the_catalogue_leaves_no_row(api: HttpClient) -> None:
    before = partners.audit_events().count()
    assert api.get("/api/v1/conditions").status_code == 200
    assert api.get("/api/v1/conditions/none").status_code == 404
    assert api.options(PATH).status_code == 200
    assert partners.audit_events().count() == before


@pytest.mark.usefixtures("clock")
def test_a_read_is_slowed_by_one_statement(api: HttpClient, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    place = assessed(api)
    with django_assert_num_queries(2):  # the answer, the audit row
        api.get(place)


def test_every_operation_on_records_is_in_the_trail() -> None:
    of_records = {Scope.ASSESSMENTS_READ, Scope.ASSESSMENTS_WRITE, Scope.AUDIT_READ}
    found = 0
    for view in _views():
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            if hasattr(view, method.lower()) and required_scopes(view, method) & of_records:
                found += 1
                assert method in view.audited, (view, method)
    assert found > len(READS) + len(WRITES)


def _views(patterns: Any = None) -> Iterator[Any]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _views(pattern.url_patterns)
        elif hasattr(pattern.callback, "cls"):
            yield pattern.callback.cls


# Refusals


@pytest.mark.parametrize("path", READS)
def test_another_organisations_record_is_refused_and_told_to_nobody_else(api: HttpClient, path: str) -> None:
    place, other = assessed(api), client_with(*Scope.values)
    api.post(f"{place}/outcome", OUTCOME, content_type=JSON)
    theirs = other.get(f"{place}{path}", headers={"accept": "*/*"})
    event = last()
    assert told(event) == (READS[path], "assessment", id_of(place), "refused")
    owner = Assessment.objects.get().organisation_id
    assert event.organisation_id not in (None, owner)
    assert not partners.audit_events(organisation_id=owner).filter(outcome="refused").exists()
    nobodys = other.get(f"{PATH}/{NOBODYS}{path}", headers={"accept": "*/*"})
    assert told(last()) == (READS[path], "assessment", NOBODYS, "refused")
    assert theirs.status_code == nobodys.status_code == 404
    assert without_instance(theirs) == without_instance(nobodys)
    assert {*theirs.headers} == {*nobodys.headers}


@pytest.mark.parametrize("path", WRITES)
def test_a_write_to_another_organisations_record_is_refused(api: HttpClient, path: str) -> None:
    place, other = assessed(api), client_with(*Scope.values)
    body = {"/outcome": OUTCOME, "/follow-ups": RATED}.get(path, {})
    assert other.post(f"{place}{path}", body, content_type=JSON).status_code == 404
    assert told(last()) == (WRITES[path], "assessment", id_of(place), "refused")
    assert other.delete(place).status_code == 404
    assert told(last()) == ("assessment.erased", "assessment", id_of(place), "refused")


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", f"{PATH}/{NOBODYS}", ("assessment.read", "assessment", NOBODYS)),
        ("POST", PATH, ("assessment.created", "assessment", "")),
        ("POST", "/api/v1/interview/next", ("interview.continued", "interview", "")),
        ("POST", "/api/v1/what-if", ("what_if.computed", "what_if", "")),
        ("GET", TRAIL, ("audit_event.listed", "audit_event", "")),
        ("GET", "/api/v1/conditions", ("operation.called", "condition-list", "")),
    ],
)
def test_a_missing_scope_is_told(db: None, method: str, path: str, expected: tuple[str, str, str]) -> None:
    assert client_with().generic(method, path, "{}", content_type=JSON).status_code == 403
    assert told(last()) == (*expected, "refused")


def test_calls_without_the_scope_use_up_the_rate(db: None, settings: Any) -> None:
    settings.HIPCARE_RATE_LIMITS = {"read": "2/minute", "write": "none"}
    nobody = client_with()
    statuses = [nobody.get(PATH).status_code for _ in range(4)]
    assert statuses == [403, 403, 429, 429]
    assert partners.audit_events().filter(outcome="refused").count() == 2


def test_whoever_is_not_known_leaves_no_row(db: None) -> None:
    assert HttpClient().get(PATH).status_code == 401
    assert HttpClient(headers={"authorization": "Bearer nothing"}).get(PATH).status_code == 401
    assert not partners.audit_events().exists()


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[HttpClient]:
    """A partner in a database without a transaction around the test; all of it is removed afterwards."""
    with django_db_blocker.unblock():
        yield client_with(*Scope.values)
        audit_trail.forget_partners()


def test_the_row_of_a_refused_transaction_stays(committed: HttpClient) -> None:
    assert committed.post(f"{PATH}/{NOBODYS}/outcome", OUTCOME, content_type=JSON).status_code == 404
    assert told(last()) == ("outcome.reported", "assessment", NOBODYS, "refused")


def test_without_its_row_there_is_no_answer(committed: HttpClient) -> None:
    place = assessed(committed)
    refuse = "CREATE RULE no_rows AS ON INSERT TO partners_auditevent DO INSTEAD SELECT 1/0"
    with connection.cursor() as cursor:
        cursor.execute(refuse)
    try:
        shown, refused = committed.get(place), committed.get(f"{PATH}/{NOBODYS}")
        asked = committed.post(PATH, case(), content_type=JSON)
    finally:
        with connection.cursor() as cursor:  # every request gives its connection back
            cursor.execute("DROP RULE no_rows ON partners_auditevent")
    assert (shown.status_code, refused.status_code, asked.status_code) == (500, 500, 500)
    assert "urgency" not in shown.content.decode()
    assert Assessment.objects.count() == 1


def test_what_fails_through_a_fault_of_ours_is_told(api: HttpClient) -> None:
    place = assessed(api)
    row = Assessment.objects.get()
    row.answer = b"{}"
    row.save()
    assert api.get(f"{place}/programme").status_code == 500
    assert told(last()) == ("programme.read", "assessment", id_of(place), "failed")


# Tokens


def test_tokens_are_told_granted_and_refused(partner: Client) -> None:
    _, secret = tokens.issue(client=partner, by="test", kind="client_secret")
    form = "application/x-www-form-urlencoded"

    def post(used: str, **more: str) -> int:
        body = "&".join(f"{name}={value}" for name, value in {"grant_type": "client_credentials", **more}.items())
        header = base64.b64encode(f"{partner.id}:{used}".encode()).decode()
        headers = {"authorization": f"Basic {header}"}
        return int(HttpClient().post("/oauth/token", body, content_type=form, headers=headers).status_code)

    assert (post(secret), told(last())) == (200, ("token.granted", "client", str(partner.id), "succeeded"))
    assert (post("wrong"), told(last())) == (401, ("token.granted", "client", str(partner.id), "refused"))
    assert last().organisation_id == partner.organisation_id
    rows = partners.audit_events().count()
    assert (post(secret, scope="nonsense"), partners.audit_events().count()) == (400, rows + 1)
    clients.change(client=partner, name=partner.name, scopes=partner.scopes, active=False, by="test")
    assert (post(secret), told(last())) == (401, ("token.granted", "client", str(partner.id), "refused"))
    rows = partners.audit_events().count()
    body = f"grant_type=client_credentials&client_id={NOBODYS}&client_secret=wrong"
    assert HttpClient().post("/oauth/token", body, content_type=form).status_code == 401
    assert partners.audit_events().count() == rows


# Staff


@pytest.fixture
def staff(db: None) -> HttpClient:
    """A browser in which a superuser is signed in."""
    http = HttpClient()
    http.force_login(User.objects.create_superuser("coordinator", password="a long one for a test"))
    return http


def test_signing_in_and_out_and_failing_to(staff: HttpClient) -> None:
    user = User.objects.get()
    assert (told(last()), last().actor) == (("staff.signed_in", "staff", str(user.pk), "succeeded"), f"staff:{user.pk}")
    staff.post(reverse("admin:logout"))
    assert told(last()) == ("staff.signed_out", "staff", str(user.pk), "succeeded")
    page = reverse("admin:login")
    HttpClient().post(page, {"username": "coordinator", "password": "wrong"})
    assert (told(last()), last().actor) == (("staff.signed_in", "staff", str(user.pk), "refused"), "anybody")
    HttpClient().post(page, {"username": "my-password-by-mistake", "password": "wrong"})
    assert told(last()) == ("staff.signed_in", "staff", "", "refused")
    assert "mistake" not in str(list(AuditEvent.objects.values()))
    HttpClient().post(page, {"username": "coordinator", "password": "a long one for a test"})
    assert told(last()) == ("staff.signed_in", "staff", str(user.pk), "succeeded")


def test_what_staff_look_at(staff: HttpClient, api: HttpClient, partner: Client) -> None:
    key = id_of(assessed(api))
    assert staff.get(reverse("admin:triage_assessment_change", args=[key])).status_code == 200
    event = last()
    assert told(event) == ("assessment.read", "assessment", key, "succeeded")
    assert (event.organisation_id, event.actor) == (partner.organisation_id, f"staff:{User.objects.get().pk}")
    for path, action, resource_type in (
        (WORKLIST, "assessment.listed", "assessment"),
        (f"{WORKLIST}?q=8f1c-somebody", "assessment.searched", "assessment"),
        (ACCURACY, "assessment.accuracy_read", "assessment"),
        (reverse("admin:partners_auditevent_changelist"), "audit_event.listed", "audit_event"),
    ):
        assert staff.get(path).status_code == 200
        assert told(last()) == (action, resource_type, "", "succeeded")
    assert "somebody" not in str(list(AuditEvent.objects.values()))
    number = str(last().pk)
    assert staff.get(reverse("admin:partners_auditevent_change", args=[number])).status_code == 200
    assert told(last()) == ("audit_event.read", "audit_event", number, "succeeded")


@pytest.mark.parametrize(("permission", "status"), [(None, 403), ("view_assessment", 200)])
def test_staff_who_may_not_look_are_told(api: HttpClient, permission: str | None, status: int) -> None:
    user = User.objects.create_user("reader", is_staff=True)
    if permission:
        user.user_permissions.add(Permission.objects.get(codename=permission))
    http = HttpClient()
    http.force_login(user)
    key, outcome = id_of(assessed(api)), Outcome.SUCCEEDED if status == 200 else Outcome.REFUSED
    assert http.get(WORKLIST).status_code == status
    assert told(last()) == ("assessment.listed", "assessment", "", outcome)
    assert http.get(reverse("admin:triage_assessment_change", args=[key])).status_code == status
    assert told(last()) == ("assessment.read", "assessment", key, outcome)
    for odd in ("_00", "x" * 500, "nonsense"):
        assert http.get(f"{WORKLIST}{odd}/change/").status_code in (302, 403)
    assert http.get(ACCURACY).status_code == status


# The partner's own trail


def events(http: HttpClient, **query: Any) -> list[dict[str, Any]]:
    response = http.get(TRAIL, query)
    assert response.status_code == 200, response.content
    rows: list[dict[str, Any]] = response.json()["results"]
    return rows


def test_a_partner_reads_its_own_trail_and_no_other(api: HttpClient, partner: Client) -> None:
    other = client_with(*Scope.values)
    assessed(other)
    place = assessed(api)
    api.get(place)
    first = events(api)[0]
    event = partners.audit_events().exclude(action="audit_event.listed")[0]
    assert first == {
        "id": f"{event.lane}-{event.number}",
        "at": event.at.isoformat().replace("+00:00", "Z"),
        "action": "assessment.read",
        "outcome": "succeeded",
        "resource_type": "assessment",
        "resource_id": id_of(place),
        "client": str(partner.id),
        "actor": "",
        "request_id": event.request_id,
        "previous_hash": bytes(event.previous_hash).hex(),
        "hash": bytes(event.hash).hex(),
    }
    mine = partners.audit_events(organisation_id=partner.organisation_id)
    assert len(events(api, page_size=200)) == mine.count() - 1  # but for the row of this very reading
    assert events(api)[0]["action"] == "audit_event.listed"


def test_the_trail_is_filtered(api: HttpClient, partner: Client) -> None:
    place = assessed(api)
    api.get(place)
    api.get(f"{PATH}/{NOBODYS}")
    at = events(api, outcome="refused")[0]["at"]
    assert [row["resource_id"] for row in events(api, outcome=["refused", "failed"])] == [NOBODYS]
    assert [row["action"] for row in events(api, resource_id=id_of(place))] == ["assessment.read", "assessment.created"]
    assert {row["action"] for row in events(api, resource_type="assessment", client=partner.id)} == {
        "assessment.read",
        "assessment.created",
    }
    assert len(events(api, action="assessment.created")) == 1
    assert [row["outcome"] for row in events(api, at_after=at, action="assessment.read")] == ["refused"]
    assert [row["outcome"] for row in events(api, at_before=at, action="assessment.read")] == ["succeeded"]
    request_id = events(api, action="assessment.created")[0]["request_id"]
    assert len(events(api, request_id=request_id)) == 1
    for name, value in (("outcome", "perhaps"), ("at_after", "yesterday"), ("client", "x"), ("action", "\x00")):
        response = api.get(TRAIL, {name: value})
        assert (response.status_code, response.json()["type"]) == (400, "/problems/invalid-parameters")
        assert [error["parameter"] for error in response.json()["errors"]] == [name]


def test_the_trail_is_read_page_by_page_while_it_grows(api: HttpClient) -> None:
    place = assessed(api)
    for _ in range(5):
        api.get(place)
    seen, page = [], api.get(TRAIL, {"page_size": "2", "action": "assessment.read"}).json()
    while True:
        seen += [row["id"] for row in page["results"]]
        if page["next"] is None:
            break
        api.get(place)
        page = api.get(page["next"]).json()
    assert len(seen) == len(set(seen)) == 5


def test_the_trail_needs_its_own_scope(db: None) -> None:
    reader = client_with(*[scope for scope in Scope.values if scope != Scope.AUDIT_READ])
    assert reader.get(TRAIL).status_code == 403
