"""Scoring against numbers worked out by hand, and the command on a few vignettes."""

import json
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.unit.triage.engine.toy import KNOWLEDGE
from triage.engine import Case, compile_knowledge
from triage.engine.case import State
from triage.engine.knowledge import Level
from triage.evaluation import aims, calibration, page, plots, review, saved, scoring, summary
from triage.evaluation.calibration import Predictions
from triage.evaluation.rates import Rate, wilson
from triage.evaluation.run import ARMS, SETTINGS, STAGES, Answer, Arm, RankedCause, Result, Run, run
from triage.evaluation.vignettes import Gold, Source, Vignette
from triage.management.commands import evaluate

COMPILED = compile_knowledge(KNOWLEDGE)


def vignette(
    key: str = "v-1",
    *accepted: str,
    urgency: Level = "routine",
    source: str = "exam",
    clean: bool = True,
    imaging: tuple[dict[str, Any], ...] = (),
) -> Vignette:
    """A vignette whose first accepted condition is the true one."""
    gold = Gold(
        primary=accepted[0] if accepted else None,
        conditions=accepted,
        diagnosis="What the source says",
        urgency=urgency,
        urgency_basis="stated",
    )
    return Vignette(
        id=key,
        source=Source(type=source, dataset="Test"),
        case={"findings": [{"id": "groin", "state": "present"}]},
        imaging=imaging,
        gold=gold,
        synopsis="A hip that hurts.",
        clean=clean,
        population="adult",
    )


def result(of: Vignette, *causes: tuple[str, float], urgency: Level = "routine", by: str = "cause") -> Result:
    """An answer with these causes in this order, its urgency decided by one thing of this kind."""
    ranked = tuple(RankedCause(condition, condition.title(), probability) for condition, probability in causes)
    return Result(of, Answer("complete", urgency, ((by, "it"),), ranked))


def triaged(right: Level, answered: Level, by: str = "cause") -> Result:
    return result(vignette("v", "a", urgency=right), ("a", 0.9), urgency=answered, by=by)


def ran(*results: Result) -> Run:
    return Run("1", "sha256:1", "1.0.0", {arm: list(results) for arm in ARMS})


A_FIRST = result(vignette("first", "a"), ("a", 0.6), ("b", 0.3))
A_SECOND = result(vignette("second", "a"), ("b", 0.5), ("a", 0.4), ("c", 0.1))
B_FOURTH = result(vignette("fourth", "b", clean=False), ("a", 0.4), ("c", 0.3), ("d", 0.2), ("b", 0.1))
B_RULED_OUT = result(vignette("ruled-out", "b"), ("a", 1.0))
WITHOUT_TRUTH = result(vignette("without-truth"), ("a", 0.3))
MIXED = [A_FIRST, A_SECOND, B_FOURTH, B_RULED_OUT, WITHOUT_TRUTH]


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (0, 0, 0.0, 1.0)],
)
def test_wilson_interval(hits: int, of: int, low: float, high: float) -> None:
    assert wilson(hits, of) == pytest.approx((low, high), abs=5e-5)
    assert Rate(hits, of).interval == wilson(hits, of)


def test_accuracy_counts_the_first_accepted_cause_of_cases_that_have_one() -> None:
    assert scoring.accuracy(MIXED) == (Rate(1, 4), Rate(2, 4), Rate(3, 4))


def test_any_accepted_cause_counts() -> None:
    assert result(vignette("v", "c", "b"), ("a", 0.5), ("b", 0.3), ("c", 0.2)).rank == 2


def test_macro_accuracy_counts_each_condition_once() -> None:
    value, low, high = scoring.macro_accuracy([A_FIRST, A_FIRST, A_SECOND, B_FOURTH], 1)
    assert value == pytest.approx((2 / 3 + 0) / 2)
    assert 0.0 <= low <= value <= high <= 1.0


def test_macro_accuracy_of_nothing_but_hits_is_certain() -> None:
    assert scoring.macro_accuracy([A_FIRST, A_FIRST], 1) == (1.0, 1.0, 1.0)


def test_ranks_of_the_truth() -> None:
    counts = scoring.rank_counts(MIXED)
    assert counts == {
        "1": 1,
        "2": 1,
        "3": 0,
        "4 to 5": 1,
        "6 to 10": 0,
        "11 or later": 0,
        "ruled out by age or sex": 1,
    }
    assert [missed.vignette.id for missed in scoring.missed(MIXED)] == ["second", "fourth", "ruled-out"]


