"""Vignettes: cases whose cause and urgency are known. docs/clinical/vignettes.md describes the shape."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from hipcare.environment import BASE_DIRECTORY
from triage.engine.case import Setting
from triage.engine.knowledge import Level

DEVELOPMENT_VIGNETTES = BASE_DIRECTORY.parent / "shared" / "vignettes" / "dev.jsonl"
"""Beside the checkout, where there are any."""

BENIGN = "benign"
"""The source type of self-care and general-practice pages."""

Text = Annotated[str, Field(min_length=1)]


class Part(BaseModel):
    """What every part of a vignette has in common: no coercion; members that nothing here reads may be there."""

    model_config = ConfigDict(strict=True, frozen=True)


class Source(Part):
    """Where a vignette is from."""

    type: Text
    dataset: Text
    ref: str = ""


class Gold(Part):
    """The right answer: the true cause, all that a fair judge accepts, the source's words, and the urgency."""

    primary: str | None
    conditions: tuple[str, ...]
    diagnosis: Text
    urgency: Level
    urgency_basis: Text

    @model_validator(mode="after")
    def _primary_is_accepted(self) -> "Gold":
        if self.primary is not None and self.primary not in self.conditions:
            raise PydanticCustomError("primary_not_accepted", "The primary condition must be among the accepted ones.")
        return self


class Vignette(Part):
    """A case with its right answer. `case` and `imaging` are in the words of `POST /assessments`."""

    id: Text
    source: Source
    case: dict[str, Any]
    imaging: tuple[dict[str, Any], ...] = ()
    gold: Gold
    synopsis: Text
    clean: bool
    population: Text

    @property
    def is_benign(self) -> bool:
        """Whether it is from a self-care or general-practice page."""
        return self.source.type == BENIGN

    @property
    def own_setting(self) -> Setting:
        """The setting it is scored in: published cases other than benign ones are referred and unusual by nature."""
        return "primary_care" if self.is_benign else "specialist"

    def body(self, setting: Setting, *, with_imaging: bool) -> dict[str, Any]:
        """The request body in a setting, before or after imaging."""
        stated = self.case.get("findings", [])
        findings = [*stated, *self.imaging] if with_imaging and isinstance(stated, list) else stated
        return {**self.case, "setting": setting, "findings": findings}


def parse_vignette(line: bytes) -> Vignette:
    """The vignette in one line of JSONL. Raises pydantic's ValidationError with every problem in it."""
    return Vignette.model_validate_json(line)
