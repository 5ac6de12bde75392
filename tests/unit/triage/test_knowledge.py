"""The rows of a release as the engine reads them."""

import pytest
from django.apps import apps

from conditions import selectors
from conditions.actions import releases
from exercises import selectors as exercises
from hipcare.errors import Unavailable
from tests.unit.triage.conftest import ContentDirectories
from triage.actions import publishing
from triage.knowledge import ReleaseKnowledge, current_knowledge, forget_current, read_knowledge, release_knowledge
from triage.readiness import knowledge as readiness

pytestmark = pytest.mark.django_db


def test_nothing_of_the_release_is_left_behind(bundled: ReleaseKnowledge) -> None:
    release = selectors.release_by_id(bundled.release_id)
    knowledge = bundled.compiled.knowledge
    assert (knowledge.version, knowledge.digest) == (release.version, release.digest)
    assert len(knowledge.findings) == selectors.findings(release).count()
    assert len(knowledge.conditions) == selectors.conditions(release).count()
    assert len(knowledge.red_flags) == selectors.red_flags(release).count()
    assert len(knowledge.treatments) == selectors.treatments(release).count()
    assert len(knowledge.safety_net) == selectors.safety_net_items(release).count()
    exercise = knowledge.exercise
    assert len(exercise.exercises) == exercises.exercises(release).count()
    assert len(exercise.general_rules) == exercises.general_rules(release).count()
    assert len(exercise.programmes) == exercises.programmes(release).count()
    assert len(exercise.precautions) == exercises.precautions(release).count()
    assert len(exercise.starting_rules) == exercises.starting_rules(release).count()
    assert len(bundled.measurements) == selectors.measurements(release).count()
    assert sum(len(c.ladder) for c in knowledge.conditions) == selectors.condition_treatments(release).count()
    assert sum(len(c.presentations) for c in knowledge.conditions) == selectors.presentations(release).count()


def test_every_row_of_evidence_reaches_its_presentations(bundled: ReleaseKnowledge) -> None:
    release = selectors.release_by_id(bundled.release_id)
    read = {
        (condition.key, presentation.key, finding): evidence.probability
        for condition in bundled.compiled.knowledge.conditions
        for presentation in condition.presentations
        for finding, evidence in presentation.evidence.items()
    }
    columns = ("condition__key", "presentation__key", "finding__key", "probability")
    rows = list(selectors.evidence(release).values_list(*columns))
    own = {(condition, presentation, finding): p for condition, presentation, finding, p in rows if presentation}
    assert own.items() <= read.items()
    shared = {(condition, finding): p for condition, presentation, finding, p in rows if presentation is None}
    for (condition, presentation, finding), value in read.items():
        if (condition, presentation, finding) not in own:
            assert value == shared[condition, finding]


def test_a_curve_runs_from_young_to_old(bundled: ReleaseKnowledge) -> None:
    for condition in bundled.compiled.knowledge.conditions:
        ages = [age for age, _ in condition.prior]
        assert ages == sorted(ages)
        assert condition.presentations


def test_a_release_is_compiled_once(bundled: ReleaseKnowledge) -> None:
    # Tests that publish many releases may have pushed `bundled` itself out of the cache.
    now = current_knowledge()
    assert now.release_id == bundled.release_id
    assert current_knowledge() is release_knowledge(bundled.release_id) is now


def test_the_current_release_is_looked_up_again_when_it_is_forgotten(
    small: ContentDirectories, bundled: ReleaseKnowledge
) -> None:
    release = publishing.publish(release=publishing.load(conditions=small.conditions, exercises=small.exercises))
    assert current_knowledge() is bundled or current_knowledge().release_id == release.pk
    forget_current()
    assert current_knowledge().release_id == release.pk


def test_without_a_release_nothing_is_known_and_the_service_is_not_ready(no_knowledge: None) -> None:
    with pytest.raises(Unavailable):
        current_knowledge()
    assert not readiness().ok


def test_a_retired_release_still_answers_for_its_own_cases(small: ContentDirectories) -> None:
    release = publishing.publish(release=publishing.load(conditions=small.conditions, exercises=small.exercises))
    releases.retire(release=release)
    assert release_knowledge(release.pk).compiled.knowledge.version == release.version
    assert current_knowledge().release_id != release.pk


def test_reading_takes_as_many_queries_as_tables(
    bundled: ReleaseKnowledge, django_assert_max_num_queries: object
) -> None:
    release = apps.get_model("conditions", "Release").objects.get(pk=bundled.release_id)
    with django_assert_max_num_queries(22):  # type: ignore[operator]
        read_knowledge(release)
