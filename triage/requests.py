"""The bodies that hold a case: their shape, checked by pydantic, and their ids, checked against the release.

Everything that is wrong is told at once, each with its pointer; nothing that was sent is repeated in a message.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Annotated, Any, Literal, TypeVar, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError
from rapidfuzz import process

from hipcare.api.validation import WHOLE, problems_of
from hipcare.errors import InvalidInput, Problem, pointer
from triage.engine.case import Audience, Case, Options, Setting, Sex, Side, State
from triage.engine.comparison import Change
from triage.knowledge import ReleaseKnowledge
from triage.languages import Locale

Respondent = Literal["self", "proxy", "clinician"]

MAXIMUM_FINDINGS = 500
MAXIMUM_MEASUREMENTS = 100
MAXIMUM_CHANGES = 20
YEARS_PER_UNIT = {"year": 1.0, "month": 1.0 / 12.0, "day": 1.0 / 365.25}
OLDEST_YEARS = 120.0
NEAREST_IDS = 3

RequestModel = TypeVar("RequestModel", bound="Body")

Number = Annotated[float, Field(allow_inf_nan=False)]


def known_id(key: str, known: Sequence[str] | Mapping[str, Any], kind: str) -> str:
    """The id if it is known. Raises PydanticCustomError with the nearest known ones."""
    if key in known:
        return key
    matches = process.extract(key, list(known), processor=_words, limit=NEAREST_IDS, score_cutoff=60)
    near = [match[0] for match in matches]
    hint = f" Nearest known: {', '.join(near)}." if near else ""
    raise PydanticCustomError(f"unknown_{kind}", "There is no such {kind}.{hint}", {"kind": kind, "hint": hint})


def _words(key: str) -> str:
    """The words of an id, so that `groin_pain` is near `pain_groin`."""
    return key.replace("_", " ")


def knowledge_of(info: ValidationInfo) -> ReleaseKnowledge:
    """The release that a body is read against."""
    return cast(ReleaseKnowledge, info.context)


def _known_finding(key: str, info: ValidationInfo) -> str:
    knowledge = knowledge_of(info)
    known_id(key, knowledge.compiled.finding_index, "finding")
    if knowledge.compiled.finding(key).derived_from_demographics:
        raise PydanticCustomError("derived_finding", "This is worked out from age and sex and must not be sent.")
    return key


def _known_measurement(key: str, info: ValidationInfo) -> str:
    return known_id(key, knowledge_of(info).measurements, "measurement")


def _at_most(unit: str) -> dict[str, Any]:
    """The greatest age in a unit, as JSON Schema; without a unit it is in years."""
    bounds = {"unit": {"const": unit}, "value": {"maximum": OLDEST_YEARS / YEARS_PER_UNIT[unit]}}
    return {"properties": bounds} if unit == "year" else {"properties": bounds, "required": ["unit"]}


def some_of(**members: dict[str, Any]) -> ConfigDict:
    """Model configuration: what a validator of the model asks for, as JSON Schema, that one member at least is so."""
    return ConfigDict(
        json_schema_extra={
            "anyOf": [{"properties": {name: schema}, "required": [name]} for name, schema in members.items()]
        }
    )


NOT_EMPTY: dict[str, Any] = {"minItems": 1}
NOT_NULL: dict[str, Any] = {"not": {"type": "null"}}


class Body(BaseModel):
    """What every part of the body has in common: no coercion, no unknown members."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Age(Body):
    """An age, at most 120 years."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [_at_most(unit) for unit in YEARS_PER_UNIT]})

    value: Annotated[Number, Field(ge=0)]
    unit: Literal["year", "month", "day"] = "year"

    @property
    def years(self) -> float:
        """The age in years."""
        return self.value * YEARS_PER_UNIT[self.unit]

    @model_validator(mode="after")
    def _within_a_life(self) -> "Age":
        if self.years > OLDEST_YEARS:
            raise PydanticCustomError("out_of_range", "An age is at most 120 years.")
        return self


class Patient(Body):
    """The person, without anything that names them; `reference` is the partner's own opaque id."""

    age: Age
    sex: Sex = "unknown"
    reference: Annotated[str, Field(max_length=128, pattern=r"^[^\x00-\x1f\x7f]+$")] | None = None


class FindingAnswer(Body):
    """One finding and its state; `source` is who says so."""

    id: Annotated[str, Field(max_length=80), AfterValidator(_known_finding)]
    state: State
    source: Literal["patient", "clinician", "record", "device"] = "patient"


class MeasuredValue(Body):
    """One measurement in the unit that the catalogue states."""

    id: Annotated[str, Field(max_length=80), AfterValidator(_known_measurement)]
    value: Number

    @model_validator(mode="after")
    def _plausible(self, info: ValidationInfo) -> "MeasuredValue":
        limits = knowledge_of(info).measurements[self.id]
        if not limits.minimum <= self.value <= limits.maximum:
            raise PydanticCustomError(
                "out_of_range",
                "Must be from {minimum} to {maximum} {unit}.",
                {"minimum": f"{limits.minimum:g}", "maximum": f"{limits.maximum:g}", "unit": limits.unit},
            )
        return self


class RequestOptions(Body):
    """How to answer and whether to keep it."""

    store: bool = True
    max_causes: Annotated[int, Field(ge=1, le=60), WHOLE] = 8
    locale: Locale = "en"
    audience: Audience = "clinician"


