"""The real URLs, and views that go wrong in every way there is."""

import time
from datetime import date
from typing import Any, Literal

import psycopg_pool
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from rest_framework import exceptions, generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hipcare import errors, urls
from hipcare.api.deprecation import Deprecated
from hipcare.api.json import read_json
from hipcare.api.public import PublicView
from hipcare.api.validation import invalid_input
from partners import selectors
from partners.models import Organisation
from partners.principal import Principal

SECRET = "pain since the fall of Mrs Example"  # what no answer and no log may repeat

RAISED: dict[str, Exception] = {
    "bug": ValueError(SECRET),
    "operational": OperationalError(SECRET),
    "interface": InterfaceError(SECRET),
    "pool": psycopg_pool.PoolTimeout(SECRET),
    "suspicious": SuspiciousOperation(SECRET),
    "bad-request": BadRequest(SECRET),
    "denied": PermissionDenied(SECRET),
    "throttled": exceptions.Throttled(wait=3.7),
    "conflict": errors.Conflict("It was erased."),
    "invalid": errors.InvalidInput([errors.Problem("/a~1b/0", "wrong", "Wrong.")]),
    "parse": exceptions.ParseError(SECRET),
}


class RaisingView(PublicView):
    """Raises what is asked for, in a DRF view."""

    schema = None

    def get(self, request: Request, name: str) -> Response:
        raise RAISED[name]


def raising(request: HttpRequest, name: str) -> HttpResponse:
    """Raises what is asked for, in a plain Django view."""
    raise RAISED[name]


class Age(BaseModel):
    """An age."""

    model_config = ConfigDict(extra="forbid", strict=True)
    value: float = Field(ge=0)
    unit: Literal["year", "month"] = "year"


class Trial(BaseModel):
    """A body."""

    model_config = ConfigDict(extra="forbid", strict=True)
    patient: Age
    ids: list[str] = []
    state: Literal["open", "shut"] = "open"
    note: str | None = None


class TrialAnswer(BaseModel):
    """An answer."""

    state: Literal["locked", "done"]
    received: dict[str, Any] | None
    previous: Age | None = None


class LeavingBody(BaseModel):
    """A body of which a field is deprecated."""

    new: str = ""
    old: str = Field("", deprecated=True)


class TrialView(APIView):
    """Needs a scope, reads a pydantic body, answers stored bytes."""

    required_scopes = {"POST": ["assessments:write"], "GET": ["assessments:read"]}

    @extend_schema(
        operation_id="trial",
        request=Trial,
        responses={201: TrialAnswer},
        examples=[
            OpenApiExample("In", {"patient": {"value": 67}}, request_only=True),
            OpenApiExample("Out", {"state": "done", "received": None}, response_only=True, status_codes=["201"]),
        ],
    )
    def post(self, request: Request) -> Response:
        body = read_json(request)
        try:
            Trial.model_validate(body)
        except ValidationError as error:
            raise invalid_input(error) from None
        return Response(b'{"stored" : 1}', status=201)

    @extend_schema(operation_id="trial_get", responses=TrialAnswer)
    def get(self, request: Request) -> Response:
        principal: Principal = request.auth  # type: ignore[assignment]
        return Response({"client": str(principal.client_id), "at": time.gmtime(0).tm_year})


class RowSerializer(serializers.Serializer[Any]):
    """A body by DRF."""

    name = serializers.CharField(max_length=3)
    items = serializers.ListField(child=serializers.IntegerField())


class SerializerView(PublicView):
    """Reads `request.data` into a DRF serializer."""

    @extend_schema(operation_id="trial_serializer", request=RowSerializer, responses=RowSerializer)
    def post(self, request: Request) -> Response:
        serializer = RowSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return Response(serializer.data)


class UndeclaredView(APIView):
    """Names no scope."""

    @extend_schema(operation_id="trial_undeclared", responses=TrialAnswer)
    def get(self, request: Request) -> Response:
        return Response({})


class LeavingView(PublicView):
    """Reading is deprecated, with a last day; of writing only a parameter and a field are."""

    deprecated = {"GET": Deprecated(since=date(2027, 1, 1), sunset=date(2027, 7, 1), more="/news")}
    deprecated_parameters = {"colour": Deprecated(since=date(2026, 12, 1))}

    @extend_schema(operation_id="trial_leaving", responses=TrialAnswer)
    def get(self, request: Request) -> Response:
        """Goes."""
        return Response({})

    @extend_schema(
        operation_id="trial_staying",
        request=LeavingBody,
        responses=TrialAnswer,
        parameters=[OpenApiParameter("colour", str, description="A colour."), OpenApiParameter("size", str)],
    )
    def post(self, request: Request) -> Response:
        """Stays."""
        return Response({})


class OrganisationSerializer(serializers.ModelSerializer[Organisation]):
    """One row of the list."""

    class Meta:
        model = Organisation
        fields = ["id", "name", "active"]


class OrganisationList(generics.ListAPIView[Organisation]):
    """A list with filters, search and ordering."""

    authentication_classes = []
    permission_classes = []
    serializer_class = OrganisationSerializer
    filterset_fields = ["active", "id"]
    search_fields = ["name"]
    ordering_fields = ["active", "name"]
    ordering = "name"
    queryset = selectors.organisations()


handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
urlpatterns = [
    *urls.urlpatterns,
    path("api/v1/raise/<str:name>", RaisingView.as_view(), name="raise"),
    path("plain/<str:name>", raising, name="plain"),
    path("api/v1/trial", TrialView.as_view(), name="trial"),
    path("api/v1/serializer", SerializerView.as_view(), name="serializer"),
    path("api/v1/undeclared", UndeclaredView.as_view(), name="undeclared"),
    path("api/v1/leaving", LeavingView.as_view(), name="leaving"),
    path("api/v1/organisations", OrganisationList.as_view(), name="organisations"),
]
