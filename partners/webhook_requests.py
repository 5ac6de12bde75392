"""The bodies about webhook endpoints."""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hipcare.api.validation import WHOLE, invalid_input

# A test event goes to whichever endpoint is asked for, subscribed or not.
EventName = Literal["assessment.emergency", "worklist.changed", "webhook.test"]
DisabledBecause = Literal["", "by_hand", "gone"]
Url = Annotated[
    str,
    Field(max_length=500, description="https, and an address that is public.", examples=["https://example.org/hooks"]),
]
Events = Annotated[list[EventName], Field(min_length=1, max_length=10)]
SameDay = Annotated[bool, Field(description="Send `assessment.emergency` for the urgency `same_day` as well.")]
RequestModel = TypeVar("RequestModel", bound="_Body")


class _Body(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class NewWebhookEndpoint(_Body):
    """An endpoint to register."""

    url: Url
    event_types: Events
    include_same_day: SameDay = False


class WebhookEndpointChange(_Body):
    """What to change; what is left out stays."""

    url: Url | None = None
    event_types: Events | None = None
    include_same_day: SameDay | None = None
    enabled: bool | None = None


class SecretRotation(_Body):
    """How long the old secret still signs beside the new one."""

    overlap_hours: Annotated[int, Field(ge=0, le=168), WHOLE] = 24


def read(model: type[RequestModel], body: Any) -> RequestModel:
    """The body as `model`. Raises InvalidInput with every problem in it."""
    try:
        return model.model_validate(body)
    except ValidationError as error:
        raise invalid_input(error) from None