def test_groups_are_in_alphabetical_order() -> None:
    groups = scoring.grouped(reversed_order := MIXED[::-1], lambda result: result.vignette.gold.primary)
    assert {name: len(group) for name, group in groups.items()} == {"a": 2, "b": 2}
    assert list(groups) == ["a", "b"]
    assert groups["a"] == [case for case in reversed_order if case.vignette.gold.primary == "a"]


def test_confusion_and_triage_rates() -> None:
    results = [
        triaged("emergency", "emergency"),
        triaged("emergency", "same_day"),
        triaged("emergency", "routine"),
        triaged("routine", "urgent"),
        triaged("self_care", "routine", by="screen"),
        triaged("self_care", "routine", by="cause"),
    ]
    table = scoring.confusion(results)
    assert table.tolist() == [[0, 2, 0, 0, 0], [0, 0, 1, 0, 0], [0] * 5, [0] * 5, [0, 1, 0, 1, 1]]
    rates = scoring.triage(results)
    assert (rates.agree, rates.under) == (Rate(1, 6), Rate(2, 6))
    assert (rates.over, rates.waits_for_screen) == (Rate(2, 6), Rate(1, 6))
    emergencies = scoring.emergencies(results)
    assert [len(scoring.below(level, emergencies)) for level in ("same_day", "emergency")] == [1, 2]


@pytest.mark.parametrize(("right", "answered"), [("routine", "routine"), ("self_care", "urgent")])
def test_only_routine_for_self_care_can_wait_for_the_screen(right: Level, answered: Level) -> None:
    assert not scoring.only_waits_for_screen(triaged(right, answered, by="screen"))


def test_brier_score() -> None:
    predictions = Predictions.of([(0.9, True), (0.6, False), (0.1, False)])
    assert calibration.brier(predictions) == pytest.approx((0.01 + 0.36 + 0.01) / 3)


def test_expected_calibration_error() -> None:
    predictions = Predictions.of([(0.95, True), (0.91, False), (0.25, True), (0.25, False)])
    assert calibration.expected_calibration_error(predictions) == pytest.approx((abs(1 - 1.86) + abs(1 - 0.5)) / 4)


def test_bins_hold_their_lower_end_and_the_last_one_too() -> None:
    bins = calibration.reliability(Predictions.of([(0.0, False), (0.1, True), (0.9, True), (1.0, True)]))
    assert [(b.low, b.mean, b.true) for b in bins] == [
        (0.0, 0.0, Rate(0, 1)),
        (0.1, 0.1, Rate(1, 1)),
        (0.9, 0.95, Rate(2, 2)),
    ]


def test_certain_predictions_have_no_error_by_chance() -> None:
    assert calibration.error_if_calibrated(Predictions.of([(1.0, True), (0.0, False)])) == 0.0


def test_one_even_prediction_is_half_wrong_by_chance() -> None:
    assert calibration.error_if_calibrated(Predictions.of([(0.5, True)])) == pytest.approx(0.5)


def test_without_predictions_nothing_is_said() -> None:
    nothing = Predictions.of([])
    assert calibration.brier(nothing) != calibration.brier(nothing)
    assert calibration.expected_calibration_error(nothing) != calibration.expected_calibration_error(nothing)
    assert calibration.reliability(nothing) == []


def pairs(predictions: Predictions) -> list[tuple[float, float]]:
    return [*zip(predictions.probability.tolist(), predictions.outcome.tolist(), strict=True)]


def test_sets_of_predictions() -> None:
    unlisted = RankedCause("d", "D", 0.1, listed=False)
    shared = result(vignette("v", "a", "b"), ("a", 0.25), ("c", 0.25), ("b", 0.5))
    shared = replace(shared, answer=replace(shared.answer, causes=(*shared.answer.causes, unlisted)))
    assert pairs(calibration.listed_causes([shared])) == [(0.25, 1.0), (0.25, 0.0), (0.5, 0.0)]
    assert pairs(calibration.accepted_together([shared])) == [(0.75, 1.0), (0.25, 0.0)]
    assert pairs(calibration.first_causes([shared, A_SECOND])) == [(0.25, 1.0), (0.5, 0.0)]


def test_accepted_together_without_a_listed_truth_are_all_false() -> None:
    assert pairs(calibration.accepted_together([WITHOUT_TRUTH])) == [(0.3, 0.0)]


