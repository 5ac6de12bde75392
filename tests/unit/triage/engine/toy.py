"""A small invented knowledge: three causes and a few findings, with numbers that can be checked by hand."""

from dataclasses import replace
from typing import Any

from triage.engine.exercises import (
    Exercise,
    ExerciseKnowledge,
    ExerciseStep,
    GeneralRule,
    Phase,
    PhaseExercise,
    Precaution,
    Programme,
    Start,
    StartingRule,
)
from triage.engine.follow_up_knowledge import (
    ContactRule,
    FollowUpPolicy,
)
from triage.engine.knowledge import (
    Condition,
    Evidence,
    Finding,
    InterviewPolicy,
    Knowledge,
    LadderItem,
    Policy,
    Presentation,
    RedFlag,
    RungStart,
    SafetyNetItem,
    Threshold,
    Treatment,
    UrgencyFloor,
)
from triage.engine.safety_reason import SafetyReason

TEXTS = {
    "why_screen": "open",
    "why_default": "default",
    "why_cause": "{name}",
    "why_suspicion": "{name}",
    "disclaimer": "Not a diagnosis.",
    "data_quality": {"exclusive": "not both", "implied": "see {name}", "measurement_disagrees": "measured otherwise"},
    "dose": {
        "range": "{low} to {high}",
        "repetitions": {"one": "{count} time", "several": "{count} times"},
        "repetitions_a_side": {"one": "{count} time a side", "several": "{count} times a side"},
        "hold_seconds": {"one": "hold {count} second", "several": "hold {count} seconds"},
        "minutes": {"one": "{count} minute", "several": "{count} minutes"},
        "sets": {"one": "{count} round", "several": "{count} rounds"},
        "times_per_day": {"one": "once a day", "several": "{count} times a day"},
    },
    "score": {"range": "{low} to {high}", "at_least": "at least {low}"},
    "urgency": {
        level: {"mode": level, "within_hours": 1, "summary": level}
        for level in ("ambulance", "emergency_department", "same_day", "urgent", "routine", "self_care")
    },
    "interview": {name: name for name in ("emergency", "budget", "little_to_gain", "settled", "screen_unknown")},
    "follow_up": {
        name: name
        for name in (
            *("adherence_low", "better", "critical", "new_red_flags", "next_rung", "next_rung_after_review"),
            *("no_rung_left", "screen_open", "step_down", "too_early", "unknown", "urgent", "worse"),
        )
    },
    "programme": {
        "already": "{name} is here.",
        "modify": "Mind: {cause}",
        "none": "no programme",
        "nothing_left": "nothing left",
        "unsure": "unsure",
        "unsure_reason": "Perhaps: {because}",
    },
    "ladder": {
        "locked": "locked",
        "screen_open": "screen open",
        "urgent": "urgent",
        "supervised": "supervised",
        "open": "open",
        "ask_first": "Ask first: {findings}",
        "screen_first": "Answer the open questions first.",
        "start_because": {
            "after_review": "A look first.",
            "discuss": "Talk it over.",
            "first": "Begin here.",
            "if_not_better": "Later.",
            "now": "It is next.",
        },
        "unsure_reason": "Perhaps: {because}",
        "rungs": {str(rung): f"Rung {rung}" for rung in range(1, 8)},
    },
}