class CaseRequest(Body):
    """A person with a hip, groin, thigh or buttock complaint, and what is known of it."""

    patient: Patient
    respondent: Respondent = "self"
    setting: Setting = "primary_care"
    side: Side = "unknown"
    findings: Annotated[list[FindingAnswer], Field(max_length=MAXIMUM_FINDINGS)] = []
    measurements: Annotated[list[MeasuredValue], Field(max_length=MAXIMUM_MEASUREMENTS)] = []
    options: RequestOptions = RequestOptions()

    def case(self) -> Case:
        """The case as the engine reads it."""
        return Case(
            age_years=self.patient.age.years,
            sex=self.patient.sex,
            findings={answer.id: answer.state for answer in self.findings},
            measurements={measured.id: measured.value for measured in self.measurements},
            setting=self.setting,
            side=self.side,
        )

    def engine_options(self) -> Options:
        """How the engine is to tell its answer."""
        return Options(max_causes=self.options.max_causes, audience=self.options.audience)


class AssessmentRequest(CaseRequest):
    """A case: a person with a hip, groin, thigh or buttock complaint, and what is known of it."""

    model_config = some_of(findings=NOT_EMPTY, measurements=NOT_EMPTY)

    @model_validator(mode="after")
    def _says_something(self) -> "AssessmentRequest":
        if not self.findings and not self.measurements:
            raise PydanticCustomError("nothing_said", "At least one finding or measurement is needed.")
        return self


class InterviewOptions(RequestOptions):
    """How to ask; nothing is ever kept."""

    max_questions: Annotated[int, Field(ge=0, le=MAXIMUM_FINDINGS), WHOLE] | None = None


class InterviewRequest(CaseRequest):
    """A case as far as it is known: the body of an assessment, but nothing need be answered yet."""

    options: InterviewOptions = InterviewOptions()

    @property
    def patient_answers(self) -> bool:
        """Whether only what the patient or somebody for them can know may be asked."""
        return self.respondent != "clinician"


class FindingChange(Body):
    """Another state of a finding; `unasked` takes its answer away."""

    id: Annotated[str, Field(max_length=80), AfterValidator(_known_finding)]
    state: State | Literal["unasked"]


class CaseChange(Body):
    """A change to the case; what it does not name stays as it is."""

    model_config = some_of(findings=NOT_EMPTY, measurements=NOT_EMPTY, setting=NOT_NULL, patient=NOT_NULL)

    label: Annotated[str, Field(max_length=200)] | None = None
    findings: Annotated[list[FindingChange], Field(max_length=MAXIMUM_FINDINGS)] = []
    measurements: Annotated[list[MeasuredValue], Field(max_length=MAXIMUM_MEASUREMENTS)] = []
    setting: Setting | None = None
    patient: Patient | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> "CaseChange":
        if not (self.findings or self.measurements or self.setting or self.patient):
            raise PydanticCustomError("nothing_changed", "At least one thing must change.")
        return self

    def change(self) -> Change:
        """The change as the engine reads it."""
        others: dict[str, Any] = {"setting": self.setting} if self.setting else {}
        if self.patient:
            others |= {"age_years": self.patient.age.years, "sex": self.patient.sex}
        return Change(
            label=self.label,
            findings={answer.id: None if answer.state == "unasked" else answer.state for answer in self.findings},
            measurements={measured.id: measured.value for measured in self.measurements},
            others=others,
        )


class CaseToChange(AssessmentRequest):
    """The case as it is: the body of an assessment."""


class WhatIfRequest(Body):
    """A case and changes to it, each of them tried on its own."""

    case: CaseToChange
    changes: Annotated[list[CaseChange], Field(min_length=1, max_length=MAXIMUM_CHANGES)]


def read_request(body: Any, knowledge: ReleaseKnowledge) -> AssessmentRequest:
    """The request in a parsed JSON body. Raises InvalidInput with every problem in it."""
    return read_body(AssessmentRequest, body, knowledge, contradictions(body))


def read_interview(body: Any, knowledge: ReleaseKnowledge) -> InterviewRequest:
    """The interview so far in a parsed JSON body. Raises InvalidInput with every problem in it."""
    return read_body(InterviewRequest, body, knowledge, contradictions(body))


def read_what_if(body: Any, knowledge: ReleaseKnowledge) -> WhatIfRequest:
    """The case and its changes in a parsed JSON body. Raises InvalidInput with every problem in it."""
    case, changes = (body.get("case"), body.get("changes")) if isinstance(body, dict) else (None, None)
    problems = chain(
        contradictions(case, "case"),
        *(contradictions(row, "changes", i) for i, row in enumerate(changes if isinstance(changes, list) else [])),
    )
    return read_body(WhatIfRequest, body, knowledge, problems)


def read_body(
    model: type[RequestModel], body: Any, knowledge: ReleaseKnowledge, others: Iterable[Problem]
) -> RequestModel:
    """The body as a `model`. Raises InvalidInput with everything that is wrong, the `others` included."""
    problems = list(others)
    try:
        request = model.model_validate(body, context=knowledge)
    except ValidationError as error:
        raise InvalidInput([*problems_of(error), *problems]) from None
    if problems:
        raise InvalidInput(problems)
    return request


def contradictions(body: Any, *place: str | int) -> Iterator[Problem]:
    """The same id said twice with different content, in the case at `place`. Passes over what has another shape."""
    for name, member in (("findings", "state"), ("measurements", "value")):
        said: dict[str, Any] = {}
        rows = body.get(name) if isinstance(body, dict) else None
        for index, row in enumerate(rows if isinstance(rows, list) else []):
            key = row.get("id") if isinstance(row, dict) else None
            if isinstance(key, str) and said.setdefault(key, row.get(member)) != row.get(member):
                detail = f"The same id has another {member} before."
                yield Problem(pointer(*place, name, index), "contradiction", detail)
