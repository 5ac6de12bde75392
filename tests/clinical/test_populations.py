"""People of every age and kind: smooth over birthdays, and nobody who must be seen is left to themselves."""

from itertools import pairwise

import numpy as np
import pytest

from triage.engine import Case, CompiledKnowledge, assess
from triage.engine.case import Sex, State
from triage.engine.knowledge import Level
from triage.engine.safety import RANK
from triage.engine.weighing import weigh

# The bundled knowledge is in the database.
pytestmark = pytest.mark.django_db

COMPLAINTS: dict[str, dict[str, State]] = {
    "groin pain": {"pain_groin": "present"},
    "lateral pain": {"pain_lateral": "present", "pain_lying_on_side": "present"},
    "limp": {"limp": "present", "pain_groin": "present"},
    "running": {"pain_groin": "present", "runner_or_military": "present", "pain_impact": "present"},
    "fever": {"fever": "present", "pain_groin": "present"},
    "much denied": {"pain_groin": "present", "fever": "absent", "trauma_fall": "absent", "pain_night": "absent"},
}
MONTH = 1 / 12


@pytest.mark.parametrize("sex", ["female", "male", "unknown"])
@pytest.mark.parametrize("name", COMPLAINTS)
def test_no_birthday_changes_the_ranking_at_once(name: str, sex: Sex, knowledge: CompiledKnowledge) -> None:
    """From one month to the next no cause moves by more than a twentieth, from babies of six months to 110 years."""
    ages = np.arange(0.5, 110.0, MONTH)
    causes = [weigh(Case(float(age), sex, COMPLAINTS[name]), knowledge).cause for age in ages]
    steps = [np.abs(after - before).max() for before, after in pairwise(causes)]
    assert max(steps) < 0.05


# Hip pain alone, with what makes the person one who must not be left to themselves: treatment.md A5 in the evidence.
VULNERABLE: dict[str, tuple[float, dict[str, State], Level]] = {
    "an infant": (0.5, {"pain_on_hip_movement": "present"}, "same_day"),
    "a toddler who limps": (2.0, {"limp": "present"}, "same_day"),
    "a child who limps without pain": (6.0, {"painless_limp": "present"}, "same_day"),
    "a teenager with knee pain only": (13.0, {"pain_knee_or_thigh_only_child": "present"}, "same_day"),
    "growth plates still open": (16.5, {"pain_groin": "present"}, "routine"),
    "65 and over after a fall": (65.0, {"pain_groin": "present", "trauma_fall": "present"}, "emergency"),
    "95 after a fall": (95.0, {"pain_knee": "present", "trauma_fall": "present"}, "emergency"),
    "pregnant": (30.0, {"pain_buttock": "present", "pregnant": "present"}, "routine"),
    "after birth": (30.0, {"pain_pubic": "present", "postpartum_6w": "present"}, "routine"),
    "hip replacement": (70.0, {"pain_groin": "present", "hip_prosthesis": "present"}, "urgent"),
    "hip replacement with fever": (
        70.0,
        {"pain_groin": "present", "hip_prosthesis": "present", "fever": "present"},
        "same_day",
    ),
    "weak defences": (50.0, {"pain_groin": "present", "immunosuppressed_or_injects_drugs": "present"}, "same_day"),
    "blood thinner and an injury": (
        60.0,
        {"pain_groin": "present", "anticoagulant_or_bleeding_disorder": "present", "trauma_fall": "present"},
        "same_day",
    ),
    "cancer": (60.0, {"pain_groin": "present", "cancer_history": "present"}, "urgent"),
    "cancer and pain on standing": (
        60.0,
        {"pain_groin": "present", "cancer_history": "present", "pain_weight_bearing": "present"},
        "same_day",
    ),
    "an athlete who eats too little": (
        22.0,
        {"pain_groin": "present", "runner_or_military": "present", "low_energy_or_missed_periods": "present"},
        "same_day",
    ),
    "sickle cell disease": (25.0, {"pain_groin": "present", "sickle_cell": "present"}, "same_day"),
    "no reliable history after a fall": (
        60.0,
        {"pain_groin": "present", "unreliable_history": "present", "trauma_fall": "present"},
        "same_day",
    ),
    "long steroid treatment": (45.0, {"pain_groin": "present", "steroid_use": "present"}, "urgent"),
    "bone-strengthening medicine": (68.0, {"pain_thigh": "present", "bisphosphonate_over_3y": "present"}, "urgent"),
}


@pytest.mark.parametrize("name", VULNERABLE)
def test_nobody_who_must_be_seen_is_left_to_themselves(name: str, knowledge: CompiledKnowledge) -> None:
    age, findings, least = VULNERABLE[name]
    answer = assess(Case(age, "female", findings), knowledge)
    assert RANK[answer["urgency"]["level"]] >= RANK[least]
    assert answer["ladder"]["status"] != "open"


@pytest.mark.parametrize("age", [*np.arange(0.0, 1.0, 0.25), *range(1, 96)])
def test_every_age_gets_an_answer(age: float, knowledge: CompiledKnowledge) -> None:
    answer = assess(Case(float(age), "unknown", {"pain_groin": "present", "limp": "present"}), knowledge)
    assert answer["causes"]
    children_only = {
        "transient_synovitis",
        "perthes_disease",
        "septic_arthritis_child",
        "juvenile_idiopathic_arthritis",
    }
    assert age < 18 or not children_only & {cause["condition"] for cause in answer["causes"]}
