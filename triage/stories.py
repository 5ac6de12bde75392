"""What is stored of a person, read back as the story that a follow-up is part of.

It is read against the release that answers now. What that release does not know any more is left out: an id that is
gone, or a value that is out of range today.
"""

from collections.abc import Iterable, Mapping
from typing import Any, cast

import orjson

from hipcare.errors import pointer
from triage.engine.case import Case, Options
from triage.engine.contact import Contact, TriedTreatment
from triage.engine.follow_up_knowledge import Verdict
from triage.engine.outcome_scores import Score
from triage.knowledge import ReleaseKnowledge
from triage.languages import SOURCE, Locale
from triage.models import Assessment, FollowUp
from triage.requests import CaseRequest


def stored_case(assessment: Assessment, knowledge: ReleaseKnowledge) -> tuple[Case, Options]:
    """The case that was assessed, and how it was to be told."""
    request = stored_request(assessment, knowledge)
    return request.case(), request.engine_options()


def stored_request(assessment: Assessment, knowledge: ReleaseKnowledge) -> CaseRequest:
    """What was sent, as far as the release knows it."""
    body = _still_known(orjson.loads(assessment.request), knowledge)
    del body["treatments_tried"]
    return CaseRequest.model_validate(body, context=knowledge)


def left_out(assessment: Assessment, knowledge: ReleaseKnowledge) -> list[str]:
    """Where in what was sent the release knows an id no more, or refuses a value: JSON pointers."""
    sent = orjson.loads(assessment.request)
    known = _still_known(sent, knowledge)
    return [
        pointer(name, place)
        for name in ("findings", "measurements")
        for place, row in enumerate(sent.get(name, []))
        if row not in known[name]
    ]


def stored_locale(assessment: Assessment) -> Locale:
    """The language that the assessment was told in; those from before there was a choice are English."""
    return cast(Locale, orjson.loads(assessment.answer).get("locale", SOURCE))


def stored_rungs(assessment: Assessment) -> list[Mapping[str, Any]]:
    """The rungs of the ladder that the assessment gave."""
    return cast(list[Mapping[str, Any]], orjson.loads(assessment.answer)["ladder"]["rungs"])


def stored_contacts(rows: Iterable[FollowUp], knowledge: ReleaseKnowledge) -> tuple[Contact, ...]:
    """The earlier contacts, with the scores and the verdict that were told then."""
    return tuple(_stored_contact(row, knowledge) for row in rows)


def told_scores(row: FollowUp) -> dict[str, float]:
    """The scores that a follow-up told, by measure."""
    measures = orjson.loads(row.answer)["measures"]
    return {measure["id"]: measure["now"] for measure in measures if measure["now"] is not None}


def _stored_contact(row: FollowUp, knowledge: ReleaseKnowledge) -> Contact:
    body = _still_known(orjson.loads(row.request), knowledge)
    known = knowledge.compiled.outcome_measures
    return Contact(
        day=row.days_since_start,
        findings={answer["id"]: answer["state"] for answer in body["findings"]},
        measurements={measured["id"]: measured["value"] for measured in body["measurements"]},
        scores={key: Score(value) for key, value in told_scores(row).items() if key in known},
        treatments=tuple(TriedTreatment(**tried) for tried in body["treatments_tried"]),
        overall=cast(Verdict, row.overall),
    )


def _still_known(body: dict[str, Any], knowledge: ReleaseKnowledge) -> dict[str, Any]:
    """The body without the rows that the release does not know."""

    def is_measured(row: Mapping[str, Any]) -> bool:
        limits = knowledge.measurements.get(row["id"])
        return limits is not None and limits.minimum <= row["value"] <= limits.maximum

    compiled = knowledge.compiled
    asked = {finding.key for finding in compiled.findings if not finding.derived_from_demographics}
    return {
        **body,
        "findings": [row for row in body.get("findings", []) if row["id"] in asked],
        "measurements": [row for row in body.get("measurements", []) if is_measured(row)],
        "treatments_tried": [r for r in body.get("treatments_tried", []) if r["treatment"] in compiled.treatments],
    }
