"""The body of a follow-up: its shape, and its ids and answers against the release. Told as in `triage.requests`."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from hipcare.api.validation import WHOLE
from hipcare.errors import Problem, pointer
from triage.engine import contact
from triage.engine.follow_up_knowledge import OutcomeItem, OutcomeMeasure
from triage.engine.outcome_scores import Score, score
from triage.knowledge import ReleaseKnowledge
from triage.requests import (
    MAXIMUM_FINDINGS,
    MAXIMUM_MEASUREMENTS,
    NOT_EMPTY,
    NOT_NULL,
    Body,
    FindingAnswer,
    MeasuredValue,
    Number,
    contradictions,
    knowledge_of,
    known_id,
    read_body,
    some_of,
)

MAXIMUM_ITEMS = 100
MAXIMUM_TREATMENTS = 100
MAXIMUM_WEEKS = 5_200
MAXIMUM_DAYS = 36_500
MAXIMUM_SESSIONS = 100_000


def _known_measure(key: str, info: ValidationInfo) -> str:
    return known_id(key, knowledge_of(info).compiled.outcome_measures, "outcome_measure")


def _known_treatment(key: str, info: ValidationInfo) -> str:
    return known_id(key, knowledge_of(info).compiled.treatments, "treatment")


def _only(member: str) -> dict[str, Any]:
    return {"properties": {member: NOT_NULL}, "required": [member]}


class OutcomeAnswer(Body):
    """An outcome measure: the answers to its `items` (null: not answered), or the finished `score`."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [_only("items"), _only("score")]})

    id: Annotated[str, Field(max_length=80), AfterValidator(_known_measure)]
    items: Annotated[dict[str, Number | None], Field(max_length=MAXIMUM_ITEMS)] | None = None
    score: Number | None = None

    @model_validator(mode="after")
    def _one_of_both(self, info: ValidationInfo) -> "OutcomeAnswer":
        if (self.items is None) == (self.score is None):
            raise PydanticCustomError("items_or_score", "Either `items` or `score` is needed, not both.")
        measure = knowledge_of(info).compiled.outcome_measures[self.id]
        if self.score is not None and not measure.minimum <= self.score <= measure.maximum:
            raise PydanticCustomError(
                "out_of_range",
                "The score must be from {minimum} to {maximum}.",
                {"minimum": f"{measure.minimum:g}", "maximum": f"{measure.maximum:g}"},
            )
        return self

    def scored(self, measure: OutcomeMeasure) -> Score:
        """The score that was sent, or that the answers make."""
        if self.score is not None:
            return Score(self.score)
        return score(measure, {key: value for key, value in (self.items or {}).items() if value is not None})


class Adherence(Body):
    """How much of the plan was done since the last contact."""

    sessions_done: Annotated[int, Field(ge=0, le=MAXIMUM_SESSIONS), WHOLE]
    sessions_planned: Annotated[int, Field(ge=0, le=MAXIMUM_SESSIONS), WHOLE]


class TriedTreatment(Body):
    """A treatment that was tried, for how many weeks in all, and whether it helped."""

    treatment: Annotated[str, Field(max_length=80), AfterValidator(_known_treatment)]
    weeks: Annotated[Number, Field(ge=0, le=MAXIMUM_WEEKS)]
    helped: bool | None = None


class FollowUpRequest(Body):
    """What is new since the last contact. Everything is optional, but something must be said."""

    model_config = some_of(
        findings=NOT_EMPTY,
        measurements=NOT_EMPTY,
        outcome_measures=NOT_EMPTY,
        treatments_tried=NOT_EMPTY,
        adherence=NOT_NULL,
        global_change=NOT_NULL,
    )

    findings: Annotated[list[FindingAnswer], Field(max_length=MAXIMUM_FINDINGS)] = []
    measurements: Annotated[list[MeasuredValue], Field(max_length=MAXIMUM_MEASUREMENTS)] = []
    outcome_measures: Annotated[list[OutcomeAnswer], Field(max_length=MAXIMUM_MEASUREMENTS)] = []
    global_change: Annotated[int, Field(ge=-5, le=5), WHOLE] | None = None
    adherence: Adherence | None = None
    treatments_tried: Annotated[list[TriedTreatment], Field(max_length=MAXIMUM_TREATMENTS)] = []
    days_since_start: Annotated[int, Field(ge=0, le=MAXIMUM_DAYS), WHOLE] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "FollowUpRequest":
        told = (self.findings, self.measurements, self.outcome_measures, self.treatments_tried, self.adherence)
        if not any(told) and self.global_change is None:
            raise PydanticCustomError("nothing_said", "At least one answer is needed.")
        return self

    def contact(self, day: int, knowledge: ReleaseKnowledge) -> contact.Contact:
        """The contact as the engine reads it; `day` stands where the body says none."""
        measures = knowledge.compiled.outcome_measures
        return contact.Contact(
            day=day if self.days_since_start is None else self.days_since_start,
            findings={answer.id: answer.state for answer in self.findings},
            measurements={measured.id: measured.value for measured in self.measurements},
            scores={answer.id: answer.scored(measures[answer.id]) for answer in self.outcome_measures},
            global_change=self.global_change,
            adherence=contact.Adherence(**self.adherence.model_dump()) if self.adherence else None,
            treatments=tuple(contact.TriedTreatment(**tried.model_dump()) for tried in self.treatments_tried),
        )


def read_follow_up(body: Any, knowledge: ReleaseKnowledge) -> FollowUpRequest:
    """The follow-up in a parsed JSON body. Raises InvalidInput with every problem in it."""
    problems = [*contradictions(body), *_repetitions(body), *_item_problems(body, knowledge)]
    return read_body(FollowUpRequest, body, knowledge, problems)


def _rows(body: Any, name: str) -> list[Any]:
    rows = body.get(name) if isinstance(body, dict) else None
    return rows if isinstance(rows, list) else []


def _repetitions(body: Any) -> Iterator[Problem]:
    """What may be said once only: an outcome measure, also as a measurement, and a treatment."""
    measured = [row.get("id") for row in _rows(body, "measurements") if isinstance(row, dict)]
    for name, member, said in (("outcome_measures", "id", measured), ("treatments_tried", "treatment", [])):
        seen = [key for key in said if isinstance(key, str)]
        for index, row in enumerate(_rows(body, name)):
            key = row.get(member) if isinstance(row, dict) else None
            if isinstance(key, str) and key in seen:
                yield Problem(pointer(name, index, member), "repeated", "This is said twice.")
            elif isinstance(key, str):
                seen.append(key)


def _item_problems(body: Any, knowledge: ReleaseKnowledge) -> Iterator[Problem]:
    """Answers to items that the measure does not have, or that lie out of their range. Other shapes are passed by."""
    for index, row in enumerate(_rows(body, "outcome_measures")):
        key = row.get("id") if isinstance(row, dict) else None
        measure = knowledge.compiled.outcome_measures.get(key) if isinstance(key, str) else None
        items = row.get("items") if measure else None
        if measure is None or not isinstance(items, dict):
            continue
        for name, value in items.items():
            item = measure.items.get(name)
            detail = f"Known: {', '.join(measure.items)}." if item is None else _item_problem(item, value)
            if detail:
                code = "unknown_item" if item is None else "out_of_range"
                yield Problem(pointer("outcome_measures", index, "items", name), code, detail)


def _item_problem(item: OutcomeItem, value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not item.minimum <= value <= item.maximum:
        return f"Must be from {item.minimum:g} to {item.maximum:g}."
    if item.whole and value != int(value):
        return "Must be a whole number."
    return None
