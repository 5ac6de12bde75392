"""One example of each catalogue answer, for the API documentation."""

from typing import Any

Example = dict[str, Any]

RELEASE_SUMMARY: Example = {
    "version": "2026.11.1",
    "title": "First release",
    "status": "published",
    "current": True,
    "digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "published_at": "2026-11-22T19:45:00Z",
}

RELEASE: Example = RELEASE_SUMMARY | {"policy": {"draws": 256, "interval_level": 0.9}}

CITATION: Example = {
    "id": "nice_ng226",
    "title": "NICE Osteoarthritis in over 16s, 2022",
    "year": 2022,
    "doi": None,
    "pmid": None,
    "number": "NG226",
    "seen": "partial",
}

MEASUREMENT: Example = {
    "id": "pain_nprs",
    "name": "Pain score",
    "unit": "{score}",
    "question": "From 0 (no pain) to 10 (the worst pain you can imagine), how bad is the pain now?",
    "minimum": 0,
    "maximum": 10,
    "who": "patient",
}

FINDING: Example = {
    "id": "fever",
    "kind": "symptom",
    "name": "Fever",
    "question": "In the past week, was your (or your child's) temperature 38 °C (100.4 °F) or more?",
    "help": "If there was no thermometer, say yes for feeling hot and shivery.",
    "who": "patient",
    "patient_can_answer": "yes",
    "derived_from_demographics": False,
    "base_adult": 0.012,
    "base_child": 0.13,
    "cluster": "systemic_infection",
    "exclusive_group": None,
    "implies": [],
    "contradicts": [],
    "cost": "ask",
    "red_flag": True,
    "screen_rank": 1,
    "screen_child": True,
    "threshold": {
        "measurement": "temperature_c",
        "at_least": 38,
        "above": None,
        "at_most": None,
        "below": None,
        "present_only": True,
    },
    "sensitive": False,
}

RED_FLAG: Example = {
    "id": "rf_fall_cannot_stand",
    "kind": "red_flag",
    "title": "A fall, and no weight on the leg since",
    "rule": {"all": ["recent_fall", "cannot_bear_weight"]},
    "urgency": {"level": "emergency", "mode": "ambulance", "within_hours": None},
    "suspected": ["hip_fracture"],
    "action": "Call an ambulance. Do not try to stand or walk.",
    "immediate": ["do_not_bear_weight", "nil_by_mouth"],
    "hazard": "A broken hip that is walked on can shift.",
    "source_rules": ["cr_03"],
    "citations": ["nice_cg124_context", "dick_2018"],
    "estimate": None,
}

COMPOSITE: Example = {
    "id": "crp_nwb_child",
    "name": "CRP over 20 mg/L and no weight on the leg",
    "version": "2011",
    "population": "Child with a limp without injury and fluid in the hip on ultrasound",
    "gate": {"age_years": {"below": 16}},
    "unless": None,
    "parts": [
        {
            "id": "lab_crp_over_20",
            "name": "CRP over 20 mg/L",
            "points": 1,
            "rule": "lab_crp_over_20",
            "present_only": False,
            "in_prior": False,
            "note": None,
        },
    ],
    "bands": [{"at_least": 0, "lr": 0.08, "label": "neither"}, {"at_least": 1, "lr": 18, "label": "both"}],
    "mode": "replace_parts",
    "for_conditions": ["septic_arthritis_child"],
    "reference": "transient_synovitis",
    "replaces": ["lab_crp_over_20"],
    "use_when": {"parts": [], "at_least": 1},
    "instead_of": ["kocher_septic_hip_child"],
    "vocabulary_finding": None,
    "audience": "clinician",
    "show": "{score} of 2 signs",
    "red_flag": "child_crp_and_no_weight_bearing",
    "performance": [
        {
            "cutoff": "both",
            "figures": "sensitivity 75.9 %, specificity 96.8 %",
            "citations": ["sin11"],
            "estimate": None,
        }
    ],
    "citations": ["sin11"],
    "estimate": "Shrunk from a ratio of 23.7 in one centre.",
}

TREATMENT: Example = {
    "id": "exercise_therapy",
    "kind": "exercise",
    "rung": 2,
    "name": "Exercise therapy",
    "how": "Do a few exercises for strength and movement on most days, and a little more each week.",
    "strength": "strong",
    "evidence_grade": "Core treatment of hip osteoarthritis in three guidelines",
    "only_for": None,
    "contraindicated_if": [
        {
            "rule": "leg_swelling",
            "because": "A swollen leg can mean a blood clot. It needs a scan first.",
            "citations": ["nice_ng158"],
            "estimate": None,
        }
    ],
    "caution_if": [],
    "exercises": ["bridge", "squat"],
    "positions": [
        {
            "source": "NICE 2022",
            "position": "Offer it to everybody with osteoarthritis.",
            "strength": "strong",
            "citations": ["nice_ng226"],
        }
    ],
    "citations": ["nice_ng226"],
    "estimate": None,
}

