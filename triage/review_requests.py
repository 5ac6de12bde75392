"""The body that says what has become of an assessment in the worklist."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from hipcare.api.validation import WHOLE, invalid_input
from triage.requests import Body

State = Literal["open", "acknowledged", "in_progress", "closed"]
Resolution = Literal[
    "reached_and_referred",
    "reached_no_action",
    "sent_to_emergency",
    "not_reached",
    "already_in_care",
    "entered_in_error",
]


class ReviewRequest(Body):
    """A new state; `closed` comes with its `resolution`, and no other state does."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {
                    "properties": {"state": {"const": "closed"}, "resolution": {"type": "string"}},
                    "required": ["resolution"],
                },
                {"properties": {"state": {"not": {"const": "closed"}}, "resolution": {"type": "null"}}},
            ]
        }
    )

    state: State
    resolution: Resolution | None = None
    seen: Annotated[int, Field(ge=0), WHOLE] | None = Field(
        None, description="The `number` that you read last: refused if another came since."
    )

    @model_validator(mode="after")
    def _resolution_with_closed(self) -> "ReviewRequest":
        if self.state == "closed" and self.resolution is None:
            raise PydanticCustomError("resolution_missing", "A case is closed with a resolution.")
        if self.state != "closed" and self.resolution is not None:
            raise PydanticCustomError("contradiction", "Only a case that is closed has a resolution.")
        return self


def read_review(body: Any) -> ReviewRequest:
    """The change in a parsed JSON body. Raises InvalidInput with every problem in it."""
    try:
        return ReviewRequest.model_validate(body)
    except ValidationError as error:
        raise invalid_input(error) from None
