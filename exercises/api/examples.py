"""One example of each answer, for the API documentation."""

from typing import Any

Example = dict[str, Any]

DRAWING: Example = {
    "url": "/api/v1/exercises/bridge_double/drawing",
    "alt": (
        "Two pictures of a person lying on the back on a mat, knees bent and feet flat. In the second, the hips are "
        "lifted until trunk and thighs are in one line."
    ),
}

DRAWING_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 180" role="img" '
    'aria-labelledby="bridge_double-title bridge_double-desc"><title id="bridge_double-title">Bridge</title>'
    '<desc id="bridge_double-desc">Two pictures of a person lying on the back …</desc>…</svg>'
)

EXERCISE_SUMMARY: Example = {
    "id": "bridge_double",
    "name": "Bridge",
    "purpose": "strength",
    "targets": ["gluteus_maximus", "hamstrings"],
    "position": "On your back, knees bent, feet flat and hip-width apart",
    "dose": {
        "sets": {"from": 1, "to": 3},
        "repetitions": {"from": 10, "to": 10},
        "hold_seconds": {"from": 2, "to": 3},
        "tempo": None,
        "rest_seconds": None,
        "side": "both",
        "minutes": None,
        "times_per_day": None,
        "times_per_week": {"from": 1, "to": 2},
        "note": "Once or twice a week, building to daily if helpful.",
    },
    "equipment": ["mat"],
    "drawing": DRAWING,
}

EXERCISE: Example = EXERCISE_SUMMARY | {
    "steps": [
        "Lie on your back with your knees bent and your feet hip-width apart.",
        "Squeeze your buttocks.",
        "Lift your hips until your trunk and thighs are in one line.",
        "Hold for two to three seconds.",
        "Lower slowly, one bit of the back after the other.",
    ],
    "progression": {"exercise": "bridge_offset", "how": None},
    "regression": {"exercise": "glute_set", "how": "Or lift only half as high."},
    "breathing": "Breathe out as you lift; do not hold your breath.",
    "effort": None,
    "contraindicated_if": [
        {
            "rule": "leg_swelling",
            "because": "A swollen leg can mean a blood clot. It needs a scan first.",
            "citations": ["nice_ng158"],
            "estimate": None,
            "general": True,
        }
    ],
    "caution_if": [
        {
            "rule": "pregnant_late",
            "because": "Late in pregnancy, keep lying on your back short or do it on your side.",
            "citations": [],
            "estimate": "clinical judgement; no study sets this limit",
            "general": False,
        }
    ],
    "citations": ["hinge_2023", "mellor_2016"],
    "estimate": None,
}

PROGRAMME_SUMMARY: Example = {
    "id": "prog_article_starter",
    "name": "Starter routine",
    "purpose": "Three simple exercises to get a painful hip moving again and to build strength around it.",
    "conditions": ["iliopsoas_tendinopathy", "nonspecific_hip_pain"],
    "supervision": "self",
    "note": None,
}

PROGRAMME: Example = PROGRAMME_SUMMARY | {
    "phases": [
        {
            "name": "Getting started",
            "weeks": {"from": 1, "to": 2},
            "frequency": "Once or twice a week",
            "times_per_week": {"from": 1, "to": 2},
            "exercises": [
                {
                    "exercise": "bridge_double",
                    "name": "Bridge",
                    "dose": "10 times, 1 to 3 rounds",
                    "drawing": DRAWING,
                }
            ],
            "criteria_to_progress": "Pain stays at 5 out of 10 or less and settles within a day.",
            "notes": None,
            "citations": ["hinge_2023"],
            "estimate": None,
        }
    ],
    "stop_rules": [
        {
            "text": "Pain from 0 to 2 out of 10 while you exercise is fine. You may do a little more next time.",
            "citations": ["mortensen_2018"],
            "estimate": None,
        }
    ],
    "precautions": [],
    "condition_precautions": [
        {
            "conditions": ["iliopsoas_bursitis", "iliopsoas_tendinopathy", "snapping_hip_internal"],
            "text": "A sore or snapping tendon at the front of the hip is not stretched to the end of the range.",
            "avoid": [],
            "modify": ["hip_flexor_stretch_bed_edge", "hip_flexor_stretch_half_kneel"],
            "citations": [],
            "estimate": "clinical judgement; no study sets this limit",
        }
    ],
    "starts": [],
    "limits": [],
    "citations": ["hinge_2023"],
    "estimate": None,
}
