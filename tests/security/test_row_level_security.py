"""A raw SQL session under a role of the application sees its organisation and nothing else, whatever the code asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.test import Client as HttpClient
from django.utils import timezone

from hipcare.database import privileges
from hipcare.database.caller import APPLICATION, AUTHENTICATOR, ROLES, STAFF
from partners.models import Client, Scope, WebhookAttempt, WebhookDelivery
from tests.api.test_assessments import PATH, client_with
from tests.security.test_isolation import fill
from triage.models import Assessment

pytestmark = pytest.mark.django_db
ACCESS = dict(privileges.declared())
OWNED = {table: access.owned_by for table, access in ACCESS.items() if access.owned_by and access.application}
OF_CASES = [table for table in OWNED if table.startswith("triage_")]


def sql(text: str, *values: str | UUID) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return cursor.fetchall() if cursor.description else [(cursor.rowcount,)]


@contextmanager
def session(role: str, organisation_id: UUID | None = None) -> Iterator[None]:
    """The session as a web process has it: a role, and perhaps an organisation."""
    taken = "SELECT set_config('role', %s, true), set_config('hipcare.organisation', %s, true)"
    sql(taken, role, str(organisation_id or ""))
    try:
        yield
    finally:
        sql(taken, "none", "")


@pytest.fixture
def two(api: HttpClient, partner: Client) -> tuple[UUID, UUID]:
    """Two organisations, each with something in every table that organisations own."""
    for http in (api, client_with(*Scope.values)):
        fill(http)
    for delivery in WebhookDelivery.objects.all():
        WebhookAttempt.objects.create(
            organisation_id=delivery.organisation_id, delivery=delivery, at=timezone.now(), outcome="timeout"
        )
    (other,) = set(Assessment.objects.values_list("organisation_id", flat=True)) - {partner.organisation_id}
    return partner.organisation_id, other


@pytest.mark.parametrize("table", OWNED)
def test_rows_of_another_organisation_are_not_there(two: tuple[UUID, UUID], table: str) -> None:
    mine, other = two
    assert {row[0] for row in sql(f"SELECT {OWNED[table]} FROM {table}")} >= {mine, other}
    with session(APPLICATION, mine):
        assert {row[0] for row in sql(f"SELECT {OWNED[table]} FROM {table}")} == {mine}
        assert sql(f"SELECT count(*) FROM {table} WHERE {OWNED[table]} = %s", other) == [(0,)]


@pytest.mark.parametrize("table", OWNED)
@pytest.mark.parametrize("organisation_id", [None, uuid4()], ids=["no organisation", "an unknown one"])
def test_without_an_organisation_nothing_is_seen(
    two: tuple[UUID, UUID], table: str, organisation_id: UUID | None
) -> None:
    with session(APPLICATION, organisation_id):
        assert sql(f"SELECT count(*) FROM {table}") == [(0,)]


@pytest.mark.parametrize("table", OF_CASES)
def test_rows_of_another_organisation_can_be_neither_changed_nor_made(two: tuple[UUID, UUID], table: str) -> None:
    mine, other = two
    with session(APPLICATION, mine):
        assert sql(f"DELETE FROM {table} WHERE {OWNED[table]} = %s", other) == [(0,)]
        changed = sql(f"UPDATE {table} SET {OWNED[table]} = {OWNED[table]} WHERE {OWNED[table]} = %s", other)
        assert changed == [(0,)]
        refused = pytest.raises(DatabaseError, match=r"row-level security|change of a review refused")
        with refused, transaction.atomic():
            sql(f"UPDATE {table} SET {OWNED[table]} = %s", other)
        copied = f"INSERT INTO {table} SELECT (jsonb_populate_record(t, jsonb_build_object(%s::text, %s::text))).* FROM {table} t"  # noqa: E501
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            sql(copied, OWNED[table], str(other))


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM triage_assessment_default",
        "SELECT * FROM partners_accesstoken",
        "SELECT * FROM partners_auditchain",
        "SELECT * FROM partners_signingkey",
        "SELECT * FROM auth_user",
        "SELECT * FROM django_session",
        "UPDATE partners_auditevent SET action = 'x'",
        "DELETE FROM partners_auditevent",
        "UPDATE partners_organisation SET active = true",
        "UPDATE conditions_release SET version = version",
        "INSERT INTO partners_datakey (organisation_id) VALUES (NULL)",
        "TRUNCATE triage_assessment",
        "ALTER TABLE triage_assessment DISABLE ROW LEVEL SECURITY",
        "DROP POLICY hipcare_application ON triage_assessment",
        "DROP TABLE triage_assessment",
        "CREATE TABLE public.mine (id int)",
        "ALTER ROLE hipcare_application BYPASSRLS",
    ],
)
def test_what_the_application_may_not_do(two: tuple[UUID, UUID], statement: str) -> None:
    with (
        session(APPLICATION, two[0]),
        pytest.raises(DatabaseError, match=r"denied|must be owner"),
        transaction.atomic(),
    ):
        sql(statement)


@pytest.mark.parametrize("table", [*OF_CASES, "partners_datakey", "partners_idempotencykey"])
def test_who_has_not_been_recognised_sees_no_case(two: tuple[UUID, UUID], table: str) -> None:
    with session(AUTHENTICATOR), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        sql(f"SELECT * FROM {table}")


def test_staff_see_all_organisations_and_rewrite_no_trail(two: tuple[UUID, UUID]) -> None:
    with session(STAFF):
        assert {row[0] for row in sql("SELECT organisation_id FROM triage_assessment")} == {*two}
        for statement in ("UPDATE partners_auditevent SET action = 'x'", "DELETE FROM partners_auditevent"):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                sql(statement)


def test_the_roles_own_nothing_and_can_do_nothing_more() -> None:
    rights = sql(
        "SELECT rolname, rolsuper OR rolbypassrls OR rolcanlogin OR rolcreaterole OR rolcreatedb FROM pg_roles"
    )
    assert {name: more for name, more in rights if name in ROLES} == dict.fromkeys(ROLES, False)
    owners = "SELECT relowner FROM pg_class UNION SELECT proowner FROM pg_proc UNION SELECT nspowner FROM pg_namespace"
    names = {row[0] for row in sql(f"SELECT pg_get_userbyid(owner) FROM ({owners}) AS owned (owner)")}
    assert not names & {*ROLES}


def test_every_table_declares_who_may_do_what() -> None:
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert {table for table, _ in privileges.declared()} == tables | {"django_migrations"}


def test_every_table_with_an_organisation_is_owned_by_it() -> None:
    with_organisation = {
        model._meta.db_table
        for model in apps.get_models()
        if {"organisation", "organisation_id"} & {field.name for field in model._meta.get_fields() if field.concrete}
    }
    assert with_organisation <= {table for table, access in ACCESS.items() if access.owned_by}


def test_a_request_acts_for_its_organisation_and_nobody_afterwards(
    api: HttpClient, partner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def list_assessments(**_: object) -> object:
        seen.extend(sql("SELECT current_user::text, hipcare_organisation()"))
        return Assessment.objects.all()

    monkeypatch.setattr("triage.selectors.assessments", list_assessments)
    assert api.get(PATH).status_code == 200
    assert seen == [(APPLICATION, partner.organisation_id)]
    assert sql("SELECT current_user = session_user, hipcare_organisation()") == [(True, None)]


def test_a_forgotten_filter_shows_nothing_of_others(
    api: HttpClient, two: tuple[UUID, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second line of defence, with the first one taken away."""
    monkeypatch.setattr("triage.selectors.assessments", lambda **_: Assessment.objects.all())
    (row,) = api.get(PATH).json()["results"]
    assert Assessment.objects.get(id=row["id"]).organisation_id == two[0]
