"""Webhook endpoints and deliveries as they are told; secrets are told once, where they are made."""

from rest_framework import serializers

from partners.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from partners.webhook_models import AttemptOutcome, DeliveryState, Disabled, EventType


class WebhookEndpointSerializer(serializers.ModelSerializer[WebhookEndpoint]):
    """An endpoint, without its secret."""

    event_types = serializers.ListField(child=serializers.ChoiceField(choices=EventType.choices))
    enabled = serializers.SerializerMethodField()
    disabled_because = serializers.ChoiceField(choices=Disabled.choices, source="disabled", allow_blank=True)

    class Meta:
        model = WebhookEndpoint
        fields = [
            "id",
            "url",
            "event_types",
            "include_same_day",
            "enabled",
            "disabled_because",
            "old_secret_until",
            "created_at",
        ]
        read_only_fields = fields

    def get_enabled(self, endpoint: WebhookEndpoint) -> bool:
        """Whether anything is sent to it."""
        return not endpoint.disabled


class WebhookEndpointWithSecretSerializer(WebhookEndpointSerializer):
    """An endpoint with the secret that was just made for it."""

    secret = serializers.CharField(help_text="Signs what is sent. It is shown this once.")

    class Meta(WebhookEndpointSerializer.Meta):
        fields = [*WebhookEndpointSerializer.Meta.fields, "secret"]
        read_only_fields = fields


class WebhookAttemptSerializer(serializers.ModelSerializer[WebhookAttempt]):
    """One attempt."""

    outcome = serializers.ChoiceField(choices=AttemptOutcome.choices)

    class Meta:
        model = WebhookAttempt
        fields = ["at", "outcome", "status"]
        read_only_fields = fields


class WebhookDeliverySerializer(serializers.ModelSerializer[WebhookDelivery]):
    """A delivery as lists show it."""

    event_type = serializers.ChoiceField(choices=EventType.choices)
    state = serializers.ChoiceField(choices=DeliveryState.choices)
    assessment = serializers.UUIDField(source="about", allow_null=True)
    endpoint = serializers.UUIDField(source="endpoint_id")
    next_attempt_at = serializers.SerializerMethodField()

    class Meta:
        model = WebhookDelivery
        fields = [
            "id",
            "endpoint",
            "event_id",
            "event_type",
            "assessment",
            "state",
            "attempt_count",
            "created_at",
            "next_attempt_at",
            "ended_at",
        ]
        read_only_fields = fields

    def get_next_attempt_at(self, delivery: WebhookDelivery) -> str | None:
        """When it is tried next, while it is pending."""
        is_pending = delivery.state == DeliveryState.PENDING
        return serializers.DateTimeField().to_representation(delivery.due_at) if is_pending else None


class WebhookDeliveryWithAttemptsSerializer(WebhookDeliverySerializer):
    """A delivery with every attempt, the first one first."""

    attempts = WebhookAttemptSerializer(many=True)

    class Meta(WebhookDeliverySerializer.Meta):
        fields = [*WebhookDeliverySerializer.Meta.fields, "attempts"]
        read_only_fields = fields
