"""Translation of exceptions; the answers themselves are tested over HTTP in tests/api."""

from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import Http404, UnreadablePostError
from rest_framework import exceptions

from hipcare import errors
from hipcare.api import problem


@pytest.mark.parametrize(
    ("exception", "expected"),
    [
        (Http404(), errors.NotFound),
        (exceptions.NotFound(), errors.NotFound),
        (RequestDataTooBig(), errors.TooLarge),
        (TooManyFieldsSent(), errors.BadRequest),
        (UnreadablePostError(), errors.BadRequest),
        (exceptions.AuthenticationFailed(), errors.NotAuthenticated),
        (exceptions.APIException(), errors.ServerError),
        (KeyError("unknown"), errors.ServerError),
        (errors.Conflict(), errors.Conflict),
    ],
)
def test_every_exception_becomes_one_of_ours(exception: Exception, expected: type[errors.HipcareError]) -> None:
    assert type(problem.translate(exception)) is expected


@pytest.mark.parametrize(
    ("detail", "pointers"),
    [
        ("Wrong.", [""]),
        ({"name": ["Wrong.", "Long."]}, ["/name", "/name"]),
        ({"rows": [{}, {"name": ["Wrong."]}]}, ["/rows/1/name"]),
        ({"rows": {2: ["Wrong."]}}, ["/rows/2"]),
        ({"non_field_errors": ["Wrong."]}, [""]),
        ({"row": {"non_field_errors": ["Wrong."]}}, ["/row"]),
    ],
)
def test_serializer_errors_become_pointers(detail: Any, pointers: list[str]) -> None:
    found = problem.translate(exceptions.ValidationError(detail)).problems
    assert [entry.pointer for entry in found] == pointers
    assert {entry.code for entry in found} == {"invalid"}


def test_no_more_than_a_thousand_errors_are_told() -> None:
    told = problem.document(errors.InvalidInput([errors.Problem("", "wrong", "It is wrong.")] * 5000))
    assert len(told["errors"]) == 1000


def test_a_wait_is_at_least_a_second() -> None:
    assert problem.translate(exceptions.Throttled(wait=0.1)).retry_after == 1
    assert problem.translate(exceptions.Throttled()).retry_after is None