def toy_run(**findings: State) -> Run:
    cases = {
        (setting, stage): Case(50.0, findings=findings, setting=setting) for setting in SETTINGS for stage in STAGES
    }
    return run(
        [(vignette("exam", "tendon"), cases), (vignette("page", "tendon", source="benign"), cases)], COMPILED, "1"
    )


def test_a_run_ranks_every_possible_cause() -> None:
    first = toy_run(lateral="present", groin="absent", gradual="present", long="present")
    causes = first.results[Arm("own", "before")][0].answer.causes
    assert [cause.condition for cause in causes] == ["tendon", "arthritis", "infection"]
    assert sum(cause.probability for cause in causes) == pytest.approx(1.0)
    assert [cause.listed for cause in causes] == [True, True, False]


def test_each_vignette_is_run_in_the_setting_of_its_source() -> None:
    answers = toy_run(lateral="present").results
    own, primary, specialist = (answers[Arm(s, "before")] for s in ("own", "primary_care", "specialist"))
    assert [own[0].answer, own[1].answer] == [specialist[0].answer, primary[1].answer]
    assert primary[0].answer != specialist[0].answer


def test_imaging_is_added_only_after_it() -> None:
    imaging = ({"id": "xray_normal", "state": "present"},)
    body = vignette("v", "a", imaging=imaging).body
    assert [f["id"] for f in body("specialist", with_imaging=False)["findings"]] == ["groin"]
    assert [f["id"] for f in body("specialist", with_imaging=True)["findings"]] == ["groin", "xray_normal"]


def test_a_run_compared_with_itself_has_no_changes() -> None:
    short = saved.to_save(ran(*MIXED))
    assert saved.changes(short, saved.SavedRun.model_validate_json(short.model_dump_json())) == []


def test_changes_of_rank_urgency_and_cases() -> None:
    old = saved.to_save(ran(A_FIRST, A_SECOND, B_FOURTH))
    urgent = replace(A_SECOND, answer=replace(A_SECOND.answer, urgency="urgent"))
    now_first = result(A_FIRST.vignette, ("b", 0.6), ("a", 0.3))
    new = saved.to_save(ran(now_first, urgent, B_RULED_OUT))
    before = [change for change in saved.changes(old, new) if change.stage == "before"]
    assert [change.vignette for change in before] == ["first", "second", "ruled-out", "fourth"]
    assert [change.old is None or change.new is None for change in before] == [False, False, True, True]
    text = summary.render_changes(old, new)
    assert "rank 1, routine, a  ->  rank 2, routine, b" in text
    assert text.startswith("8 answers changed since release 1")


def test_aims_are_reached_or_not() -> None:
    reached = {aim.text: aim.reached for aim in aims.aims(ran(*MIXED, triaged("emergency", "emergency")))}
    assert reached["No emergency below `same_day`"]
    assert not reached["Truth first in at least 70 %"]


def test_the_page_lists_every_miss_with_its_evidence() -> None:
    text = review.render(toy_run(groin="present").results[Arm("own", "before")])
    assert "### page: tendon, rank 2" in text
    assert "| 1 | arthritis |" in text
    assert "groin +" in text
    assert "| 2 | **tendon** |" in text


def test_the_page_lists_other_urgencies_least_urgent_answers_first_with_what_decided() -> None:
    text = review.triage_differences(
        [
            triaged("self_care", "routine", by="screen"),
            triaged("routine", "routine"),
            triaged("routine", "emergency"),
            triaged("urgent", "routine"),
        ]
    )
    assert [row.split(" | ")[2:] for row in text.splitlines()[-3:]] == [
        ["`urgent` (stated)", "`routine`", "under", "cause `it` |"],
        ["`self_care` (stated)", "`routine`", "waits for screen", "screen `it` |"],
        ["`routine` (stated)", "`emergency`", "over", "cause `it` |"],
    ]
    assert review.triage_differences([triaged("routine", "routine")]) == ""


def test_the_page_names_cases_without_a_truth_and_leaves_them_out() -> None:
    text = page.render(ran(*MIXED), ["some.jsonl"])
    assert "No cause of the catalogue is right in without-truth" in text
    assert "| of the source | before imaging | all | 4 | 25 % (5 to 70) | 50 % (15 to 85) | 75 % (30 to 95) |" in text


def test_plots_are_the_same_for_the_same_figures() -> None:
    drawn = plots.plots(ran(*MIXED))
    assert drawn == plots.plots(ran(*MIXED))
    assert sorted(drawn) == ["ranks.svg", "reliability.svg", "urgency.svg"]
    assert all(content.startswith(b"<?xml") and b"dc:date" not in content for content in drawn.values())


