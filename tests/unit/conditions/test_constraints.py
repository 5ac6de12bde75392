"""Each constraint refuses a row that breaks it."""

from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from conditions.content_rows import TABLES
from conditions.models import (
    Citation,
    Composite,
    Condition,
    ConditionTreatment,
    Evidence,
    Finding,
    FollowUpTimer,
    Measurement,
    OutcomeMeasure,
    Presentation,
    PreventionTip,
    Prior,
    RedFlag,
    Release,
    SafetyNetItem,
    Treatment,
    TriedStep,
)

pytestmark = pytest.mark.django_db
DIGEST = "sha256:" + "0" * 64

# The constraint, the table, and the change of one row that breaks it.
VIOLATIONS: dict[str, tuple[type[models.Model], dict[str, Any]]] = {
    "release_status_known": (Release, {"status": "lost", "digest": DIGEST, "published_at": timezone.now()}),
    "release_published_has_digest_and_time": (Release, {"digest": DIGEST}),
    "citation_seen_known": (Citation, {"seen": "heard"}),
    "measurement_minimum_below_maximum": (Measurement, {"minimum": 100}),
    "finding_kind_known": (Finding, {"kind": "feeling"}),
    "finding_patient_can_answer_known": (Finding, {"patient_can_answer": "maybe"}),
    "finding_cost_known": (Finding, {"cost": "free"}),
    "finding_base_adult_is_open_probability": (Finding, {"base_adult": 0}),
    "finding_base_child_is_open_probability": (Finding, {"base_child": 1}),
    "condition_region_known": (Condition, {"region": "elbow"}),
    "condition_family_known": (Condition, {"family": "unknown"}),
    "condition_sex_known": (Condition, {"sex": "other"}),
    "condition_acuteness_known": (Condition, {"acuteness": "sudden"}),
    "condition_severity_known": (Condition, {"severity": "bad"}),
    "condition_least_urgency_known": (Condition, {"least_urgency": "soon"}),
    "condition_least_urgency_mode_known": (Condition, {"least_urgency_mode": "taxi"}),
    "condition_ladder_start_known": (Condition, {"ladder_start": "ajar"}),
    "condition_threshold_is_open_probability": (Condition, {"threshold": 1}),
    "condition_from_age_below_to_age": (Condition, {"from_age": 120}),
    "condition_must_not_miss_has_threshold": (Condition, {"must_not_miss": True, "threshold": None}),
    "prior_basis_known": (Prior, {"basis": "guess"}),
    "prior_estimate_has_ground": (Prior, {"basis": "estimate", "ground": ""}),
    "prior_female_to_male_positive": (Prior, {"female_to_male": 0}),
    "evidence_probability_is_open_probability": (Evidence, {"probability": 0}),
    "evidence_low_is_open_probability": (Evidence, {"low": 0}),
    "evidence_high_is_open_probability": (Evidence, {"high": 1}),
    "evidence_probability_within_range": (Evidence, {"low": 0.98, "high": 0.99, "probability": 0.5}),
    "evidence_sample_size_positive": (Evidence, {"effective_sample_size": 0}),
    "evidence_basis_known": (Evidence, {"basis": "guess"}),
    "evidence_estimate_has_ground": (Evidence, {"basis": "estimate", "ground": ""}),
    "evidence_published_is_cited": (Evidence, {"basis": "published", "citations": []}),
    "red_flag_kind_known": (RedFlag, {"kind": "amber"}),
    "red_flag_urgency_known": (RedFlag, {"urgency": "soon"}),
    "red_flag_urgency_mode_known": (RedFlag, {"urgency_mode": "taxi"}),
    "red_flag_has_source": (RedFlag, {"citations": [], "estimate": ""}),
    "composite_mode_known": (Composite, {"mode": "both"}),
    "composite_audience_known": (Composite, {"audience": "nobody"}),
    "composite_has_conditions": (Composite, {"for_conditions": []}),
    "composite_has_source": (Composite, {"citations": [], "estimate": ""}),
    "outcome_measure_minimum_below_maximum": (OutcomeMeasure, {"minimum": 100}),
    "outcome_measure_best_known": (OutcomeMeasure, {"best": "middle"}),
    "outcome_measure_items_best_known": (OutcomeMeasure, {"items_best": "middle"}),
    "outcome_measure_method_known": (OutcomeMeasure, {"method": "guess"}),
    "outcome_measure_has_source": (OutcomeMeasure, {"citations": [], "estimate": ""}),
    "follow_up_timer_trigger_known": (FollowUpTimer, {"trigger": "whim"}),
    "follow_up_timer_step_known": (FollowUpTimer, {"step": "wait"}),
    "follow_up_timer_has_source": (FollowUpTimer, {"citations": [], "estimate": ""}),
    "safety_net_item_urgency_known": (SafetyNetItem, {"urgency": "soon"}),
    "safety_net_item_has_source": (SafetyNetItem, {"citations": [], "estimate": ""}),
    "prevention_tip_verdict_known": (PreventionTip, {"verdict": "sure"}),
    "prevention_tip_has_source": (PreventionTip, {"citations": [], "estimate": ""}),
    "tried_step_rung_exists": (TriedStep, {"rung": 0}),
    "tried_step_has_source": (TriedStep, {"citations": [], "estimate": ""}),
    "treatment_kind_known": (Treatment, {"kind": "magic"}),
    "treatment_strength_known": (Treatment, {"strength": "huge"}),
    "treatment_rung_exists": (Treatment, {"rung": 8}),
    "treatment_has_source": (Treatment, {"citations": [], "estimate": ""}),
    "condition_treatment_strength_known": (ConditionTreatment, {"strength": "huge"}),
    "condition_treatment_rung_exists": (ConditionTreatment, {"rung": 0}),
    "condition_treatment_has_source": (ConditionTreatment, {"citations": [], "estimate": ""}),
}
# The unique constraints, broken by a second row that is the same.
UNIQUE: dict[str, type[models.Model]] = {
    "citation_key_unique_in_release": Citation,
    "measurement_key_unique_in_release": Measurement,
    "finding_key_unique_in_release": Finding,
    "condition_key_unique_in_release": Condition,
    "presentation_key_unique_in_condition": Presentation,
    "evidence_unique_per_condition_presentation_finding": Evidence,
    "red_flag_key_unique_in_release": RedFlag,
    "composite_key_unique_in_release": Composite,
    "outcome_measure_key_unique_in_release": OutcomeMeasure,
    "follow_up_timer_key_unique_in_release": FollowUpTimer,
    "safety_net_item_key_unique_in_release": SafetyNetItem,
    "prevention_tip_key_unique_in_release": PreventionTip,
    "tried_step_key_unique_in_release": TriedStep,
    "treatment_key_unique_in_release": Treatment,
    "condition_treatment_once_per_ladder": ConditionTreatment,
}
# A unique constraint that holds whatever happens, because the primary key is part of it.
NEVER_BROKEN = {f"{name}_addressed_with_release" for name in ("finding", "condition", "presentation", "treatment")}