POLICY = Policy(
    cluster_correlation=0.5,
    cluster_correlations={},
    prior_temper={"specialist": 0.5},
    calibration_slope=1.0,
    probability_bounds=(0.005, 0.995),
    draws=256,
    prior_log_standard_deviation=0.3,
    interval_level=0.9,
    bands=(("likely", 0.5), ("possible", 0.1), ("unlikely", 0.0)),
    cause_thresholds={"self_care": 0.2, "routine": 0.2, "urgent": 0.2, "same_day": 0.2, "emergency": 0.2},
    leading_cause_minimum=0.25,
    interval_width_maximum=0.9,
    listed_minimum=0.001,
    ladder_cause_minimum=0.15,
    ladder_starts=(
        *(RungStart(rung, (), "now") for rung in (1, 2, 3)),
        *(RungStart(rung, (2, 1), "now") for rung in (4, 5)),
        *(RungStart(rung, (5, 1), "discuss") for rung in (6, 7)),
    ),
    prevention_limit=2,
    question_costs={"ask": 1.0, "examine": 2.0, "simple_test": 6.0, "imaging": 15.0, "specialist": 30.0},
    question_limit=8,
    interview=InterviewPolicy(
        flattening=1.0,
        minimum_gain=0.01,
        settled_below=0.02,
        negligible=0.007,
        maximum_questions=30,
        screen_questions_at_once=5,
    ),
    follow_up=FollowUpPolicy(
        adherence_minimum=0.7,
        global_change_better_from=3,
        global_change_worse_to=-2,
        weeks_if_not_stated=6,
        grow_with_time=("days",),
        contact_rules=(
            ContactRule("not_better", ("same", "worse"), 1, False, "routine", None, "not better"),
            ContactRule("again", ("same", "worse"), 2, True, "urgent", 72, "not better again"),
            ContactRule("worse", ("worse",), 1, False, "urgent", None, "worse"),
            ContactRule("worse_again", ("worse",), 2, False, "same_day", None, "worse again"),
        ),
    ),
    texts=TEXTS,
    scope={
        "complaint": {"any": ["groin", "lateral"]},
        "outside_message": "outside",
        "outside_action": "elsewhere",
        "nothing_present": "nothing",
        "elsewhere": [
            {
                "id": "back",
                "rule": "stiff",
                "besides": [],
                "besides_if_denied": ["fever", "sudden"],
                "reason": "the back",
                "action": "see to the back",
            }
        ],
    },
)


def finding(key: str, **changes: Any) -> Finding:
    """A symptom in a cluster of its own, present in one of five."""
    plain = Finding(key, "symptom", key.title(), f"{key}?", cluster=key, base_adult=0.2, base_child=0.1)
    return replace(plain, **changes)


def presentation(key: str, **probabilities: float) -> Presentation:
    """A presentation with these P(finding present), each worth twenty people."""
    return Presentation(key, key, {name: Evidence(p, 20.0, "estimate") for name, p in probabilities.items()})


def condition(key: str, rate: float, *presentations: Presentation, **changes: Any) -> Condition:
    """A condition of every age with the same relative frequency."""
    plain = Condition(key, key.title(), key, ((0.0, rate),), presentations, UrgencyFloor("routine"))
    return replace(plain, **changes)


FINDINGS = (
    finding("groin"),
    finding("lateral"),
    finding("stiff", cluster="stiffness"),
    finding("morning_stiff", cluster="stiffness", implies=("stiff",)),
    finding(
        "fever", red_flag=True, base_adult=0.02, threshold=Threshold("temperature", at_least=38.0, present_only=True)
    ),
    finding("long", threshold=Threshold("days", above=90.0)),
    finding("sudden", red_flag=True, exclusive_group="onset", contradicts=("gradual",)),
    finding("gradual", exclusive_group="onset", contradicts=("sudden",)),
    finding("reduced_rotation", kind="sign", patient_can_answer=False, cost="examine"),
    finding("ulcer", kind="risk_factor", base_adult=0.05),
)
CONDITIONS = (
    condition(
        "arthritis",
        60.0,
        presentation("usual", groin=0.8, lateral=0.1, stiff=0.9, morning_stiff=0.6, sudden=0.05, gradual=0.9, long=0.9),
        ladder=(
            LadderItem("education", 1, "Learn.", 6, "no better", "strong", "trial", ("c1",)),
            LadderItem("tablet", 3, "Take.", 2, None, "moderate", "trial", ("c2",)),
        ),
        programme="walk",
    ),
    condition(
        "tendon",
        30.0,
        presentation("usual", groin=0.05, lateral=0.95, stiff=0.3, sudden=0.1, gradual=0.8, long=0.6),
        least_urgency=UrgencyFloor("self_care"),
        ladder=(
            LadderItem("education", 1, "Unload.", 4, "no better", "strong", "trial", ("c3",)),
            LadderItem("injection", 6, "Last.", None, None, "weak", "trial", ("c4",)),
        ),
    ),
    condition(
        "infection",
        0.5,
        presentation("hot", groin=0.8, fever=0.9, sudden=0.9, gradual=0.05, long=0.02),
        presentation("cold", groin=0.8, fever=0.05, sudden=0.4, gradual=0.4, long=0.3),
        least_urgency=UrgencyFloor("emergency", "emergency_department"),
        must_not_miss=True,
        threshold=0.1,
        ladder_start="locked",
        immediate=("keep_still",),
    ),
)
RED_FLAGS = (
    RedFlag(
        "hot_hip",
        "red_flag",
        "Hot hip",
        {"all": ["fever", "sudden"]},
        UrgencyFloor("emergency", "emergency_department"),
        "Go.",
        suspected=("infection",),
        immediate=("keep_still",),
        citations=("c5",),
    ),
    RedFlag("child", "population", "Child", {"age_years": {"below": 16}}, UrgencyFloor("same_day"), "See."),
)
TREATMENTS = (
    Treatment("education", "Education", "education", 1, "Learn."),
    Treatment(
        "tablet",
        "Tablet",
        "medicine",
        3,
        "Take.",
        contraindicated_if=(SafetyReason("ulcer", "An ulcer can bleed."),),
        caution_if=(SafetyReason({"age_years": {"from": 65}}, "More bleeding from 65."),),
    ),
    Treatment("injection", "Injection", "injection", 6, "Inject."),
    Treatment("keep_still", "Keep still", "immediate", 0, "Do not walk on it."),
)