CONDITION_SUMMARY: Example = {
    "id": "hip_osteoarthritis",
    "name": "Hip osteoarthritis",
    "plain_name": "Wear of the hip joint (osteoarthritis)",
    "region": "intra_articular",
    "family": "intra_articular",
    "from_the_article": True,
    "population": {"from_age": 16, "to_age": 120, "sex": "any"},
    "acuteness": "chronic",
    "severity": "moderate",
    "must_not_miss": False,
    "least_urgency": {"level": "self_care", "mode": None, "within_hours": None},
    "codes": [
        {
            "system": "http://hl7.org/fhir/sid/icd-10-cm",
            "code": "M16.11",
            "display": "Unilateral primary osteoarthritis, right hip",
            "side": "right",
        }
    ],
}

CONDITION: Example = CONDITION_SUMMARY | {
    "description": "Degenerative disease of the whole hip joint, with activity-related groin, thigh or buttock pain.",
    "plain_description": "The hip joint has worn more than usual. Moving it is safe, and much can be done.",
    "threshold": None,
    "threshold_ground": None,
    "citations": ["nice_ng226"],
    "workup": [
        {
            "test": "Internal rotation compared with the other side",
            "why": "Painful, limited rotation points into the joint.",
            "citations": ["met19"],
            "estimate": None,
        }
    ],
    "safety_net": [
        {
            "watch_for": "The pain gets much worse within days",
            "then": "See a clinician this week.",
            "within_hours": 72,
            "citations": [],
            "estimate": "judgement: a sudden change is not wear",
        }
    ],
    "follow_up": {
        "in_days": 84,
        "measures": ["pain_nprs", "hoos_12"],
        "escalate_if": "Pain down by less than 2 points after 12 weeks",
        "citations": ["nice_ng226"],
        "estimate": None,
    },
    "programme": "prog_hip_oa_12",
    "ladder_start": "open",
    "ladder_note": None,
    "immediate": [],
    "ladder": [
        {
            "treatment": "education_and_reassurance",
            "name": "Understanding your hip pain",
            "rung": 1,
            "how": "Moving the joint is safe. Good and bad spells are normal.",
            "try_for_weeks": None,
            "move_on_if": None,
            "strength": "strong",
            "evidence_grade": "Core treatment in NICE, OARSI and ACR guidance",
            "positions": [],
            "citations": ["nice_ng226", "oarsi_2019", "acraf_2019"],
            "estimate": None,
        }
    ],
    "presentations": [{"id": "usual", "name": "Usual presentation", "weight": 1}],
    "prior": {
        "curve": {"25": 4, "45": 120, "65": 375, "85": 410},
        "female_to_male": 1.4,
        "settings": {},
        "basis": "estimate",
        "ground": "A third of primary-care hip pain at 63 to 66 years",
        "citations": [],
    },
    "evidence": [
        {
            "finding": "pain_groin",
            "presentation": None,
            "p": 0.68,
            "range": [0.53, 0.84],
            "effective_sample_size": 23.5,
            "basis": "published",
            "ground": "53 % in primary care, 84 % in referred cases",
            "citations": ["poulsen_2016"],
        }
    ],
}

OUTCOME_MEASURE: Example = {
    "id": "pain_nprs",
    "name": "Pain score",
    "minimum": 0,
    "maximum": 10,
    "best": "lowest",
    "items_best": "lowest",
    "method": "mean",
    "scales": [
        {
            "id": "pain",
            "name": "Pain",
            "items": [{"id": "pain", "name": "Pain now", "minimum": 0, "maximum": 10, "whole": False}],
            "least_answered": 1,
        }
    ],
    "table": [],
    "scoring": "The number itself.",
    "missing": "It is one number; without it there is no score.",
    "minimal_important_change": {"points": 2, "citations": ["pmc_oa_psychometric"], "estimate": None},
    "target": {"score": 3, "citations": [], "estimate": "With pain of 3 or less most people do what they want to do."},
    "citations": ["pmc_oa_psychometric"],
    "estimate": None,
}

FOLLOW_UP_TIMER: Example = {
    "id": "t_48h_child",
    "name": "A child after two days",
    "when": {"age_years": {"below": 16}},
    "for_conditions": [],
    "or_unclear": False,
    "for_treatments": [],
    "new_findings": [],
    "at_day": 2,
    "trigger": "no_improvement",
    "needs_adherence": False,
    "step": "review",
    "action": "Get back to the clinician who saw the child.",
    "citations": ["cornwall_limp_2021"],
    "estimate": None,
}

PREVENTION_TIP: Example = {
    "id": "less_sitting",
    "name": "Breaking up long sitting",
    "text": "Stand up and take a few steps about every 30 minutes.",
    "when": {"any": ["sits_most_of_day", "pain_sitting_long"]},
    "because": "You sit a lot, or sitting hurts.",
    "treatment": "less_sitting",
    "priority": 10,
    "only_if_open": False,
    "verdict": "plausible",
    "evidence_grade": "Sensible, but no trial in hip pain was found; the 30 minutes are an estimate.",
    "citations": ["hinge_2023"],
    "estimate": None,
}
