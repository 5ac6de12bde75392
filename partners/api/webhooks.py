"""`/webhook-endpoints` and `/webhook-deliveries`: where a partner is told of events, and what became of it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hipcare.api.json import read_json
from hipcare.api.schema import LOCATION, extensions
from partners import webhook_selectors as selectors
from partners.actions import webhook_deliveries, webhook_endpoints, webhook_events
from partners.api import webhook_examples as examples
from partners.api.authentication import principal_of
from partners.api.webhook_filters import WebhookDeliveryFilterSet
from partners.api.webhook_serializers import (
    WebhookDeliverySerializer,
    WebhookDeliveryWithAttemptsSerializer,
    WebhookEndpointSerializer,
    WebhookEndpointWithSecretSerializer,
)
from partners.models import WebhookDelivery, WebhookEndpoint
from partners.webhook_requests import NewWebhookEndpoint, SecretRotation, WebhookEndpointChange, read

_SCOPES = ["webhooks:manage"]
_ENDPOINT = OpenApiExample("For emergencies", examples.ENDPOINT, response_only=True)
_DELIVERY = OpenApiExample("Delivered at the second attempt", examples.DELIVERY_WITH_ATTEMPTS, response_only=True)
_CONFLICT = extensions(problems=["conflict"])


def _shown_once(endpoint: WebhookEndpoint, secret: str, status: int) -> Response:
    told: Any = WebhookEndpointSerializer(endpoint).data
    response = Response({**told, "secret": secret}, status=status)
    response["Cache-Control"] = "no-store"
    return response


@extend_schema_view(
    get=extend_schema(
        operation_id="list_webhook_endpoints",
        summary="Your webhook endpoints, newest first",
        tags=["webhooks"],
        examples=[_ENDPOINT],
    ),
    post=extend_schema(
        operation_id="create_webhook_endpoint",
        summary="Register a webhook endpoint",
        tags=["webhooks"],
        request=NewWebhookEndpoint,
        parameters=[LOCATION],
        responses={201: WebhookEndpointWithSecretSerializer},
        extensions=_CONFLICT,
        examples=[
            OpenApiExample("For emergencies", examples.NEW_ENDPOINT, request_only=True),
            OpenApiExample("For emergencies", examples.ENDPOINT_WITH_SECRET, response_only=True, status_codes=["201"]),
        ],
    ),
)
class WebhookEndpointsView(ListAPIView):
    """The caller's endpoints."""

    required_scopes = _SCOPES
    queryset = WebhookEndpoint.objects.none()
    serializer_class = WebhookEndpointSerializer
    ordering_fields = ["id"]
    ordering = "-id"

    def get_queryset(self) -> QuerySet[WebhookEndpoint]:
        """The organisation's own."""
        return selectors.endpoints(organisation_id=principal_of(self.request).organisation_id)

    def post(self, request: Request) -> Response:
        """The signing secret is in this answer and nowhere else. An address is registered once."""
        body = read(NewWebhookEndpoint, read_json(request))
        caller = principal_of(request)
        endpoint, secret = webhook_endpoints.create(
            organisation_id=caller.organisation_id,
            url=body.url,
            event_types=body.event_types,
            include_same_day=body.include_same_day,
            by=caller,
        )
        response = _shown_once(endpoint, secret, 201)
        response["Location"] = reverse("webhook-endpoint-detail", args=[endpoint.id])
        return response


class WebhookEndpointView(APIView):
    """One of the caller's endpoints."""

    required_scopes = _SCOPES

    @extend_schema(
        operation_id="get_webhook_endpoint",
        summary="A webhook endpoint",
        tags=["webhooks"],
        responses=WebhookEndpointSerializer,
        examples=[_ENDPOINT],
    )
    def get(self, request: Request, endpoint_id: UUID) -> Response:
        """Without its secret, which nobody can read again."""
        return Response(WebhookEndpointSerializer(_endpoint(request, endpoint_id)).data)

    @extend_schema(
        operation_id="change_webhook_endpoint",
        summary="Change a webhook endpoint, or switch it off or on",
        tags=["webhooks"],
        request=WebhookEndpointChange,
        responses=WebhookEndpointSerializer,
        extensions=_CONFLICT,
        examples=[OpenApiExample("Switch it off", examples.ENDPOINT_CHANGE, request_only=True), _ENDPOINT],
    )
    @transaction.atomic
    def patch(self, request: Request, endpoint_id: UUID) -> Response:
        """What is left out stays. What falls due while it is off is dead; it can be sent again."""
        body = read(WebhookEndpointChange, read_json(request))
        old = _endpoint(request, endpoint_id, lock=True)
        given = body.model_dump(exclude_none=True)
        fields = {name: getattr(old, name) for name in ("url", "event_types", "include_same_day")}
        values = fields | {"enabled": not old.disabled} | given
        changed = webhook_endpoints.change(endpoint=old, by=principal_of(request), **values)
        return Response(WebhookEndpointSerializer(changed).data)

    @extend_schema(
        operation_id="delete_webhook_endpoint",
        summary="Delete a webhook endpoint with its deliveries",
        tags=["webhooks"],
        responses={204: OpenApiResponse(description="It is deleted.")},
    )
    @transaction.atomic
    def delete(self, request: Request, endpoint_id: UUID) -> HttpResponse:
        """What waits to be delivered to it is not sent any more."""
        endpoint = _endpoint(request, endpoint_id, lock=True)
        webhook_endpoints.delete(endpoint=endpoint, by=principal_of(request))
        return HttpResponse(status=204)


