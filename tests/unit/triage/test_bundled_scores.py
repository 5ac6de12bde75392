"""The scores of the bundled release, case by case."""

import pytest

from triage.engine import Case, assess
from triage.engine.assessment import Assessment, CompositeScore
from triage.engine.case import State
from triage.knowledge import ReleaseKnowledge

pytestmark = pytest.mark.django_db
CHILD, ADULT, OLD = 6.0, 45.0, 66.0
KOCHER = ("fever", "cannot_bear_weight", "lab_esr_over_40", "lab_wbc_over_12")
WELLS = ("active_cancer", "immobilised_recently", "surgery_4w", "previous_dvt")
BACK = ("pain_buttock", "duration_over_3_months")
PMR = ("pain_both_shoulders", "lab_crp_raised", "pain_groin")
ASAS = ("insidious_onset", "better_with_exercise", "no_better_with_rest", "night_pain_better_getting_up")
STENOSIS = ("pain_bilateral_buttock_leg", "neurogenic_claudication", "relief_sitting")


def answered(bundled: ReleaseKnowledge, age: float, present: str, absent: str = "", **measured: float) -> Assessment:
    findings: dict[str, State] = dict.fromkeys(present.split(), "present")
    findings |= dict.fromkeys(absent.split(), "absent")
    return assess(Case(age, findings=findings, measurements=measured), bundled.compiled)


Person = tuple[float, str, str]
"""Age, what is present and what is absent."""
Expected = tuple[int, int, str | None] | None
"""The lowest and the highest score and the band; None where the score is not told."""


def told(answer: Assessment, key: str) -> CompositeScore | None:
    return next((score for score in answer["composites"] if score["id"] == key), None)


def first(keys: tuple[str, ...], count: int) -> tuple[str, str]:
    """The first `count` as present and the others as absent."""
    return " ".join(keys[:count]), " ".join(keys[count:])


@pytest.mark.parametrize(
    ("key", "person", "expected"),
    [
        *[
            ("kocher_septic_hip_child", (CHILD, "limp " + first(KOCHER, n)[0], first(KOCHER, n)[1]), (n, n, band))
            for n, band in enumerate(
                ("no predictor", "one predictor", "two predictors", "three predictors", "all four predictors")
            )
        ],
        ("kocher_septic_hip_child", (CHILD, "limp fever", ""), (1, 4, None)),
        ("kocher_septic_hip_child", (16.0, "limp fever", ""), None),
        ("kocher_septic_hip_child", (CHILD, "limp fever hip_prosthesis", ""), None),
        ("crp_nwb_child", (CHILD, "cannot_bear_weight lab_crp_over_20", ""), (2, 2, "both: treat as an infected hip")),
        ("crp_nwb_child", (CHILD, "limp", "cannot_bear_weight lab_crp_over_20"), (0, 0, "neither")),
        ("crp_nwb_child", (CHILD, "cannot_bear_weight", ""), (1, 2, None)),
        ("wells_dvt", (ADULT, "leg_swelling", " ".join(WELLS)), (1, 5, None)),
        ("wells_dvt", (ADULT, "thigh_swelling", " ".join(WELLS)), (0, 5, None)),
        ("wells_dvt", (ADULT, "leg_swelling active_cancer", ""), (2, 9, "2 or more: a clot is likely")),
        ("wells_dvt", (ADULT, "active_cancer previous_dvt", ""), None),
        ("wells_dvt", (ADULT, "leg_swelling active_cancer pregnant", ""), None),
        ("wells_dvt", (17.0, "leg_swelling active_cancer", ""), None),
        ("sutlive_hip_oa", (OLD, "exam_sutlive_3plus", ""), (3, 5, "3 or more")),
        ("sutlive_hip_oa", (OLD, "pain_squatting", "exam_sutlive_3plus"), (1, 2, "fewer than 3")),
        ("sutlive_hip_oa", (OLD, "pain_squatting", ""), (1, 5, None)),
        ("acr_altman_hip_oa_clinical", (OLD, "exam_ir_reduced", "lab_esr_over_40"), (1, 1, "met")),
        ("acr_altman_hip_oa_clinical", (OLD, "exam_ir_pain", "exam_ir_reduced morning_stiffness"), (1, 1, "met")),
        ("acr_altman_hip_oa_clinical", (OLD, "pain_groin", "exam_ir_reduced exam_ir_pain"), (0, 0, "not met")),
        ("acr_altman_hip_oa_clinical", (ADULT, "exam_ir_pain", "exam_ir_reduced morning_stiffness"), None),
        ("acr_altman_hip_oa_clinical", (OLD, "exam_ir_reduced lab_esr_over_40", ""), None),
        ("laslett_sij", (ADULT, "pain_buttock exam_sij_cluster", ""), (3, 6, "3 or more")),
        ("laslett_sij", (ADULT, "pain_buttock", "exam_sij_cluster"), (0, 2, "fewer than 3")),
        ("laslett_sij", (ADULT, "pain_buttock", ""), None),
        ("ibp_asas", (30.0, " ".join((*BACK, *ASAS)), ""), (5, 5, "4 or more: inflammatory back pain")),
        ("ibp_asas", (30.0, " ".join(BACK), " ".join(ASAS)), (1, 1, "2 or fewer")),
        ("ibp_asas", (OLD, " ".join((*BACK, *ASAS[:3])), ASAS[3]), (3, 4, None)),
        ("ibp_berlin", (30.0, " ".join((*BACK, "better_with_exercise")), "no_better_with_rest"), (0, 3, None)),
        ("ibp_berlin", (51.0, " ".join((*BACK, *ASAS)), ""), None),
        (
            "pmr_2012_core",
            (OLD, " ".join((*PMR, "morning_stiffness_over_45")), "other_joints_swollen"),
            (4, 6, "4 or more: classifiable as polymyalgia rheumatica"),
        ),
        ("pmr_2012_core", (OLD, " ".join((*PMR, "morning_stiffness_over_45")), ""), (3, 6, None)),
        ("pmr_2012_core", (49.0, " ".join((*PMR, "morning_stiffness_over_45")), ""), None),
        (
            "kinsella_palpation_abduction",
            (OLD, "pain_lateral exam_gt_tender exam_resisted_abduction", ""),
            (2, 2, "both"),
        ),
        ("kinsella_palpation_abduction", (OLD, "pain_lateral exam_palp_plus_abd", ""), (2, 2, "both")),
        ("kinsella_palpation_abduction", (OLD, "pain_lateral", "exam_palp_plus_abd"), (0, 1, None)),
        ("cook_stenosis", (OLD, " ".join(STENOSIS), "back_pain_coexisting"), (5, 5, "4 or 5")),
        ("cook_stenosis", (OLD, " ".join((*STENOSIS, "back_pain_coexisting")), ""), (4, 5, "4 or 5")),
        ("cook_stenosis", (39.0, " ".join(STENOSIS), ""), None),
    ],
)
def test_scores(bundled: ReleaseKnowledge, key: str, person: Person, expected: Expected) -> None:
    score = told(answered(bundled, *person), key)
    assert (score and (score["score"]["low"], score["score"]["high"], score["band"])) == expected