def broken_by(statement: Any) -> str:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        statement()
    cause: Any = error.value.__cause__
    return str(cause.diag.constraint_name)


def test_every_constraint_has_a_row_that_breaks_it() -> None:
    tables: list[type[models.Model]] = [Release, *TABLES]
    declared = {constraint.name for table in tables for constraint in table._meta.constraints}
    tested = {*VIOLATIONS, *UNIQUE, *NEVER_BROKEN, "condition_treatment_position_unique"}
    assert declared == tested


@pytest.mark.parametrize("name", VIOLATIONS)
def test_a_row_that_breaks_the_constraint_is_refused(draft: Release, name: str) -> None:
    table, change = VIOLATIONS[name]
    row = table._default_manager.order_by("pk").first()
    assert row is not None
    assert broken_by(lambda: table._default_manager.filter(pk=row.pk).update(**change)) == name


@pytest.mark.parametrize("name", UNIQUE)
def test_a_second_row_that_is_the_same_is_refused(draft: Release, name: str) -> None:
    row = UNIQUE[name]._default_manager.order_by("pk").first()
    assert row is not None
    row.pk = None
    if isinstance(row, ConditionTreatment):
        row.position = 9
    assert broken_by(lambda: row.save(force_insert=True)) == name


def test_two_steps_of_a_ladder_cannot_have_one_position(draft: Release) -> None:
    steps = ConditionTreatment.objects.filter(release=draft, treatment__key="exercise")
    assert broken_by(lambda: steps.update(position=1)) == "condition_treatment_position_unique"


def test_a_condition_has_one_prior(draft: Release) -> None:
    row = Prior.objects.first()
    assert row is not None
    row.pk = None
    assert "condition_id" in broken_by(lambda: row.save(force_insert=True))


def test_a_version_is_given_once(draft: Release) -> None:
    assert "version" in broken_by(lambda: Release.objects.create(version=draft.version, title="x"))
