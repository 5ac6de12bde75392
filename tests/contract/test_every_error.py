"""Every error that the OpenAPI document promises is produced by a request, and no operation answers any other.

`MISTAKES` has one way to go wrong for each problem type. Each is tried with every operation: where the document
promises the problem it must come, with the members of its example; and whatever problem comes must be promised.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings as project
from django.db import OperationalError, connection, transaction
from django.test import Client as HttpClient
from rest_framework.views import APIView

from conditions import selectors as knowledge
from conditions.actions import releases
from partners import callers
from partners.actions import tokens
from partners.models import CredentialKind, Scope
from tests.contract.document import PROBLEM, Operation, operations
from tests.contract.world import JSON, World
from triage.knowledge import forget_current
from triage.models import Assessment

pytestmark = pytest.mark.django_db
NOBODYS = "01a20512-b122-77bd-9f85-edead5937c57"
FAR_AWAY = "no such host, and no word of it in an answer"
Mistake = Callable[[World, Operation], Any]


def wrong_parameter(world: World, operation: Operation) -> Any:
    """The first parameter there is, with a value that makes no sense."""
    wrong = {"page_size": "0", "release": "none", "format": "xml", "start": "yesterday"}
    name = next((name for name in wrong if name in operation.parameters), None)
    if name is None:
        return world.ask(operation, idempotency_key="\t" * 3 + "ö")
    return world.ask(operation, path=f"{world.address(operation).partition('?')[0]}?{name}={wrong[name]}")


def without_scope(world: World, operation: Operation) -> Any:
    return world.ask(operation, world.caller(set(Scope.values) - operation.scopes))


def unknown(world: World, operation: Operation) -> Any:
    ids = {name: NOBODYS if name.endswith("_id") else "none" for name in [*world.ids, "id"]}
    query = world.address(operation).partition("?")[2]
    return world.ask(operation, path=f"{operation.path.format(**ids)}?{query}")


def key_of_another_body(world: World, operation: Operation) -> Any:
    body, _ = world.body(operation)
    world.ask(operation, idempotency_key="key-1")
    return world.ask(operation, idempotency_key="key-1", body=body + b" ")


def key_of_what_was_erased(world: World, operation: Operation) -> Any:
    place = world.ask(operation, idempotency_key="key-2").headers.get("Location")
    if place and operation.name == "create_assessment":
        world.http.delete(place)
    return world.ask(operation, idempotency_key="key-2")


def input_of_another_age(world: World, operation: Operation) -> Any:
    """What is stored is a request that no software of today can read."""
    row = Assessment.objects.get(pk=world.ids["assessment_id"])
    row.request = b'{"colour": "red"}'
    row.save()
    return world.ask(operation)


def in_conflict(world: World, operation: Operation) -> Any:
    """What was done already, or stands in the way of something else."""
    if operation.name == "replay_assessment":
        return input_of_another_age(world, operation)
    if operation.method == "delete":
        return unknown(world, operation)
    if operation.name == "change_webhook_endpoint":
        path = world.address(operation)
        taken = {"url": "https://example.org/taken"}
        body = json.dumps({**taken, "event_types": ["webhook.test"]}).encode()
        world.sent("POST", "/api/v1/webhook-endpoints", body)
        return world.ask(operation, path=path, body=json.dumps(taken).encode())
    world.ask(operation)
    return world.ask(operation)


def too_often(world: World, operation: Operation) -> Any:
    http = world.caller(Scope.values)
    path = world.address(operation)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(project, "HIPCARE_RATE_LIMITS", {"read": "1/minute", "write": "1/minute"})
        world.ask(operation, http, path=path)
        return world.ask(operation, http, path=path)


@contextmanager
def broken(place: Any, name: str, error: Exception) -> Iterator[None]:
    """A world in which one thing fails."""

    def fail(*args: object, **kwargs: object) -> None:
        raise error

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(place, name, fail)
        yield


def a_fault_of_ours(world: World, operation: Operation) -> Any:
    path = world.address(operation)
    with broken(APIView, "initial", ValueError(FAR_AWAY)):
        return world.ask(operation, path=path)


def forget_what_is_remembered() -> None:
    """Callers and the current release, which a process knows for a moment without asking the database."""
    callers.forget()
    forget_current()


def no_database(world: World, operation: Operation) -> Any:
    path = world.address(operation)
    forget_what_is_remembered()
    with broken(connection, "cursor", OperationalError(FAR_AWAY)):
        return world.ask(operation, path=path)


def no_knowledge(world: World, operation: Operation) -> Any:
    path = world.address(operation)
    before = transaction.savepoint()
    forget_what_is_remembered()
    releases.retire(release=knowledge.current_release())
    response = world.ask(operation, path=path)
    transaction.savepoint_rollback(before)
    return response


MISTAKES: dict[str, Mistake] = {
    "bad-request": lambda world, operation: world.ask(operation, host="elsewhere.example"),
    "malformed-body": lambda world, operation: world.ask(operation, body=b"{"),
    "invalid-parameters": wrong_parameter,
    "not-authenticated": lambda world, operation: world.ask(operation, HttpClient()),
    "forbidden": without_scope,
    "not-found": unknown,
    "method-not-allowed": lambda world, operation: world.ask(operation, method="BREW"),
    "not-acceptable": lambda world, operation: world.ask(operation, accept="application/x-none"),
    "conflict": in_conflict,
    "idempotency-key-erased": key_of_what_was_erased,
    "precondition-failed": lambda world, operation: world.ask(operation, if_match='"another"'),
    "body-too-large": lambda world, operation: world.ask(
        operation, body=b" " * (project.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    ),
    "unsupported-media-type": lambda world, operation: world.ask(operation, content_type="text/plain"),
    "invalid-input": lambda world, operation: world.ask(operation, body=b'{"colour": "red"}'),
    "idempotency-key-reused": key_of_another_body,
    "too-many-requests": too_often,
    "server-error": a_fault_of_ours,
    "unavailable": no_knowledge,
    "database-unavailable": no_database,
}


def test_every_problem_of_the_document_has_a_mistake() -> None:
    assert {slug for operation in operations() for slug in operation.problems()} == MISTAKES.keys()


@pytest.mark.parametrize("slug", MISTAKES)
def test_a_mistake_is_answered_as_the_document_says(slug: str) -> None:
    world, told = World(), []
    for operation in operations():
        response = MISTAKES[slug](world, operation)
        told += [f"{operation.name}: {fault}" for fault in faults(slug, operation, response)]
    assert told == []


def faults(slug: str, operation: Operation, response: Any) -> Iterator[str]:
    """What of the answer is otherwise than the document says."""
    promised = operation.problems()
    if response.status_code < 400:
        if slug in promised:
            yield f"{response.status_code} instead of {slug}"
        return
    media_type = response.headers["Content-Type"]
    if media_type != PROBLEM:
        if (response.status_code, media_type) not in {(status, kind) for status, kind, _ in operation.errors()}:
            yield f"{response.status_code} {media_type} is not promised"
        return
    answer = json.loads(response.content)
    got = answer["type"].removeprefix("/problems/")
    if got not in promised or (slug in promised and got != slug):
        yield f"{got} instead of {slug if slug in promised else 'anything that is promised'}"
        return
    example = promised[got]
    if (answer["status"], answer["title"]) != (response.status_code, example["title"]):
        yield f"status and title of {got}"
    if response.status_code != example["status"] or answer["instance"] != response.headers["X-Request-Id"]:
        yield f"status and instance of {got}"
    if answer.keys() != example.keys():
        yield f"members of {got}: {sorted(answer)}"
    for entry in answer.get("errors", ()):
        if entry.keys() != example["errors"][0].keys():
            yield f"members of the errors of {got}: {sorted(entry)}"
    if FAR_AWAY in response.content.decode():
        yield f"the cause of {got} is told"


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("name", "status", "said", "mistake"),
    [
        ("create_token", 400, ("error", "invalid_scope"), "scope"),
        ("create_token", 401, ("error", "invalid_client"), "secret"),
        ("get_readiness", 503, ("status", "not_ready"), "database"),
    ],
)
def test_errors_that_are_no_problems_are_as_the_document_says(
    name: str, status: int, said: tuple[str, str], mistake: str
) -> None:
    (operation,) = (operation for operation in operations() if operation.name == name)
    (example,) = (value for code, media, value in operation.errors() if (code, media) == (status, JSON))
    world = World()
    if mistake == "database":
        with broken(connection, "cursor", OperationalError(FAR_AWAY)):
            response = world.ask(operation)
    else:
        client = world.client(["knowledge:read"])
        _, secret = tokens.issue(client=client, kind=CredentialKind.CLIENT_SECRET, by="test")
        form = {"grant_type": "client_credentials", "client_id": client.id, "client_secret": secret}
        form |= {"scope": "assessments:write"} if mistake == "scope" else {"client_secret": "made up"}
        response = world.ask(operation, HttpClient(), body=urlencode(form).encode(), content_type=FORM)
    answer = response.json()
    assert (response.status_code, response.headers["Content-Type"]) == (status, JSON)
    assert answer.keys() == example.keys()
    assert answer[said[0]] == example[said[0]] == said[1]