def exercise(key: str, easier: str | None = None, how: str | None = None, **changes: Any) -> Exercise:
    """An exercise that suits everybody, with an easier step if there is one."""
    step = ExerciseStep(easier, how) if easier or how else None
    dose = {"repetitions": {"from": 5, "to": 5}, "side": "both"}
    return replace(Exercise(key, key.title(), "Anywhere", ("Do it.",) * 3, dose, step), **changes)


STIFF, FEVER = SafetyReason("stiff", "Too stiff."), SafetyReason("fever", "You have a fever.")
EXERCISE = ExerciseKnowledge(
    exercises=(
        exercise("lie"),
        exercise("sit", easier="lie"),
        exercise("stand", how="Hold on.", caution_if=(SafetyReason("lateral", "Mind the side."),)),
        exercise("squat", easier="sit", contraindicated_if=(SafetyReason("reduced_rotation", "It does not turn."),)),
        exercise("jump", easier="squat", contraindicated_if=(STIFF,)),
        exercise("hang", how="Lower.", contraindicated_if=(STIFF,)),
    ),
    general_rules=(
        GeneralRule("hot", "contraindicated", FEVER),
        GeneralRule("old", "caution", SafetyReason({"age_years": {"from": 80}}, "Have someone near.")),
    ),
    programmes=(
        Programme(
            "walk",
            "Walk",
            "To walk.",
            ("arthritis",),
            "self",
            (
                Phase("Begin", 1, 2, "Daily", (PhaseExercise("squat", "10 times"), PhaseExercise("stand", "once"))),
                Phase("Go on", 3, 6, "Daily", (PhaseExercise("jump", "3 times"), PhaseExercise("sit", "2 times"))),
                Phase("Keep on", 7, None, "Daily", (PhaseExercise("hang", "long"),), {"from": 2, "to": 3}),
            ),
            ("Stop if it hurts.",),
            starts=(Start(2, "Little pain.", ("low",), ("persistent",)), Start(3, "Cold.", when="sudden")),
        ),
    ),
    precautions=(Precaution("side", ("tendon",), "Do not hang.", frozenset({"hang"}), frozenset({"stand"})),),
    starting_rules=(
        StartingRule("high", "irritability", "high", {"measurement": {"id": "pain", "above": 5}}, "Sore.", True),
        StartingRule(
            "moderate",
            "irritability",
            "moderate",
            {"any": ["ulcer", {"measurement": {"id": "pain", "above": 2}}]},
            "Middling.",
            if_unsure=True,
        ),
        StartingRule("low", "irritability", "low", {"measurement": {"id": "pain", "at_most": 2}}, "Quiet."),
        StartingRule("persistent", "stage", "persistent", "long", "Old.", citations=("c6",), estimate="e"),
    ),
)
KNOWLEDGE = Knowledge(
    version="toy",
    digest="sha256:toy",
    policy=POLICY,
    findings=FINDINGS,
    conditions=CONDITIONS,
    red_flags=RED_FLAGS,
    treatments=TREATMENTS,
    safety_net=(SafetyNetItem("numbness", "Go.", 1), SafetyNetItem("limp", "See.", 24, {"age_years": {"below": 16}})),
    exercise=EXERCISE,
)
