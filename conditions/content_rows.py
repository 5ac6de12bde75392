"""Between a `Content` and the rows of a release, both ways: `content_of(release)` is what `create_rows` was given.

Columns and fields of the same name hold the same; `id` is the column `key`, null text is a blank column.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from . import content_schema as schema
from . import models
from .canonical_yaml import number
from .models.choices import Basis

KeyedRow = TypeVar("KeyedRow", bound=models.KeyedRow)

SMALLEST_SAMPLE, LARGEST_SAMPLE = 4.0, 400.0
# A 90 % interval of a normal distribution is this many standard deviations wide.
WIDTH_OF_90_PERCENT = 3.29

# Each table before the tables that point at it.
TABLES: tuple[type[models.ReleaseRow], ...] = (
    models.Citation,
    models.Measurement,
    models.Finding,
    models.RedFlag,
    models.Composite,
    models.OutcomeMeasure,
    models.FollowUpTimer,
    models.SafetyNetItem,
    models.PreventionTip,
    models.TriedStep,
    models.Treatment,
    models.Condition,
    models.ConditionTreatment,
    models.Presentation,
    models.Prior,
    models.Evidence,
)


def effective_sample_size(probability: float, low: float, high: float) -> float:
    """The size of the sample whose Beta distribution has this mean and this 90 % interval, from 4 to 400.

    A Beta distribution with mean p and standard deviation s has alpha + beta = p (1 - p) / s² - 1.
    """
    deviation = (high - low) / WIDTH_OF_90_PERCENT
    if deviation == 0:
        return LARGEST_SAMPLE
    size = probability * (1 - probability) / deviation**2 - 1
    return min(max(size, SMALLEST_SAMPLE), LARGEST_SAMPLE)


def create_rows(release: models.Release, content: schema.Content) -> None:
    """Insert every row of the content into the release, which has none yet. Does not check the content."""
    _insert(models.Citation, release, content.citations)
    _insert(models.Measurement, release, content.measurements)
    findings = _insert(models.Finding, release, content.findings)
    _insert(models.Composite, release, content.composites)
    _insert(models.OutcomeMeasure, release, content.outcome_measures)
    _insert(models.FollowUpTimer, release, content.follow_up_timers)
    _insert(models.SafetyNetItem, release, content.safety_net)
    _insert(models.PreventionTip, release, content.prevention)
    _insert(models.TriedStep, release, content.tried_steps)
    treatments = _insert(models.Treatment, release, content.treatments)
    models.RedFlag.objects.bulk_create(_red_flag(release, entry) for entry in content.red_flags)
    conditions = _by_key(
        models.Condition.objects.bulk_create(_condition(release, entry) for entry in content.conditions)
    )
    for condition in content.conditions:
        _create_parts(conditions[condition.id], condition, findings, treatments)


def delete_rows(release: models.Release) -> None:
    """Delete every row of the release."""
    for table in reversed(TABLES):
        rows: QuerySet[Any] = table._default_manager.filter(release=release)
        rows._raw_delete(rows.db)


def content_of(release: models.Release) -> schema.Content:
    """The content whose rows the release has.

    Raises pydantic.ValidationError where a row has no valid shape, as after a mistake while editing a draft.
    """
    policy = dict(release.policy)
    scope = policy.pop("scope", None)
    return schema.Content.model_validate(
        {
            "release": {"version": release.version, "title": release.title, "policy": policy},
            "scope": scope,
            "citations": _documents(models.Citation, schema.Citation, release),
            "measurements": _documents(models.Measurement, schema.Measurement, release),
            "findings": _documents(models.Finding, schema.Finding, release),
            "red_flags": [_red_flag_document(row) for row in rows_of(models.RedFlag, release)],
            "composites": _documents(models.Composite, schema.Composite, release),
            "outcome_measures": _documents(models.OutcomeMeasure, schema.OutcomeMeasure, release),
            "follow_up_timers": _documents(models.FollowUpTimer, schema.FollowUpTimer, release),
            "safety_net": _documents(models.SafetyNetItem, schema.SafetyNetItem, release),
            "prevention": _documents(models.PreventionTip, schema.PreventionTip, release),
            "tried_steps": _documents(models.TriedStep, schema.TriedStep, release),
            "treatments": _documents(models.Treatment, schema.Treatment, release),
            "conditions": _condition_documents(release),
        }
    )


def _condition_documents(release: models.Release) -> list[dict[str, Any]]:
    documents = {row.pk: _condition_document(row) for row in rows_of(models.Condition, release)}
    for step in models.ConditionTreatment.objects.filter(release=release).select_related("treatment"):
        documents[step.condition_id]["ladder"].append(_step_document(step))
    for presentation in models.Presentation.objects.filter(release=release).order_by("pk"):
        documents[presentation.condition_id]["presentations"].append(fields_of(presentation, schema.Presentation))
    for prior in models.Prior.objects.filter(release=release):
        documents[prior.condition_id]["prior"] = fields_of(prior, schema.Prior) | _basis_document(prior)
    for row in models.Evidence.objects.filter(release=release).select_related("finding", "presentation"):
        _add_evidence(documents[row.condition_id], row)
    return list(documents.values())


def _condition_document(row: models.Condition) -> dict[str, Any]:
    return fields_of(row, schema.Condition) | {
        "population": {"from_age": row.from_age, "to_age": row.to_age, "sex": row.sex},
        "least_urgency": _urgency_document(row, "least_urgency"),
        "ladder": [],
        "presentations": [],
        "evidence": {},
        "presentation_evidence": {},
    }


def _step_document(step: models.ConditionTreatment) -> dict[str, Any]:
    return fields_of(step, schema.LadderStep) | {"treatment": step.treatment.key}


def _add_evidence(document: dict[str, Any], row: models.Evidence) -> None:
    table = document["evidence"]
    if row.presentation is not None:
        table = document["presentation_evidence"].setdefault(row.presentation.key, {})
    table[row.finding.key] = {
        "p": row.probability,
        "range": (row.low, row.high),
        "citations": row.citations,
        **_basis_document(row),
    }


def _basis_document(row: models.Prior | models.Evidence) -> dict[str, str | None]:
    return {row.basis: row.ground or None}


def _urgency_document(row: Model, name: str) -> dict[str, Any]:
    return {
        "level": getattr(row, name),
        "mode": getattr(row, f"{name}_mode") or None,
        "within_hours": getattr(row, f"{name}_within_hours"),
    }


def _documents(table: type[models.KeyedRow], form: type[schema.Entry], release: models.Release) -> list[dict[str, Any]]:
    return [fields_of(row, form) for row in rows_of(table, release)]


def rows_of(table: type[KeyedRow], release: models.Release) -> list[KeyedRow]:
    """The rows by their keys, in the order of Python, which no collation of the database changes."""
    return sorted(table._default_manager.filter(release=release), key=lambda row: row.key)


def fields_of(row: Model, form: type[schema.Entry]) -> dict[str, Any]:
    """The columns of the row that the form has fields for; those of several columns are for the caller."""
    columns = {"key" if name == "id" else name: name for name in form.model_fields}
    present = {field.name for field in row._meta.concrete_fields if not field.is_relation} & columns.keys()
    values = {columns[column]: getattr(row, column) for column in present}
    return {name: None if value == "" else value for name, value in values.items()}


def _red_flag_document(row: models.RedFlag) -> dict[str, Any]:
    return fields_of(row, schema.RedFlag) | {"urgency": _urgency_document(row, "urgency")}


def _create_parts(
    row: models.Condition,
    condition: schema.Condition,
    findings: Mapping[str, models.Finding],
    treatments: Mapping[str, models.Treatment],
) -> None:
    """Insert what hangs on one condition: its ladder, presentations, prior and evidence."""
    belongs = {"release": row.release, "condition": row}
    models.ConditionTreatment.objects.bulk_create(
        models.ConditionTreatment(
            **belongs,
            **columns_of(step, models.ConditionTreatment) | {"treatment": treatments[step.treatment]},
            position=position,
        )
        for position, step in enumerate(condition.ladder, start=1)
    )
    presentations = _by_key(
        models.Presentation.objects.bulk_create(
            models.Presentation(**belongs, **columns_of(entry, models.Presentation) | {"weight": _weight(entry.weight)})
            for entry in condition.presentations
        )
    )
    prior = condition.prior
    values = columns_of(prior, models.Prior) | _basis(prior) | {"curve": _curve(prior.curve)}
    models.Prior.objects.create(**belongs, **values)
    shared = [(None, name, row) for name, row in condition.evidence.items()]
    own = [
        (presentations[presentation], name, row)
        for presentation, rows in condition.presentation_evidence.items()
        for name, row in rows.items()
    ]
    models.Evidence.objects.bulk_create(
        models.Evidence(**belongs, presentation=presentation, finding=findings[name], **_evidence(evidence))
        for presentation, name, evidence in [*shared, *own]
    )


def _condition(release: models.Release, entry: schema.Condition) -> models.Condition:
    return models.Condition(
        release=release,
        **columns_of(entry, models.Condition)
        | _urgency("least_urgency", entry.least_urgency)
        | entry.population.model_dump(mode="json"),
    )


def _red_flag(release: models.Release, entry: schema.RedFlag) -> models.RedFlag:
    return models.RedFlag(release=release, **columns_of(entry, models.RedFlag) | _urgency("urgency", entry.urgency))


def _evidence(row: schema.EvidenceRow) -> dict[str, Any]:
    low, high = row.range
    return {
        "probability": row.p,
        "low": low,
        "high": high,
        "effective_sample_size": effective_sample_size(row.p, low, high),
        "citations": list(row.citations),
        **_basis(row),
    }


def _basis(entry: schema.Numbers) -> dict[str, str]:
    if entry.estimate is not None:
        return {"basis": Basis.ESTIMATE, "ground": entry.estimate}
    return {"basis": Basis.PUBLISHED, "ground": entry.published or ""}


def _urgency(name: str, urgency: schema.Urgency) -> dict[str, Any]:
    return {
        name: urgency.level,
        f"{name}_mode": urgency.mode or "",
        f"{name}_within_hours": urgency.within_hours,
    }


def _weight(weight: float | schema.WeightCurve) -> Any:
    if isinstance(weight, schema.WeightCurve):
        return {"curve": _curve(weight.curve), "female_to_male": weight.female_to_male}
    return weight


def _curve(curve: Mapping[float, float]) -> dict[str, float]:
    return {number(age): value for age, value in sorted(curve.items())}


def _insert(table: type[KeyedRow], release: models.Release, entries: Iterable[schema.Entry]) -> dict[str, KeyedRow]:
    rows = (table(release=release, **columns_of(entry, table)) for entry in entries)
    return _by_key(table._default_manager.bulk_create(rows))


def _by_key(rows: Iterable[KeyedRow]) -> dict[str, KeyedRow]:
    return {row.key: row for row in rows}


def columns_of(entry: schema.Entry, table: type[Model]) -> dict[str, Any]:
    """The fields of the entry that the table has columns for; those of several columns are for the caller."""
    values = {"key" if name == "id" else name: value for name, value in entry.model_dump(mode="json").items()}
    columns = {field.name: field for field in table._meta.concrete_fields if not field.is_relation}
    return {
        name: "" if value is None and not columns[name].null else value
        for name, value in values.items()
        if name in columns
    }
