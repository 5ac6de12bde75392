"""What the fields of this app say about people."""

from hipcare.privacy import FieldClass, FieldClasses

_NEUTRAL, _IDENTIFYING, _CLINICAL = FieldClass.NEUTRAL, FieldClass.IDENTIFYING, FieldClass.CLINICAL

FIELD_CLASSES: FieldClasses = {
    "Assessment": {
        "id": _NEUTRAL,
        "organisation": _NEUTRAL,
        "client": _NEUTRAL,
        "release": _NEUTRAL,
        "engine_version": _NEUTRAL,
        "created_at": _NEUTRAL,
        "reference": _IDENTIFYING,
        "setting": _NEUTRAL,
        "status": _CLINICAL,
        "urgency": _CLINICAL,
        "causes": _CLINICAL,
        "red_flags": _CLINICAL,
        "request": _CLINICAL,
        "answer": _CLINICAL,
        "idempotency_key": _NEUTRAL,
        "request_digest": _CLINICAL,
    },
    "FollowUp": {
        "id": _NEUTRAL,
        "organisation": _NEUTRAL,
        "client": _NEUTRAL,
        "assessment": _NEUTRAL,
        "number": _NEUTRAL,
        "release": _NEUTRAL,
        "engine_version": _NEUTRAL,
        "created_at": _NEUTRAL,
        "days_since_start": _NEUTRAL,
        "overall": _CLINICAL,
        "next_step": _CLINICAL,
        "urgency": _CLINICAL,
        "request": _CLINICAL,
        "answer": _CLINICAL,
        "idempotency_key": _NEUTRAL,
        "request_digest": _CLINICAL,
    },
}