def test_measurements_score(bundled: ReleaseKnowledge) -> None:
    flexion = answered(bundled, OLD, "pain_groin", internal_rotation_deg=10.0, flexion_deg=110.0)
    assert (score := told(flexion, "acr_altman_hip_oa_clinical")) is not None
    assert score["band"] == "met"
    stiff = answered(bundled, 30.0, " ".join(BACK), morning_stiffness_min=35.0)
    assert (score := told(stiff, "ibp_berlin")) is not None
    assert score["score"]["low"] == 1


def test_crp_takes_the_place_of_kocher(bundled: ReleaseKnowledge) -> None:
    both = answered(bundled, CHILD, f"limp lab_crp_over_20 {' '.join(KOCHER)}")
    assert told(both, "crp_nwb_child")
    assert told(both, "kocher_septic_hip_child") is None


def test_the_person_is_told_only_what_is_for_everyone(bundled: ReleaseKnowledge) -> None:
    for row in bundled.compiled.knowledge.composites:
        assert row.for_clinicians_only == (row.key != "ibp_asas")


@pytest.mark.parametrize(
    ("person", "score", "condition", "parts"),
    [
        (
            (OLD, "pain_lateral exam_palp_plus_abd exam_gt_tender exam_resisted_abduction", ""),
            "kinsella_palpation_abduction",
            "gluteal_tendinopathy",
            {"exam_palp_plus_abd", "exam_gt_tender", "exam_resisted_abduction", "exam_hip_tender"},
        ),
        (
            (OLD, "pain_groin exam_sutlive_3plus pain_squatting exam_ir_reduced", ""),
            "sutlive_hip_oa",
            "hip_osteoarthritis",
            {"exam_sutlive_3plus", "pain_squatting", "exam_ir_reduced"},
        ),
    ],
)
def test_a_score_and_its_parts_are_counted_once(
    bundled: ReleaseKnowledge, person: Person, score: str, condition: str, parts: set[str]
) -> None:
    cause = next(cause for cause in answered(bundled, *person)["causes"] if cause["condition"] == condition)
    evidence = [f["finding"] for f in cause["evidence"]["supporting"] + cause["evidence"]["opposing"]]
    assert evidence.count(score) == 1
    assert parts.isdisjoint(evidence)


def test_what_opens_the_gate_of_a_gated_score_keeps_its_evidence(bundled: ReleaseKnowledge) -> None:
    answer = answered(bundled, OLD, " ".join((*PMR, "morning_stiffness_over_45")), "other_joints_swollen")
    cause = next(cause for cause in answer["causes"] if cause["condition"] == "polymyalgia_rheumatica")
    evidence = {f["finding"]: f["weight"] for f in cause["evidence"]["supporting"] + cause["evidence"]["opposing"]}
    assert evidence["pain_both_shoulders"] > 0
    assert evidence["lab_crp_raised"] > 0
    assert evidence["pmr_2012_core"] > 0
    assert "morning_stiffness_over_45" not in evidence


def test_a_sum_of_findings_is_never_asked_for(bundled: ReleaseKnowledge) -> None:
    answer = answered(bundled, OLD, "pain_lateral pain_lying_on_side")
    asked = {question["finding"] for question in answer["next_questions"]}
    missing = {finding["finding"] for cause in answer["causes"] for finding in cause["evidence"]["missing"]}
    assert "exam_palp_plus_abd" not in asked | missing
    assert not bundled.compiled.worth_asking[bundled.compiled.finding_index["exam_palp_plus_abd"]]
