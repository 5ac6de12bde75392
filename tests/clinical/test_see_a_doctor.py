"""The article's five reasons to see a doctor: each leads to the urgency that it deserves."""

from typing import cast

import pytest

from triage.engine import Case, CompiledKnowledge, assess
from triage.engine.case import State
from triage.engine.knowledge import Level
from triage.engine.safety import RANK

pytestmark = pytest.mark.django_db

WEIGHT = "unable to move or to bear weight"
INJURY = "pain triggered by a fall or an injury"
SHAPE = "visibly deformed"
PERSISTENT = "does not go away or interferes with daily life"
FEVER = "with fever or chills"

# The reason, age, what is present, what is measured, the least urgency and, for emergencies, how to get there.
REASONS: list[tuple[str, float, list[str], dict[str, float], Level, str | None]] = [
    (WEIGHT, 30, ["cannot_bear_weight"], {}, "same_day", None),
    (WEIGHT, 70, ["cannot_bear_weight"], {}, "emergency", None),
    (WEIGHT, 6, ["cannot_bear_weight"], {}, "emergency", None),
    (WEIGHT, 30, ["cannot_bear_weight", "fever"], {}, "emergency", None),
    (WEIGHT, 30, ["cannot_bear_weight", "trauma_fall"], {}, "emergency", "ambulance"),
    (INJURY, 30, ["trauma_fall"], {}, "routine", None),
    (INJURY, 30, ["trauma_fall", "limp"], {"symptom_duration_days": 3}, "same_day", None),
    (INJURY, 65, ["trauma_fall"], {}, "emergency", None),
    (INJURY, 50, ["trauma_fall", "osteoporosis_or_fragility_fracture"], {}, "emergency", None),
    (INJURY, 50, ["trauma_fall", "steroid_use"], {}, "emergency", None),
    (INJURY, 50, ["trauma_fall", "anticoagulant_or_bleeding_disorder"], {}, "emergency", None),
    (INJURY, 30, ["high_energy_trauma"], {}, "emergency", "ambulance"),
    (SHAPE, 40, ["hip_deformity_visible"], {}, "emergency", "ambulance"),
    (SHAPE, 10, ["hip_deformity_visible"], {}, "emergency", "ambulance"),
    (PERSISTENT, 45, ["not_improving"], {}, "routine", None),
    (PERSISTENT, 45, ["pain_limits_daily_life"], {}, "routine", None),
    (FEVER, 45, ["fever"], {}, "same_day", None),
    (FEVER, 45, ["rigors_sweats"], {}, "same_day", None),
    (FEVER, 45, [], {"temperature_c": 38.4}, "same_day", None),
    (FEVER, 45, ["fever", "acute_onset"], {"symptom_duration_days": 2}, "emergency", None),
    (FEVER, 8, ["fever"], {}, "emergency", None),
    (FEVER, 70, ["fever", "hip_prosthesis"], {}, "same_day", None),
]


@pytest.mark.parametrize(("reason", "age", "present", "measured", "level", "mode"), REASONS)
def test_a_reason_to_see_a_doctor_is_one(
    reason: str,
    age: float,
    present: list[str],
    measured: dict[str, float],
    level: Level,
    mode: str | None,
    knowledge: CompiledKnowledge,
) -> None:
    findings = cast(dict[str, State], dict.fromkeys(["pain_groin", *present], "present"))
    urgency = assess(Case(age, "female", findings, measured), knowledge)["urgency"]
    assert RANK[urgency["level"]] >= RANK[level]
    assert mode in {None, urgency["mode"]}


def test_a_plain_injury_of_a_young_adult_is_no_emergency(knowledge: CompiledKnowledge) -> None:
    """An answer that sends everybody to hospital is safe and useless."""
    dangers = [key for key in knowledge.red_flag_findings if not knowledge.finding(key).derived_from_demographics]
    said: dict[str, State] = {**dict.fromkeys(dangers, "absent"), "trauma_fall": "present", "pain_lateral": "present"}
    urgency = assess(Case(30.0, "male", said), knowledge)["urgency"]
    assert urgency["level"] == "routine"
    assert [decider["id"] for decider in urgency["decided_by"]] == ["any_injury"]
