"""`/audit-events`: the caller's own audit trail."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from partners import selectors
from partners.api import examples
from partners.api.auditing import Audited, AuditedReads
from partners.api.authentication import principal_of
from partners.models import AuditEvent, Outcome


class AuditEventFilterSet(filters.FilterSet):
    """What was done, to what, by whom, when, and how it ended."""

    action = filters.CharFilter(help_text="Exactly, for example `assessment.read`.")
    resource_type = filters.CharFilter(help_text="Kind of thing, for example `assessment`.")
    resource_id = filters.CharFilter(help_text="Id of the thing, exactly.")
    client = filters.UUIDFilter(field_name="client_id", help_text="Id of the client that acted.")
    outcome = filters.MultipleChoiceFilter(choices=Outcome.choices, help_text="How it ended; repeat for several.")
    request_id = filters.CharFilter(help_text="The `X-Request-Id` of the call.")
    at_after = filters.IsoDateTimeFilter(
        field_name="at", lookup_expr="gte", help_text="Recorded at or after this time (ISO 8601)."
    )
    at_before = filters.IsoDateTimeFilter(
        field_name="at", lookup_expr="lt", help_text="Recorded before this time (ISO 8601)."
    )

    class Meta:
        model = AuditEvent
        fields: list[str] = []


class AuditEventSerializer(serializers.ModelSerializer[AuditEvent]):
    """One thing that was done, or refused. The place in its chain is told; the number over all partners is not."""

    id = serializers.SerializerMethodField(help_text="`lane-number`: its place in the chains of your organisation.")
    client = serializers.UUIDField(
        source="client_id", allow_null=True, help_text="The client that acted, or that staff acted on."
    )
    actor = serializers.CharField(help_text="Who of the operator's staff acted; empty where the client did.")
    previous_hash = serializers.SerializerMethodField(help_text="The hash of the row before it in its lane.")
    hash = serializers.SerializerMethodField(help_text="SHA-256 of the row and of the hash before it, in hexadecimal.")

    class Meta:
        model = AuditEvent
        fields = [
            "id",
            "at",
            "action",
            "outcome",
            "resource_type",
            "resource_id",
            "client",
            "actor",
            "request_id",
            "previous_hash",
            "hash",
        ]
        read_only_fields = fields

    def get_id(self, event: AuditEvent) -> str:
        """Where it is in the chains."""
        return f"{event.lane}-{event.number}"

    def get_previous_hash(self, event: AuditEvent) -> str:
        """In hexadecimal."""
        return bytes(event.previous_hash).hex()

    def get_hash(self, event: AuditEvent) -> str:
        """In hexadecimal."""
        return bytes(event.hash).hex()


@extend_schema_view(
    get=extend_schema(
        operation_id="list_audit_events",
        summary="Your organisation's audit trail, newest first",
        tags=["audit"],
        examples=[
            OpenApiExample("An assessment was read", examples.AUDIT_EVENT, response_only=True),
            OpenApiExample("Not found, so refused", examples.REFUSED_AUDIT_EVENT, response_only=True),
        ],
    ),
)
class AuditEventsView(AuditedReads, ListAPIView[Any]):
    """What was done in the caller's organisation: by its clients, and to its records by staff of the operator.

    Reading the trail is recorded in it.
    """

    required_scopes = ["audit:read"]
    audited = {"GET": Audited("audit_event.listed", "audit_event")}
    queryset = AuditEvent.objects.none()
    serializer_class = AuditEventSerializer
    filterset_class = AuditEventFilterSet
    ordering = ("-at", "-pk")

    def get_queryset(self) -> QuerySet[AuditEvent]:
        """The organisation's own."""
        return selectors.audit_events(organisation_id=principal_of(self.request).organisation_id)
