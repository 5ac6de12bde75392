"""Few words are enough: the hallmarks of a condition rank it, also among many answers that say little."""

from typing import Any

import pytest
import yaml

from hipcare.environment import BASE_DIRECTORY
from triage.engine import Case, CompiledKnowledge
from triage.engine.case import Setting, State
from triage.engine.causes import rank_conditions
from triage.engine.weighing import weigh

# The bundled knowledge is in the database.
pytestmark = pytest.mark.django_db

HALLMARKS: dict[str, dict[str, Any]] = yaml.safe_load(
    (BASE_DIRECTORY / "tests/clinical/hallmarks.yaml").read_text(encoding="utf-8")
)
CATCH_ALL = "nonspecific_hip_pain"
"""Known by what is missing."""

BLAND: dict[str, State] = {
    "sleep_disturbed": "present",
    "pain_limits_daily_life": "present",
    "chest_pain_or_breathless": "absent",
    "dysuria": "absent",
    "headache_or_scalp_tender": "absent",
    "poor_appetite": "absent",
    "rash": "absent",
    "visual_disturbance": "absent",
    "weight_loss": "absent",
    "wound_drainage": "absent",
}
"""What many people with any of these conditions say."""

SETTINGS: tuple[Setting, ...] = ("specialist", "primary_care")


def test_every_condition_has_hallmarks(knowledge: CompiledKnowledge) -> None:
    assert set(HALLMARKS) | {CATCH_ALL} == {condition.key for condition in knowledge.conditions}


@pytest.mark.parametrize("among", [{}, BLAND], ids=["alone", "among bland answers"])
@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("key", HALLMARKS)
def test_hallmarks_rank_their_condition(
    key: str, setting: Setting, among: dict[str, State], knowledge: CompiledKnowledge
) -> None:
    row = HALLMARKS[key]
    findings: dict[str, State] = {**among, **dict.fromkeys(row["present"], "present")}
    cause = weigh(Case(float(row["age"]), row["sex"], findings, setting=setting), knowledge).cause
    place = rank_conditions(cause).index(knowledge.condition_index[key]) + 1
    assert place <= (3 if setting == "specialist" else 5)
