"""Where webhooks are managed, under `/api/v1/`."""

from django.urls import path

from partners.api.webhooks import (
    ResendView,
    RotateSecretView,
    TestEventView,
    WebhookDeliveriesView,
    WebhookDeliveryView,
    WebhookEndpointsView,
    WebhookEndpointView,
)

_ENDPOINT = "webhook-endpoints/<uuid:endpoint_id>"
_DELIVERY = "webhook-deliveries/<uuid:delivery_id>"
urlpatterns = [
    path("webhook-endpoints", WebhookEndpointsView.as_view(), name="webhook-endpoint-list"),
    path(_ENDPOINT, WebhookEndpointView.as_view(), name="webhook-endpoint-detail"),
    path(f"{_ENDPOINT}/rotate-secret", RotateSecretView.as_view(), name="webhook-endpoint-rotate-secret"),
    path(f"{_ENDPOINT}/test", TestEventView.as_view(), name="webhook-endpoint-test"),
    path("webhook-deliveries", WebhookDeliveriesView.as_view(), name="webhook-delivery-list"),
    path(_DELIVERY, WebhookDeliveryView.as_view(), name="webhook-delivery-detail"),
    path(f"{_DELIVERY}/resend", ResendView.as_view(), name="webhook-delivery-resend"),
]
