"""The chains of the audit trail: what the database keeps, and every way of tampering that must show."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.conninfo import make_conninfo
from pytest_django import DjangoDbBlocker

from partners import audit_chain, selectors
from partners.actions import audit
from partners.audit_chain import NO_HASH, Chain, End
from partners.models import AuditChain, AuditEvent
from tests import audit_trail

HERE, THERE = UUID(int=1), UUID(int=2)
CLIENT = UUID(int=3)
_OF_HERE = f"organisation_id = '{HERE}'"


def record(resource_id: str, organisation_id: UUID | None = HERE) -> None:
    audit.record_by_staff(
        by="test",
        action="thing.done",
        resource_type="thing",
        resource_id=resource_id,
        organisation_id=organisation_id,
        client_id=CLIENT,
    )


@pytest.fixture
def trail(db: None) -> None:
    """Five rows of one organisation, two of another, one of none."""
    for number in range(5):
        record(str(number))
    for number in range(2):
        record(str(number), THERE)
    record("of none", None)


def verify(**options: Any) -> str:
    return str(call_command("verify_audit_trail", stdout=StringIO(), **options))


def trouble(**options: Any) -> str:
    with pytest.raises(CommandError) as broken:
        verify(**options)
    assert broken.value.returncode == 1
    return str(broken.value)


# What the database keeps


@pytest.mark.usefixtures("trail")
def test_a_whole_trail_is_whole() -> None:
    told = verify()
    assert told.startswith("8 rows in 3 chains are whole.\nsha256:")
    assert verify(organisation=THERE).startswith("2 rows in 1 chains")
    rows = [row for row in selectors.chained_rows() if row.organisation_id == HERE]
    assert [row.number for row in rows] == [1, 2, 3, 4, 5]
    assert [row.previous_hash for row in rows] == [NO_HASH, *(row.hash for row in rows[:-1])]


@pytest.mark.django_db
def test_what_is_sent_for_the_columns_of_the_chain_does_not_count() -> None:
    long_ago = datetime(2001, 1, 1, tzinfo=UTC)
    AuditEvent.objects.create(
        actor="test",
        action="thing.done",
        resource_type="thing",
        outcome="succeeded",
        at=long_ago,
        lane=99,
        number=77,
        previous_hash=b"1" * 32,
        hash=b"2" * 32,
    )
    event = AuditEvent.objects.get()
    assert (event.number, bytes(event.previous_hash), event.lane in range(8)) == (1, NO_HASH, True)
    assert event.at > long_ago
    assert verify()


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)


@pytest.mark.django_db
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts, texts, texts, st.sampled_from([None, HERE, uuid4()]))
def test_any_text_is_hashed_alike_here_and_there(
    resource_type: str, resource_id: str, actor: str, client_id: UUID | None
) -> None:
    audit.record_by_staff(
        by=f"by {actor}",
        action="thing.done",
        resource_type=resource_type,
        resource_id=resource_id,
        organisation_id=None,
        client_id=client_id,
    )
    rows = list(selectors.chained_rows())
    assert rows[-1].hash == audit_chain.hash_of(rows[-1])


@pytest.mark.usefixtures("trail")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE partners_auditevent SET action = 'nothing'",
        "DELETE FROM partners_auditevent",
        "TRUNCATE partners_auditevent",
        "UPDATE partners_auditchain SET number = 0",
        "DELETE FROM partners_auditchain",
        "TRUNCATE partners_auditchain",
        "INSERT INTO partners_auditchain (organisation_id, lane, number, hash) VALUES (gen_random_uuid(), 0, 9, '')",
    ],
)
def test_the_database_refuses_every_change(statement: str) -> None:
    with pytest.raises(IntegrityError, match="refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert verify()


@pytest.mark.usefixtures("trail")
def test_a_role_that_may_only_add_rows_adds_them_to_the_chain_and_sees_no_ends() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE hipcare_application")
        cursor.execute("SELECT set_config('hipcare.organisation', %s, true)", [str(HERE)])
        # Tables of its own with the names of the trail's are not mistaken for them.
        cursor.execute("CREATE TEMPORARY TABLE partners_auditchain (organisation_id uuid, number bigint)")
        record("as another role")
        for forbidden in ("SELECT * FROM public.partners_auditchain", "SELECT public.chain_audit_event()"):
            with pytest.raises(Exception, match="permission denied"), transaction.atomic():
                cursor.execute(forbidden)
        cursor.execute("RESET ROLE")
        cursor.execute("DROP TABLE pg_temp.partners_auditchain")
    assert verify(organisation=HERE).startswith("6 rows")


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A trail that other connections see; it is removed afterwards."""
    with django_db_blocker.unblock():
        yield
        audit_trail.forget()


