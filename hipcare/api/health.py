"""Whether the process lives (`/healthz`) and whether it can answer (`/readyz`).

Readiness is a list of named checks, `HIPCARE_READINESS_CHECKS` in the settings: dotted paths of functions without
arguments that return a `Readiness`. They run in order and stop at the first that is not ready, because each rests on
those before it.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from typing import Literal

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.module_loading import import_string
from drf_spectacular.utils import OpenApiExample, extend_schema
from pydantic import BaseModel
from rest_framework.request import Request
from rest_framework.response import Response

from hipcare.api.public import PublicView


@dataclass(frozen=True, slots=True)
class Readiness:
    """What a check found; `detail` is public, so it names no host, user or file."""

    ok: bool
    detail: str


def database() -> Readiness:
    """The database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Readiness(True, "answers")


def migrations() -> Readiness:
    """Every migration of this code is applied."""
    missing = len(_migrations_of_the_code() - MigrationRecorder(connection).applied_migrations().keys())
    return Readiness(missing == 0, f"{missing} to apply" if missing else "applied")


@cache
def _migrations_of_the_code() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations or ())


def readiness() -> dict[str, Readiness]:
    """The checks by name, up to the first that is not ready."""
    found: dict[str, Readiness] = {}
    for name, check in _checks():
        found[name] = _run(check)
        if not found[name].ok:
            break
    return found


def _checks() -> Iterator[tuple[str, Callable[[], Readiness]]]:
    for path in settings.HIPCARE_READINESS_CHECKS:
        yield path.rpartition(".")[2], import_string(path)


def _run(check: Callable[[], Readiness]) -> Readiness:
    try:
        return check()
    except (DatabaseError, InterfaceError):
        return Readiness(False, "the database does not answer")


class Liveness(BaseModel):
    """The process answers."""

    status: Literal["ok"]


class ReadinessReport(BaseModel):
    """Whether the service can answer, and what each check found."""

    status: Literal["ready", "not_ready"]
    checks: dict[str, Readiness]


_READY = {"status": "ready", "checks": {"database": {"ok": True, "detail": "answers"}}}
_NOT_READY = {"status": "not_ready", "checks": {"database": {"ok": False, "detail": "the database does not answer"}}}


class LivenessView(PublicView):
    """`GET /healthz`."""

    @extend_schema(
        operation_id="get_liveness",
        summary="Liveness: the process answers",
        tags=["service"],
        responses=Liveness,
        examples=[OpenApiExample("Alive", {"status": "ok"}, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        """Does not touch the database."""
        return Response({"status": "ok"})


class ReadinessView(PublicView):
    """`GET /readyz`."""

    @extend_schema(
        operation_id="get_readiness",
        summary="Readiness: the service can answer",
        tags=["service"],
        responses={200: ReadinessReport, 503: ReadinessReport},
        examples=[
            OpenApiExample("Ready", _READY, response_only=True, status_codes=["200"]),
            OpenApiExample("Not ready", _NOT_READY, response_only=True, status_codes=["503"]),
        ],
    )
    def get(self, request: Request) -> Response:
        """Runs the readiness checks, up to the first that is not ready."""
        found = readiness()
        ready = all(check.ok for check in found.values())
        body = {"status": "ready" if ready else "not_ready", "checks": {name: asdict(found[name]) for name in found}}
        return Response(body, status=200 if ready else 503)
