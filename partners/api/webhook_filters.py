"""Filters of the list of deliveries; each help text is its documentation."""

from django_filters import rest_framework as filters

from partners.models import WebhookDelivery
from partners.webhook_models import DeliveryState, EventType


class WebhookDeliveryFilterSet(filters.FilterSet):
    """By state, endpoint, event and assessment."""

    state = filters.MultipleChoiceFilter(choices=DeliveryState.choices, help_text="State; repeat for several.")
    endpoint = filters.UUIDFilter(field_name="endpoint_id", help_text="Id of the endpoint.")
    event_type = filters.ChoiceFilter(choices=EventType.choices, help_text="Type of the event.")
    event_id = filters.UUIDFilter(help_text="Id of the event, as in `webhook-id`.")
    assessment = filters.UUIDFilter(field_name="about", help_text="Id of the assessment it tells of.")

    class Meta:
        model = WebhookDelivery
        fields: list[str] = []