@pytest.mark.usefixtures("committed")
def test_writers_at_once_leave_whole_chains() -> None:
    insert = (
        "INSERT INTO partners_auditevent (organisation_id, client_id, actor, action, resource_type, resource_id,"
        " outcome, request_id) VALUES (%s, NULL, 'test', 'thing.done', 'thing', %s, 'succeeded', '')"
    )
    place = {name: str(connection.settings_dict[name.upper()]) for name in ("host", "port", "user", "password")}
    database = make_conninfo(dbname=connection.settings_dict["NAME"], **place)

    def write() -> None:
        with psycopg.connect(database, autocommit=True) as own:
            for number in range(20):
                own.execute(insert, [HERE, str(number)])

    threads = [threading.Thread(target=write) for _ in range(12)]  # more than there are lanes
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert verify(organisation=HERE).startswith("240 rows")


@pytest.mark.usefixtures("committed")
def test_a_transaction_that_is_rolled_back_leaves_no_gap() -> None:
    record("1")
    with transaction.atomic():
        record("2")
        transaction.set_rollback(True)
    record("3")
    assert verify(organisation=HERE).startswith("2 rows")


# Tampering, as an owner of the database who has switched the guards off


def rewrite(cursor: CursorWrapper) -> None:
    """A whole chain written anew, its end included: nothing in the database shows it."""
    rows = [row for row in selectors.chained_rows() if row.organisation_id == HERE]
    last = NO_HASH
    for row in rows:
        forged = row._replace(action="nothing.happened", previous_hash=last)
        last = audit_chain.hash_of(forged)
        cursor.execute(
            "UPDATE partners_auditevent SET action = %s, previous_hash = %s, hash = %s WHERE id = %s",
            [forged.action, forged.previous_hash, last, row.id],
        )
    cursor.execute("UPDATE partners_auditchain SET hash = %s WHERE organisation_id = %s", [last, HERE])


CHANGES = {
    "organisation_id": "organisation_id = NULL",
    "lane": "lane = 9",
    "number": "number = 33",
    "previous_hash": "previous_hash = sha256('')",
    "hash": "hash = sha256('')",
    "id": "id = 999999",
    "at": "at = at + interval '1 microsecond'",
    "client_id": "client_id = NULL",
    "actor": "actor = 'test '",
    "action": "action = 'thing.undone'",
    "resource_type": "resource_type = ''",
    "resource_id": "resource_id = '33'",
    "outcome": "outcome = 'refused'",
    "request_id": "request_id = 'x'",
}


def test_every_column_is_changed_here() -> None:
    assert {field.attname for field in AuditEvent._meta.fields} == CHANGES.keys()


@pytest.mark.usefixtures("trail")
@pytest.mark.parametrize("column", CHANGES)
def test_a_changed_column_shows(column: str) -> None:
    with audit_trail.unguarded() as cursor:
        cursor.execute(f"UPDATE partners_auditevent SET {CHANGES[column]} WHERE {_OF_HERE} AND number = 3")
    assert "number 3" in trouble()


TAMPERING: dict[str, tuple[str, str]] = {
    "the first row deleted": (
        f"DELETE FROM partners_auditevent WHERE {_OF_HERE} AND number = 1",
        "number 1 is missing",
    ),
    "a row deleted": (f"DELETE FROM partners_auditevent WHERE {_OF_HERE} AND number = 3", "number 3 is missing"),
    "the end deleted": (
        f"DELETE FROM partners_auditevent WHERE {_OF_HERE} AND number > 3",
        "cut off after number 3; number 5 was the last",
    ),
    "everything deleted": (f"DELETE FROM partners_auditevent WHERE {_OF_HERE}", "up to number 5 are missing"),
    "the kept end moved back": (
        f"UPDATE partners_auditchain SET number = 4 WHERE {_OF_HERE}",
        "its last row, number 5, is not the end that is kept (number 4)",
    ),
    "the kept end changed": (f"UPDATE partners_auditchain SET hash = sha256('') WHERE {_OF_HERE}", "is not the end"),
    "the kept end deleted": (f"DELETE FROM partners_auditchain WHERE {_OF_HERE}", "its end is not kept any more"),
    "two rows swapped": (
        f"UPDATE partners_auditevent SET number = 100 + number WHERE {_OF_HERE} AND number IN (2, 3);"
        f"UPDATE partners_auditevent SET number = 105 - number WHERE {_OF_HERE} AND number IN (102, 103)",
        "number 2 (id ",
    ),
    "what two rows say swapped": (
        "UPDATE partners_auditevent mine SET resource_id = other.resource_id FROM partners_auditevent other "
        f"WHERE mine.number + other.number = 5 AND mine.number IN (2, 3) AND mine.{_OF_HERE} AND other.{_OF_HERE}",
        "number 2 (id ",
    ),
    "a row moved to another organisation": (
        "UPDATE partners_auditevent SET organisation_id = '00000000-0000-0000-0000-000000000002', number = 3 "
        f"WHERE {_OF_HERE} AND number = 5",
        "cut off after number 4",
    ),
    "a row added": (
        "INSERT INTO partners_auditevent (organisation_id, lane, number, previous_hash, hash, actor, action,"
        " resource_type, resource_id, outcome, request_id) SELECT organisation_id, lane, 6, hash, hash, actor, action,"
        f" resource_type, resource_id, outcome, request_id FROM partners_auditevent WHERE {_OF_HERE} AND number = 5",
        "number 6 (id ",
    ),
}