# The command


def line(key: str, **gold: Any) -> dict[str, Any]:
    """A vignette that the bundled knowledge can answer."""
    return {
        "id": key,
        "source": {"type": "exam", "dataset": "Test"},
        "case": {
            "patient": {"age": {"value": 67, "unit": "year"}, "sex": "female"},
            "findings": [{"id": "pain_groin", "state": "present"}],
        },
        "gold": {
            "primary": "hip_osteoarthritis",
            "conditions": ["hip_osteoarthritis"],
            "diagnosis": "Osteoarthritis",
            "urgency": "routine",
            "urgency_basis": "stated",
            **gold,
        },
        "synopsis": "A sore groin.",
        "clean": True,
        "population": "adult",
    }


def written(path: Path, lines: Sequence[object]) -> Path:
    path.write_text("".join(f"{entry if isinstance(entry, str) else json.dumps(entry)}\n" for entry in lines))
    return path


def said(*arguments: object, **options: Any) -> str:
    out = StringIO()
    call_command("evaluate", *map(str, arguments), stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def two(tmp_path: Path) -> Path:
    return written(tmp_path / "two.jsonl", [line("one"), "", line("two")])


@pytest.mark.django_db
def test_evaluate_prints_figures_and_writes_nothing_unasked(two: Path) -> None:
    assert "own           before  all    2" in said(two)
    assert list(two.parent.iterdir()) == [two]


@pytest.mark.django_db
def test_bad_vignettes_get_their_line_and_the_rest_goes_on(tmp_path: Path) -> None:
    unknown = line("unknown")
    unknown["case"]["findings"] = [{"id": "pain_groinn", "state": "present"}]
    bad = [
        "{",
        unknown,
        line("no-such-cause", primary="no", conditions=["no"]),
        line("level", urgency="soon"),
        line("good"),
        line("good"),
        line("primary", conditions=[]),
    ]
    path, out, err = written(tmp_path / "bad.jsonl", bad), StringIO(), StringIO()
    with pytest.raises(CommandError, match="6 of the vignettes"):
        call_command("evaluate", str(path), stdout=out, stderr=err)
    told = err.getvalue().splitlines()
    assert [entry.removeprefix(f"{path}:").split(":", 1)[0] for entry in told] == [
        "1 ",
        "2 /findings/0/id",
        "3 /gold/conditions/0",
        "4 /gold/urgency",
        "6 /id",
        "7 /gold",
    ]
    assert "own           before  all    1" in out.getvalue()


@pytest.mark.django_db
def test_a_page_that_was_written_is_current_until_it_changes(two: Path, tmp_path: Path) -> None:
    said(two, write=tmp_path / "docs")
    assert "The page and its plots are current." in said(two, check=tmp_path / "docs")
    with (tmp_path / "docs" / "evaluation.md").open("a") as file:
        file.write("x")
    (tmp_path / "docs" / "evaluation" / "ranks.svg").unlink()
    with pytest.raises(CommandError, match=r"evaluation\.md, evaluation/ranks\.svg\. Run make evaluate"):
        said(two, check=tmp_path / "docs")


@pytest.mark.django_db
def test_changes_against_a_saved_run_are_told(two: Path, tmp_path: Path) -> None:
    kept = tmp_path / "run.json"
    said(two, save=kept)
    assert "0 answers changed since" in said(two, against=kept)
    kept.write_text(kept.read_text().replace('"rank": ', '"rank": 1'))
    assert "4 answers changed since" in said(two, against=kept)


def test_what_is_not_a_saved_run_is_refused(two: Path) -> None:
    with pytest.raises(CommandError, match="is not a run that --save has written"):
        said(two, against=two)


@pytest.mark.django_db
def test_without_vignettes_a_check_passes_and_an_evaluation_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(evaluate, "DEVELOPMENT_VIGNETTES", tmp_path / "none.jsonl")
    assert "Not checked: there are no vignettes" in said("--check")
    with pytest.raises(CommandError, match="Name a JSONL file of vignettes"):
        said()


def test_an_empty_file_is_told(bundled: object, db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no vignette in"):
        said(written(tmp_path / "empty.jsonl", []))


def test_without_a_release_it_says_what_to_do(no_knowledge: None, two: Path) -> None:
    with pytest.raises(CommandError, match="load_knowledge --publish"):
        said(two)
