"""What anyone may read: the landing page and what each problem type means."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from pydantic import BaseModel
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

import hipcare
from hipcare import errors


class PublicView(APIView):
    """A view that needs no token. Every such path is in the list that `tests/api/test_authentication.py` holds."""

    authentication_classes = []
    permission_classes = [AllowAny]


class Landing(BaseModel):
    """Where to go from here."""

    name: str
    version: str
    about: str
    docs: str
    openapi: str
    liveness: str
    readiness: str


class ProblemType(BaseModel):
    """What a problem type means."""

    type: str
    title: str
    status: int
    explanation: str


def problem_type(error: type[errors.HipcareError]) -> dict[str, Any]:
    """The description of `error` that its type URI leads to."""
    return {
        "type": f"/problems/{error.slug}",
        "title": error.title,
        "status": error.status,
        "explanation": error.explanation,
    }


class LandingView(PublicView):
    """`GET /`."""

    @extend_schema(
        operation_id="get_landing",
        summary="Where to go",
        tags=["service"],
        responses=Landing,
        examples=[
            OpenApiExample(
                "Landing",
                {
                    "name": "hipcare",
                    "version": hipcare.__version__,
                    "about": "Clinical decision support for hip pain, for review by a clinician.",
                    "docs": "https://hip.example.org/api/v1/docs",
                    "openapi": "https://hip.example.org/api/v1/schema",
                    "liveness": "https://hip.example.org/healthz",
                    "readiness": "https://hip.example.org/readyz",
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        """Links to the documentation, the schema and the health checks."""
        return Response(
            {
                "name": "hipcare",
                "version": hipcare.__version__,
                "about": "Clinical decision support for hip pain, for review by a clinician.",
                "docs": reverse("docs", request=request),
                "openapi": reverse("schema", request=request),
                "liveness": reverse("healthz", request=request),
                "readiness": reverse("readyz", request=request),
            }
        )


class ProblemTypeView(PublicView):
    """`GET /problems/{slug}`."""

    @extend_schema(
        operation_id="get_problem_type",
        summary="What a problem type means",
        tags=["service"],
        responses=ProblemType,
        examples=[OpenApiExample("Invalid input", problem_type(errors.InvalidInput), response_only=True)],
    )
    def get(self, request: Request, slug: str) -> Response:
        """The `type` of every problem document leads here."""
        error = errors.problem_types().get(slug)
        if error is None:
            raise errors.NotFound()
        return Response(problem_type(error))