@pytest.mark.usefixtures("trail")
@pytest.mark.parametrize("name", TAMPERING)
def test_tampering_shows(name: str) -> None:
    statements, expected = TAMPERING[name]
    with audit_trail.unguarded() as cursor:
        for statement in statements.split(";"):
            cursor.execute(statement)
    assert expected in trouble()
    if "moved to another" in name:
        assert "organisation 00000000-0000-0000-0000-000000000002" in trouble()


@pytest.mark.usefixtures("trail")
def test_one_place_in_a_chain_is_taken_once() -> None:
    with pytest.raises(IntegrityError, match="one_place"), audit_trail.unguarded() as cursor:
        cursor.execute(f"UPDATE partners_auditevent SET number = 2 WHERE {_OF_HERE} AND number = 3")


def test_a_number_that_is_there_twice_shows() -> None:
    row = audit_chain.Row(HERE, 0, 1, NO_HASH, 1, datetime.now(UTC), None, "a", "b", "c", "", "succeeded", "", NO_HASH)
    row = row._replace(hash=audit_chain.hash_of(row))
    verdict = audit_chain.verify([row, row], {Chain(HERE, 0): End(1, row.hash)}, {})
    assert [each.what for each in verdict.breaks] == ["number 1 is there twice"]


# Anchors


@pytest.fixture
def anchor(trail: None, tmp_path: Path) -> Path:
    path = tmp_path / "anchor.json"
    verify(write_anchor=path)
    return path


def _cut_and_mend(cursor: CursorWrapper) -> None:
    cursor.execute(f"DELETE FROM partners_auditevent WHERE {_OF_HERE} AND number = 5")
    cursor.execute(
        "UPDATE partners_auditchain chain SET number = event.number, hash = event.hash FROM partners_auditevent event "
        f"WHERE event.{_OF_HERE} AND event.number = 4 AND chain.{_OF_HERE}"
    )


def _all_gone(cursor: CursorWrapper) -> None:
    for table in ("partners_auditevent", "partners_auditchain"):
        cursor.execute(f"DELETE FROM {table} WHERE {_OF_HERE}")


def test_an_anchor_is_contained_in_what_was_added_since(anchor: Path) -> None:
    record("later")
    record("the first of its organisation", UUID(int=9))
    assert f"They contain the 3 chains of {anchor}." in verify(anchor=anchor)
    assert "They contain the 1 chains" in verify(anchor=anchor, organisation=THERE)


@pytest.mark.parametrize(
    ("tamper", "expected"),
    [
        (rewrite, "is not the one of the anchor: the chain was written anew"),
        (_cut_and_mend, "cut off after number 4; the anchor knows number 5"),
        (_all_gone, "all rows up to number 5 are missing"),
    ],
)
def test_only_the_anchor_shows_a_chain_that_was_forged_whole(
    anchor: Path, tamper: Callable[[CursorWrapper], None], expected: str
) -> None:
    with audit_trail.unguarded() as cursor:
        tamper(cursor)
    assert verify()
    assert expected in trouble(anchor=anchor)


def test_an_anchor_that_was_changed_is_refused_and_none_is_overwritten(anchor: Path, tmp_path: Path) -> None:
    written = json.loads(anchor.read_text())
    written["chains"][0]["number"] = 0
    changed = tmp_path / "changed.json"
    for text in (json.dumps(written), "[]", "{}", "nonsense", '{"chains": [{"organisation": 1}]}'):
        changed.write_text(text)
        assert "is not an anchor, or was changed" in trouble(anchor=changed)
    assert "cannot be used" in trouble(anchor=tmp_path / "none.json")
    assert "File exists" in trouble(write_anchor=anchor)


def test_no_anchor_is_written_of_a_broken_trail(anchor: Path, tmp_path: Path) -> None:
    with audit_trail.unguarded() as cursor:
        cursor.execute(f"UPDATE partners_auditevent SET action = 'nothing' WHERE {_OF_HERE}")
    new = tmp_path / "new.json"
    assert "number 1" in trouble(write_anchor=new)
    assert not new.exists()


@pytest.mark.usefixtures("trail")
def test_ends_are_kept_by_chain() -> None:
    assert {(end.organisation_id, end.number) for end in AuditChain.objects.all()} == {
        (HERE, 5),
        (THERE, 2),
        (UUID(int=0), 1),
    }
    assert all(str(end.organisation_id) in str(end) for end in AuditChain.objects.all())
