"""Audience and language choose the words and nothing else, and no word that a patient reads is left out."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker

from conditions import selectors
from tests.clinical.cases import cases
from tests.pseudo_language import pseudo, pseudo_language
from triage.engine import Case, Options, assess
from triage.engine.case import Audience
from triage.engine.interview import next_step
from triage.knowledge import ReleaseKnowledge
from triage.languages import in_language

pytestmark = pytest.mark.django_db
AUDIENCES: tuple[Audience, ...] = ("clinician", "patient")

TRANSLATED = {
    *("common_name", "summary", "why", "title", "action", "question", "help", "watch_for", "then", "escalate_if"),
    *("reason", "detail", "disclaimer", "how", "because", "move_on_if", "immediate", "cautions", "notes", "note"),
    *("purpose", "position", "steps", "dose", "frequency", "criteria_to_progress", "stop_rules", "precautions"),
    *("breathing", "effort", "ends_early", "no_programme", "shown", "stop_because", "name", "presentation"),
    *("start_because", "text"),
}
"""Members whose texts may differ between languages."""
BY_AUDIENCE = {"why", "presentation"}
"""Members whose texts may differ between audiences."""


@pytest.fixture(scope="module")
def told(
    bundled: ReleaseKnowledge, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[dict[str, ReleaseKnowledge]]:
    """The bundled knowledge by language, with quotes for Spanish."""
    with django_db_blocker.unblock():
        release = selectors.release_by_id(bundled.release_id)
        with pseudo_language(release, tmp_path_factory.mktemp("locale")):
            yield {"en": bundled, "es": in_language(bundled, "es")}


def leaves(value: Any, name: str = "", place: str = "") -> Iterator[tuple[str, str, Any]]:
    """Every value that holds no other one, with the name of the member that it is in and its place."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, key, f"{place}/{key}")
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from leaves(inner, name, f"{place}/{index}")
        yield name, f"{place}#", len(value)
    else:
        yield name, place, value


def differing(one: Any, other: Any) -> set[str]:
    """The names of the members in which two answers differ. They must have the same shape."""
    first, second = list(leaves(one)), list(leaves(other))
    assert [(name, place) for name, place, _ in first] == [(name, place) for name, place, _ in second]
    different = [(name, a, b) for (name, _, a), (_, _, b) in zip(first, second, strict=True) if a != b]
    assert all(isinstance(a, str) and isinstance(b, str) for _, a, b in different), different
    return {name for name, _, _ in different}


@settings(max_examples=60)
@given(data=st.data())
def test_audience_and_language_change_words_alone(data: st.DataObject, told: dict[str, ReleaseKnowledge]) -> None:
    case: Case = data.draw(cases(told["en"]))
    answers = {
        (locale, audience): assess(case, told[locale].compiled, Options(audience=audience))
        for locale, audience in product(told, AUDIENCES)
    }
    steps = {
        (locale, audience): next_step(case, told[locale].compiled, patient_answers=True, audience=audience)
        for locale, audience in product(told, AUDIENCES)
    }
    for told_to in (answers, steps):
        for audience in AUDIENCES:
            assert differing(told_to["en", audience], told_to["es", audience]) <= TRANSLATED
        for locale in told:
            assert differing(told_to[locale, "clinician"], told_to[locale, "patient"]) <= BY_AUDIENCE


def test_the_tables_are_shared(told: dict[str, ReleaseKnowledge]) -> None:
    english, other = told["en"].compiled, told["es"].compiled
    for name in ("probability", "log_likelihood", "log_deviation", "rate", "share", "language"):
        assert getattr(english, name) is getattr(other, name)
    assert english.knowledge.digest == other.knowledge.digest
    assert other.known_suitability is not english.known_suitability


@settings(max_examples=60)
@given(data=st.data())
def test_a_patient_reads_their_language_alone(data: st.DataObject, told: dict[str, ReleaseKnowledge]) -> None:
    """Every sentence for a patient is in quotes, the clinical names and the examiner's questions apart."""
    case: Case = data.draw(cases(told["en"]))
    english = {finding.question for finding in told["en"].compiled.findings if not finding.patient_can_answer}
    english |= {row.show for row in told["en"].compiled.knowledge.composites if row.for_clinicians_only}
    answer = assess(case, told["es"].compiled, Options(audience="patient"))
    left = [
        (place, text)
        for name, place, text in leaves({**answer, "causes": [], "composites": []})
        if name in TRANSLATED and isinstance(text, str) and "«" not in text and text not in english
    ]
    # Why a question is asked is an id, and what guidelines say is for clinicians.
    for_patients = [
        place
        for place, _ in left
        if not (place.startswith("/next_questions/") and "why" in place) and "/positions/" not in place
    ]
    assert for_patients == []
    findings = told["es"].compiled.finding_index
    for cause in answer["causes"]:
        evidence = cause["evidence"]["supporting"] + cause["evidence"]["opposing"]
        named = [cause["common_name"], cause["presentation"]]
        named += [weighed["name"] for weighed in evidence if weighed["finding"] in findings]
        assert all(name.startswith("«") for name in named), named


def test_causes_are_named_for_whom_they_are_told_to(told: dict[str, ReleaseKnowledge]) -> None:
    case = Case(70.0, "female", {"trauma_fall": "present", "cannot_bear_weight": "present"})
    condition = next(c for c in told["en"].compiled.conditions if c.key == "hip_fracture")
    for locale, plain in (("en", condition.plain_name), ("es", pseudo(condition.plain_name))):
        clinician, patient = (assess(case, told[locale].compiled, Options(audience=a)) for a in AUDIENCES)
        assert (clinician["causes"][0]["name"], clinician["causes"][0]["common_name"]) == (condition.name, plain)
        assert patient["causes"][0]["presentation"] == plain
        why = [d["why"] for d in patient["urgency"]["decided_by"] if d["id"] == "hip_fracture"]
        assert all(plain in each and condition.name not in each for each in why)
        why = [d["why"] for d in clinician["urgency"]["decided_by"] if d["id"] == "hip_fracture"]
        assert all(condition.name in each for each in why)
