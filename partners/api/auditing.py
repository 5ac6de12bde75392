"""The audit trail of the API: reads, and what is refused.

A view of records names its operations in `audited` and inherits `AuditedReads`; what is written or computed is recorded
by its action, in its transaction. A refusal is recorded by the exception handler, when the transaction that was refused
is rolled back already. Where a row cannot be written there is no answer, but a problem: the handlers of
`hipcare.api.problem` see to that.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar, NamedTuple

from django.http import HttpResponse
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.views import APIView

from hipcare.api import problem
from hipcare.errors import Forbidden, HipcareError, NotFound, ServerError
from partners.actions import audit
from partners.api.authentication import principal_of
from partners.models import Outcome
from partners.principal import Principal


class Audited(NamedTuple):
    """An operation in the trail: what is done, to what kind of thing, and which part of the path holds its id."""

    action: str
    resource_type: str
    id_in_path: str = ""


class AuditedReads(APIView):
    """Mixin: a read that succeeds leaves a row, after it was read and before it is sent."""

    audited: ClassVar[Mapping[str, Audited]]
    """By method; those that do not read are told for when they are refused."""

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """With the row."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if request.method in ("GET", "HEAD") and answer.status_code == HTTPStatus.OK:
            _record(self, request, Outcome.SUCCEEDED)
        return answer


def exception_handler(exception: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """DRF's `EXCEPTION_HANDLER`: the problem document, and a row for a known caller who was refused or failed.

    A call without the scope counts against the rate like any other, or it could fill the trail.
    """
    view, request = context["view"], context["request"]
    error = problem.translate(exception)
    outcome = _outcome(error, view) if isinstance(_caller(request), Principal) else None
    if isinstance(error, Forbidden) and outcome:
        try:
            view.check_throttles(request)
        except Throttled as throttled:
            return problem.exception_handler(throttled, context)
    response = problem.exception_handler(exception, context)
    if outcome:
        _record(view, request, outcome)
    return response


def _caller(request: Request) -> Any:
    """Who calls, as far as that was found out: asking again could fail again."""
    return getattr(request, "_auth", None)


def _outcome(error: HipcareError, view: Any) -> Outcome | None:
    """How what went wrong is told; None for what is not: a body that is wrong has touched nothing."""
    if isinstance(error, Forbidden) or (isinstance(error, NotFound) and hasattr(view, "audited")):
        return Outcome.REFUSED
    return Outcome.FAILED if isinstance(error, ServerError) else None


def _record(view: Any, request: Request, outcome: Outcome) -> None:
    audited = _audited(view, request)
    audit.record(
        principal=principal_of(request),
        action=audited.action,
        resource_type=audited.resource_type,
        resource_id=str(view.kwargs.get(audited.id_in_path, "")),
        outcome=outcome,
    )


def _audited(view: Any, request: Request) -> Audited:
    """The operation; of a view without records, the name of its route stands in for the kind of thing."""
    method = "GET" if request.method == "HEAD" else request.method
    named: Mapping[str | None, Audited] = getattr(view, "audited", {})
    return named.get(method) or Audited("operation.called", _route(request))


def _route(request: Request) -> str:
    match = request.resolver_match
    return match.view_name[:50] if match else "none"