class RotateSecretView(APIView):
    """A new secret for an endpoint."""

    required_scopes = _SCOPES

    @extend_schema(
        operation_id="rotate_webhook_secret",
        summary="Make a new signing secret for a webhook endpoint",
        tags=["webhooks"],
        request=SecretRotation,
        responses=WebhookEndpointWithSecretSerializer,
        examples=[
            OpenApiExample("Two days for the change", examples.ROTATION, request_only=True),
            OpenApiExample("For emergencies", examples.ENDPOINT_WITH_SECRET, response_only=True),
        ],
    )
    @transaction.atomic
    def post(self, request: Request, endpoint_id: UUID) -> Response:
        """The new secret is in this answer and nowhere else. Until the overlap ends, both secrets sign."""
        body = read(SecretRotation, read_json(request))
        endpoint, secret = webhook_endpoints.rotate_secret(
            endpoint=_endpoint(request, endpoint_id, lock=True),
            by=principal_of(request),
            overlap=timedelta(hours=body.overlap_hours),
        )
        return _shown_once(endpoint, secret, 200)


class TestEventView(APIView):
    """A test event for an endpoint."""

    required_scopes = _SCOPES

    @extend_schema(
        operation_id="send_webhook_test",
        summary="Send a test event to a webhook endpoint",
        tags=["webhooks"],
        request=None,
        responses={202: WebhookDeliverySerializer},
        examples=[OpenApiExample("Under way", examples.DELIVERY, response_only=True, status_codes=["202"])],
    )
    @transaction.atomic
    def post(self, request: Request, endpoint_id: UUID) -> Response:
        """`webhook.test`, whatever the endpoint is subscribed to; the delivery tells how it went."""
        delivery = webhook_events.emit_test(endpoint=_endpoint(request, endpoint_id))
        response = Response(WebhookDeliverySerializer(delivery).data, status=202)
        response["Location"] = reverse("webhook-delivery-detail", args=[delivery.id])
        return response


@extend_schema_view(
    get=extend_schema(
        operation_id="list_webhook_deliveries",
        summary="What was or is to be delivered to your webhook endpoints, newest first",
        tags=["webhooks"],
        examples=[OpenApiExample("Under way", examples.DELIVERY, response_only=True)],
    )
)
class WebhookDeliveriesView(ListAPIView):
    """The caller's deliveries."""

    required_scopes = _SCOPES
    queryset = WebhookDelivery.objects.none()
    serializer_class = WebhookDeliverySerializer
    filterset_class = WebhookDeliveryFilterSet
    ordering_fields = ["id"]
    ordering = "-id"

    def get_queryset(self) -> QuerySet[WebhookDelivery]:
        """The organisation's own."""
        return selectors.deliveries(organisation_id=principal_of(self.request).organisation_id).defer("body")


class WebhookDeliveryView(APIView):
    """One of the caller's deliveries."""

    required_scopes = _SCOPES

    @extend_schema(
        operation_id="get_webhook_delivery",
        summary="A delivery with every attempt",
        tags=["webhooks"],
        responses=WebhookDeliveryWithAttemptsSerializer,
        examples=[_DELIVERY],
    )
    def get(self, request: Request, delivery_id: UUID) -> Response:
        """When each attempt was made and which status came back; what else the receiver said is not kept."""
        delivery = selectors.delivery(organisation_id=principal_of(request).organisation_id, delivery_id=delivery_id)
        return Response(WebhookDeliveryWithAttemptsSerializer(delivery).data)


class ResendView(APIView):
    """A delivery once more."""

    required_scopes = _SCOPES

    @extend_schema(
        operation_id="resend_webhook_delivery",
        summary="Deliver once more what is dead or was delivered",
        tags=["webhooks"],
        request=None,
        responses={202: WebhookDeliverySerializer},
        extensions=_CONFLICT,
        examples=[OpenApiExample("Under way", examples.DELIVERY, response_only=True, status_codes=["202"])],
    )
    @transaction.atomic
    def post(self, request: Request, delivery_id: UUID) -> Response:
        """With the same event id. One that still waits is tried by itself, so that is a conflict."""
        caller = principal_of(request)
        delivery = selectors.delivery(organisation_id=caller.organisation_id, delivery_id=delivery_id, lock=True)
        webhook_deliveries.resend(delivery=delivery, by=caller)
        return Response(WebhookDeliverySerializer(delivery).data, status=202)


def _endpoint(request: Request, endpoint_id: UUID, *, lock: bool = False) -> WebhookEndpoint:
    organisation_id = principal_of(request).organisation_id
    return selectors.endpoint(organisation_id=organisation_id, endpoint_id=endpoint_id, lock=lock)
