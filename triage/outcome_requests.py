"""The body that says what an assessed case turned out to be."""

import re
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from hipcare.api.validation import invalid_input
from triage.engine.knowledge import Level
from triage.requests import Body, known_id

_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
ConfirmedBy = Literal["imaging", "laboratory", "pathology", "surgery", "specialist", "clinical_course", "other"]


def _known_condition(key: str, info: ValidationInfo) -> str:
    return known_id(key, info.context, "condition")  # type: ignore[arg-type]  # it is what `read_outcome` gives


def _day(value: object) -> object:
    """A day as JSON writes it. In strict mode pydantic takes no text for a date, and otherwise much besides."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else None
    except ValueError:
        return None


def _not_in_the_future(day: date) -> date:
    # Somewhere it is tomorrow already.
    if day > datetime.now(UTC).date() + timedelta(days=1):
        raise PydanticCustomError("in_the_future", "Must not be in the future.")
    return day


class OutcomeRequest(Body):
    """What it turned out to be: a condition of the catalogue, another one (`other`), or the right urgency alone."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"properties": {"condition": {"type": "string"}, "other": {"const": False}}, "required": ["condition"]},
                {"properties": {"condition": {"type": "null"}, "other": {"const": True}}, "required": ["other"]},
                {
                    "properties": {"condition": {"type": "null"}, "urgency_was_right": {"type": "string"}},
                    "required": ["urgency_was_right"],
                },
            ]
        }
    )

    condition: Annotated[str, Field(max_length=80), AfterValidator(_known_condition)] | None = None
    other: bool = False
    confirmed_by: ConfirmedBy
    confirmed_on: Annotated[date, BeforeValidator(_day), AfterValidator(_not_in_the_future)]
    urgency_was_right: Level | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> "OutcomeRequest":
        if self.condition is not None and self.other:
            raise PydanticCustomError("contradiction", "With a condition, other must be false.")
        if self.condition is None and not self.other and self.urgency_was_right is None:
            raise PydanticCustomError("nothing_said", "A condition, other or urgency_was_right is needed.")
        return self


def read_outcome(body: Any, conditions: Collection[str]) -> OutcomeRequest:
    """The outcome in a parsed JSON body. Raises InvalidInput with every problem in it."""
    try:
        return OutcomeRequest.model_validate(body, context=sorted(conditions))
    except ValidationError as error:
        raise invalid_input(error) from None
