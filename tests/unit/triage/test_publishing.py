"""A release from its files into use."""

from copy import deepcopy
from functools import reduce
from operator import getitem
from typing import Any

import pytest
from django.apps import apps
from pytest_django import DjangoCaptureOnCommitCallbacks

from conditions import selectors
from hipcare.errors import Conflict, InvalidInput
from tests.unit.triage.conftest import ContentDirectories
from triage.actions import publishing
from triage.knowledge import current_knowledge, release_knowledge
from triage.policy import FILLED_IN, READ_BY_THE_ENGINE, read_policy

pytestmark = pytest.mark.django_db
Release = apps.get_model("conditions", "Release")
FRACTURE = "conditions/hip_fracture.yaml"


def load(directories: ContentDirectories) -> Any:
    return publishing.load(conditions=directories.conditions, exercises=directories.exercises)


def version_of_the_current_knowledge() -> str:
    return current_knowledge().compiled.knowledge.version


def test_a_published_release_answers_from_then_on(
    small: ContentDirectories, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    before = version_of_the_current_knowledge()
    with django_capture_on_commit_callbacks(execute=True):
        draft = load(small)
        assert version_of_the_current_knowledge() == before
        release = publishing.publish(release=draft)
    assert (release.status, release.digest[:7]) == ("published", "sha256:")
    assert version_of_the_current_knowledge() == "2026.1.1" != before


def test_publishing_what_is_published_changes_nothing(small: ContentDirectories) -> None:
    release = publishing.publish(release=load(small))
    again = publishing.publish(release=load(small))
    assert (again.pk, again.digest, again.published_at) == (release.pk, release.digest, release.published_at)


def test_other_content_needs_another_version(small: ContentDirectories) -> None:
    publishing.publish(release=load(small))
    small.edit(FRACTURE, "p: 0.85", "p: 0.8")
    with pytest.raises(Conflict, match="Give the new content a new version"):
        load(small)


def test_the_digest_is_of_the_content(small: ContentDirectories) -> None:
    first = publishing.publish(release=load(small))
    small.edit("release.yaml", "2026.1.1", "2026.1.2")
    small.edit(FRACTURE, "p: 0.85", "p: 0.8")
    second = publishing.publish(release=load(small))
    assert second.digest != first.digest
    assert release_knowledge(second.pk).compiled.knowledge.digest == second.digest


def test_broken_content_loads_nothing_and_is_told_with_file_and_line(small: ContentDirectories) -> None:
    small.edit(FRACTURE, "p: 0.85", "p: 1.85")
    with pytest.raises(InvalidInput) as refused:
        load(small)
    assert refused.value.problems
    assert all(problem.detail.startswith(f"{FRACTURE}:") for problem in refused.value.problems)
    assert not Release.objects.filter(version="2026.1.1").exists()


def test_a_draft_that_was_edited_wrong_is_not_published(small: ContentDirectories) -> None:
    draft = load(small)
    selectors.red_flags(draft).update(rule={"all": ["no_such_finding"]})
    with pytest.raises(InvalidInput) as refused:
        publishing.publish(release=draft)
    assert refused.value.problems
    assert selectors.release_by_version("2026.1.1").status == "draft"


@pytest.mark.parametrize("change", [{"draws": None}, {"no_such_member": 1}])
def test_a_policy_that_the_engine_cannot_read_is_not_published(
    small: ContentDirectories, change: dict[str, object]
) -> None:
    draft = load(small)
    policy = {name: value for name, value in (draft.policy | change).items() if value is not None}
    Release.objects.filter(pk=draft.pk).update(policy=policy)
    with pytest.raises(InvalidInput) as refused:
        publishing.publish(release=selectors.release_by_version("2026.1.1"))
    assert [problem.pointer for problem in refused.value.problems] == [f"/policy/{name}" for name in change]


@pytest.mark.parametrize("path", [*READ_BY_THE_ENGINE])
def test_nothing_that_the_engine_reads_may_be_missing_from_the_policy(
    small: ContentDirectories, path: tuple[str, ...]
) -> None:
    whole = load(small).policy
    read_policy(whole)
    for name in READ_BY_THE_ENGINE[path]:
        policy = deepcopy(whole)
        del reduce(getitem, path, policy)[name]
        with pytest.raises(InvalidInput) as refused:
            read_policy(policy)
        assert [problem.pointer for problem in refused.value.problems] == ["/".join(["/policy", *path, name])]


@pytest.mark.parametrize("path", [*FILLED_IN])
@pytest.mark.parametrize("text", ["no place", "{other}", "{{{name}}}", "{name} {name}", "{", 3])
def test_a_text_without_its_placeholder_is_refused(small: ContentDirectories, path: tuple[str, ...], text: Any) -> None:
    policy = deepcopy(load(small).policy)
    *above, last = path
    wrong = text.replace("name", "nobody") if isinstance(text, str) else text
    reduce(getitem, above, policy)[last] = wrong
    with pytest.raises(InvalidInput) as refused:
        read_policy(policy)
    assert [problem.pointer for problem in refused.value.problems] == ["/".join(["/policy", *path])]


@pytest.mark.parametrize("value", ["words", None, []])
def test_what_should_be_an_object_in_the_policy_and_is_not_is_told(small: ContentDirectories, value: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_policy(load(small).policy | {"texts": value})
    assert [problem.pointer for problem in refused.value.problems] == ["/policy/texts"]


def test_a_clone_is_a_draft_of_everything_and_can_be_published(small: ContentDirectories) -> None:
    release = publishing.publish(release=load(small))
    draft = publishing.clone(release=release, version="2026.1.2")
    assert draft.status == "draft"
    published = publishing.publish(release=draft)
    first, second = release_knowledge(release.pk).compiled.knowledge, release_knowledge(published.pk).compiled.knowledge
    assert (second.conditions, second.findings, second.exercise) == (first.conditions, first.findings, first.exercise)
    assert second.exercise.programmes


def test_a_clone_needs_a_version_of_its_own(small: ContentDirectories) -> None:
    release = publishing.publish(release=load(small))
    with pytest.raises(Conflict, match=r"There is a release 2026\.1\.1 already"):
        publishing.clone(release=release, version="2026.1.1")


def test_files_that_are_published_already_are_not_parsed_again(small: ContentDirectories) -> None:
    def load_and_publish() -> Any:
        return publishing.load_and_publish(conditions=small.conditions, exercises=small.exercises)

    release = load_and_publish()
    assert load_and_publish().pk == release.pk
    small.edit("release.yaml", "2026.1.1", "2026.1.2")
    assert load_and_publish().version == "2026.1.2"
