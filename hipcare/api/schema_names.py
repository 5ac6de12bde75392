"""What generated clients need of the OpenAPI document: one name for each shared set of values, and nothing optional
that is always there.

Without names a client has one enumeration for every place in which the same values stand. Names are given, not made up
from the places, because those change: `VOCABULARIES` says which.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, get_args

from django.db.models import TextChoices
from django.utils.module_loading import import_string

_CONDITIONS = "conditions.models.choices"
_EXERCISES = "exercises.models.choices"
# Where the values of a component stand: as choices, or as a Literal. Two names for the same values are an error.
VOCABULARIES = {
    "Acuteness": f"{_CONDITIONS}.Acuteness",
    "AssessmentStatus": "triage.engine.assessment.Status",
    "AuditOutcome": "partners.models.Outcome",
    "BestEnd": f"{_CONDITIONS}.BestEnd",
    "ChangeVerdict": "triage.engine.follow_up_knowledge.Verdict",
    "CitationSeen": f"{_CONDITIONS}.Seen",
    "CompositeAudience": f"{_CONDITIONS}.CompositeAudience",
    "CompositeMode": f"{_CONDITIONS}.CompositeMode",
    "ConditionFamily": f"{_CONDITIONS}.Family",
    "ConditionRegion": f"{_CONDITIONS}.Region",
    "ConditionSeverity": f"{_CONDITIONS}.Severity",
    "ConfirmedBy": "triage.outcome_requests.ConfirmedBy",
    "EvidenceBasis": f"{_CONDITIONS}.Basis",
    "ExerciseEquipment": f"{_EXERCISES}.Equipment",
    "ExercisePurpose": f"{_EXERCISES}.Purpose",
    "ExerciseStatus": "triage.engine.plan.ExerciseStatus",
    "ExerciseTarget": f"{_EXERCISES}.Target",
    "FindingCost": f"{_CONDITIONS}.Cost",
    "FindingKind": f"{_CONDITIONS}.FindingKind",
    "FindingState": "triage.engine.case.State",
    "Irritability": f"{_EXERCISES}.Irritability",
    "LadderStatus": f"{_CONDITIONS}.LadderStart",
    "Locale": "triage.languages.Locale",
    "NextStepKind": "triage.engine.next_rung.StepKind",
    "PainStage": f"{_EXERCISES}.Stage",
    "PatientCanAnswer": f"{_CONDITIONS}.PatientCanAnswer",
    "PatientOrClinician": "triage.engine.case.Audience",
    "PreventionVerdict": f"{_CONDITIONS}.PreventionVerdict",
    "QuestionReason": "triage.engine.assessment.QuestionReason",
    "RecommendationStrength": f"{_CONDITIONS}.Strength",
    "RedFlagKind": f"{_CONDITIONS}.RedFlagKind",
    "ReleaseStatus": f"{_CONDITIONS}.ReleaseStatus",
    "Respondent": "triage.requests.Respondent",
    "Setting": "triage.engine.case.Setting",
    "Side": "triage.engine.case.Side",
    "Supervision": f"{_EXERCISES}.Supervision",
    "TimerStep": f"{_CONDITIONS}.TimerStep",
    "TreatmentKind": f"{_CONDITIONS}.TreatmentKind",
    "TreatmentStatus": "triage.engine.suitability.ItemStatus",
    "UrgencyLevel": f"{_CONDITIONS}.UrgencyLevel",
    "UrgencyMode": f"{_CONDITIONS}.UrgencyMode",
    "WebhookDeliveryState": "partners.webhook_models.DeliveryState",
    "WebhookDisabledBecause": "partners.webhook_requests.DisabledBecause",
    "WebhookEventType": "partners.webhook_models.EventType",
    "WorklistState": "triage.review_requests.State",
}
# Where an example stands there is data, in which nothing is a schema.
_DATA = {"example", "examples", "default"}


def name_vocabularies(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Postprocessing hook: every set of values that has a name becomes a reference to the component of that name."""
    used: set[str] = set()
    for schema in _schemas_in(result):
        schema.pop("x-spec-enum-id", None)
        name = _names().get(frozenset(schema.get("enum", ())) - {None})
        if name is not None:
            _refer(schema, name)
            used.add(name)
    components = result["components"]["schemas"]
    components.update({name: {"type": "string", "enum": _values(VOCABULARIES[name])} for name in used})
    result["components"]["schemas"] = dict(sorted(components.items()))
    return result


def complete_answers(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Postprocessing hook: what only answers hold is always there, null where there is nothing to say.

    A serializer takes a model field with a default for optional; that is so for what is sent, not for what is answered.
    Pydantic models, which have titles, know it themselves.
    """
    schemas = result["components"]["schemas"]
    sent = _reached((operation.get("requestBody") for operation in _operations(result)), schemas)
    answered = _reached((operation["responses"] for operation in _operations(result)), schemas)
    for name in answered - sent:
        if "properties" in schemas[name] and "title" not in schemas[name]:
            schemas[name]["required"] = sorted(schemas[name]["properties"])
    return result


@cache
def _names() -> dict[frozenset[str], str]:
    names: dict[frozenset[str], str] = {}
    for name, path in VOCABULARIES.items():
        values = frozenset(_values(path))
        if values in names:
            raise ValueError(f"{name} and {names[values]} have the same values")
        names[values] = name
    return names


def _values(path: str) -> list[str]:
    vocabulary = import_string(path)
    is_choices = isinstance(vocabulary, type) and issubclass(vocabulary, TextChoices)
    return list(vocabulary.values if is_choices else get_args(vocabulary))


def _refer(schema: dict[str, Any], name: str) -> None:
    """Make the schema a reference that keeps what else was said there."""
    reference = {"$ref": f"#/components/schemas/{name}"}
    nullable = None in schema.pop("enum")
    schema.pop("type")
    schema.pop("title", None)
    schema.update({"anyOf": [reference, {"type": "null"}]} if nullable else reference)


def _schemas_in(node: Any) -> Iterator[dict[str, Any]]:
    """Every object of the document that is not data, so every schema too, the innermost first."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key not in _DATA:
                yield from _schemas_in(value)
        yield node
    elif isinstance(node, list):
        for each in node:
            yield from _schemas_in(each)


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (operation for path in document["paths"].values() for operation in path.values())


def _reached(places: Iterable[Any], schemas: dict[str, Any]) -> set[str]:
    """The names of the schemas that these places refer to, however deep."""
    names: set[str] = set()
    waiting = [node for place in places for node in _schemas_in(place)]
    while waiting:
        name = str(waiting.pop().get("$ref", "")).removeprefix("#/components/schemas/")
        if name in schemas and name not in names:
            names.add(name)
            waiting += _schemas_in(schemas[name])
    return names
