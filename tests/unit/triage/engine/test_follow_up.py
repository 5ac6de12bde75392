"""Follow-ups on the toy release: merging, verdicts, timers, the next step and the urgency."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.triage.engine.toy import KNOWLEDGE
from triage.engine import Case, assess, compile_knowledge
from triage.engine.case import State
from triage.engine.contact import Adherence, Contact, Story, TriedTreatment
from triage.engine.follow_up import FollowUpAnswer, follow_up
from triage.engine.follow_up_knowledge import FollowUpTimer, OutcomeItem, OutcomeMeasure, OutcomeScale
from triage.engine.outcome_scores import Score
from triage.engine.renewed_case import reasked, renewed
from triage.engine.safety import RANK

PAIN = OutcomeMeasure(
    key="pain",
    name="Pain",
    minimum=0.0,
    maximum=10.0,
    best="lowest",
    items_best="lowest",
    method="mean",
    scales=(OutcomeScale("pain", (OutcomeItem("pain", 0.0, 10.0),), 1),),
    important_change=2.0,
    target=3.0,
    citations=("c6",),
)
HIP = replace(PAIN, key="hip", name="Hip", maximum=100.0, best="highest", important_change=10.0, target=None)
TIMERS = (
    FollowUpTimer("six", "Six", 42, "no_improvement", "review", "Look.", for_conditions=("tendon",), or_unclear=True),
    FollowUpTimer("twelve", "Twelve", 84, "no_improvement", "review", "Refer.", needs_adherence=True),
    FollowUpTimer("worse", "Worse", 0, "worse", "review", "Ask.", new_findings=("lateral",)),
    FollowUpTimer("pills", "Pills", 10, "no_improvement", "review", "Stop.", for_treatments=("tablet",)),
    FollowUpTimer("child", "Child", 5, "always", "escalate", "Back.", when={"age_years": {"below": 16}}),
)
TOY = compile_knowledge(replace(KNOWLEDGE, outcome_measures=(HIP, PAIN), follow_up_timers=TIMERS))
DENIED: dict[str, State] = {"fever": "absent", "sudden": "absent"}
FIRST = Case(50.0, "female", {"groin": "present", "stiff": "present", **DENIED}, {"pain": 6.0})


def told(*contacts: Contact, first: Case = FIRST) -> FollowUpAnswer:
    """The answer to the last of these contacts."""
    *earlier, now = contacts
    return follow_up(Story(first, assess(first, TOY)["ladder"]["rungs"], tuple(earlier), now), TOY)


def contact(day: int, pain: float | None = None, **changes: Any) -> Contact:
    """A contact at which every red-flag question is denied, with a pain score."""
    scores = {} if pain is None else {"pain": Score(pain)}
    return Contact(**{"day": day, "findings": DENIED, "scores": scores, **changes})


def statuses(answer: FollowUpAnswer) -> dict[str, str]:
    return {timer["id"]: timer["status"] for timer in answer["timers"]}


# Measures and verdicts


def test_scores_stand_against_the_first_and_the_last() -> None:
    (pain,) = told(contact(14, 5.0), contact(42, 3.5))["measures"]
    assert (pain["baseline"], pain["previous"], pain["now"]) == (6.0, 5.0, 3.5)
    assert (pain["change"], pain["change_from_previous"], pain["gain"]) == (-2.5, -1.5, 2.5)
    assert (pain["verdict"], pain["target_reached"], pain["citations"]) == ("better", False, ["c6"])


def test_a_first_score_at_a_follow_up_is_the_baseline_of_the_next() -> None:
    first = told(contact(14, scores={"hip": Score(40.0)}))
    assert [m["verdict"] for m in first["measures"] if m["id"] == "hip"] == ["unknown"]
    later = told(contact(14, scores={"hip": Score(40.0)}), contact(28, scores={"hip": Score(50.0)}))
    assert [m["verdict"] for m in later["measures"] if m["id"] == "hip"] == ["better"]


def test_a_measure_that_is_not_asked_again_stays_and_says_nothing() -> None:
    answer = told(contact(14))
    assert [(m["id"], m["now"], m["verdict"]) for m in answer["measures"]] == [("pain", None, "unknown")]
    assert answer["overall"] == "unknown"


def test_a_score_sent_as_a_measurement_is_the_same() -> None:
    assert told(contact(42, measurements={"pain": 3.0}))["overall"] == "better"


@pytest.mark.parametrize(
    ("pain", "hip", "rating", "overall"),
    [
        (3.0, 60.0, 5, "better"),
        (3.0, 45.0, None, "same"),
        (3.0, 30.0, None, "worse"),
        (3.0, 60.0, 2, "same"),
        (3.0, 60.0, 3, "better"),
        (3.0, 60.0, -1, "same"),
        (3.0, 60.0, -2, "worse"),
    ],
)
def test_of_conflicting_verdicts_the_most_cautious_stands(
    pain: float, hip: float, rating: int | None, overall: str
) -> None:
    before = contact(7, 6.0, scores={"pain": Score(6.0), "hip": Score(40.0)}, overall="same")
    now = contact(42, scores={"pain": Score(pain), "hip": Score(hip)}, global_change=rating)
    assert told(before, now)["overall"] == overall


def test_a_sign_of_worsening_that_was_denied_before_counts_and_one_never_asked_does_not() -> None:
    now = contact(14, 3.0, findings={**DENIED, "lateral": "present"})
    asked = replace(FIRST, findings={**FIRST.findings, "lateral": "absent"})
    assert (told(now)["worsening_findings"], told(now)["overall"]) == ([], "better")
    answer = told(now, first=asked)
    assert (answer["worsening_findings"], answer["overall"]) == (["lateral"], "worse")


# Timers


@pytest.mark.parametrize(("day", "status"), [(83, "waiting"), (84, "due"), (85, "due")])
def test_a_timer_is_due_from_its_day_on(day: int, status: str) -> None:
    assert statuses(told(contact(day, 6.0)))["twelve"] == status


@pytest.mark.parametrize(
    ("now", "status"),
    [
        (contact(84, 4.0), "not_needed"),
        (contact(84), "due"),
        (contact(84, 6.0, adherence=Adherence(6, 10)), "not_judged"),
        (contact(84, 6.0, adherence=Adherence(7, 10)), "due"),
        (contact(84, 6.0, adherence=Adherence(0, 0)), "due"),
    ],
    ids=["better", "not measured", "too little done", "just enough done", "nothing planned"],
)
def test_a_timer_looks_at_improvement_and_adherence(now: Contact, status: str) -> None:
    assert statuses(told(now))["twelve"] == status


def test_a_timer_for_a_condition_or_a_person_is_for_no_other() -> None:
    lateral = Case(50.0, "female", {"lateral": "present"}, {"pain": 6.0})
    child = Case(10.0, "female", {"groin": "present"})
    assert "six" in statuses(told(contact(42, 6.0), first=lateral))
    assert "child" not in statuses(told(contact(42, 6.0)))
    assert statuses(told(contact(4), first=child))["child"] == "waiting"
    assert statuses(told(contact(5), first=child))["child"] == "due"


@pytest.mark.parametrize(
    ("weeks", "helped", "status"),
    [(1.0, False, "waiting"), (1.5, False, "due"), (1.5, None, "due"), (9.0, True, "not_needed")],
)
def test_a_timer_of_a_treatment_counts_its_own_days(weeks: float, helped: bool | None, status: str) -> None:
    assert statuses(told(contact(3, 6.0, treatments=(TriedTreatment("tablet", weeks, helped),))))["pills"] == status


def test_the_timer_of_getting_worse_needs_no_time() -> None:
    assert statuses(told(contact(0, 8.0)))["worse"] == "due"
    assert statuses(told(contact(0, 6.0)))["worse"] == "not_needed"


# The next step


@pytest.mark.parametrize(
    ("now", "kind", "rung"),
    [
        (contact(42, 4.0), "continue", None),
        (contact(42, 3.0), "step_down", None),
        (contact(42), "continue", None),
        (contact(41, 6.0), "continue", None),
        (contact(42, 6.0), "next_rung", 3),
        (contact(42, 6.0, adherence=Adherence(1, 10)), "continue", None),
        (contact(3, 6.0, treatments=(TriedTreatment("education", 6.0),)), "next_rung", 3),
        (contact(84, 6.0), "review", 3),
        (contact(14, 8.0), "review", 3),
        (contact(42, 4.0, findings={"fever": "present", "sudden": "present"}), "escalate", None),
    ],
    ids=[
        *("better", "goal reached", "not measured", "a day too early", "tried long enough", "hardly done"),
        *("tried longer than the plan", "timer due", "worse", "red flag"),
    ],
)
def test_the_next_step(now: Contact, kind: str, rung: int | None) -> None:
    step = told(now)["next_step"]
    assert (step["kind"], step["rung"]) == (kind, rung), step
    assert step["why"]


def test_the_next_rung_leaves_out_what_is_contraindicated_now() -> None:
    answer = told(contact(42, 6.0, findings={**DENIED, "ulcer": "present"}))
    assert answer["next_step"]["items"] == []
    assert answer["next_step"]["kind"] == "review"


def test_the_next_rung_leaves_out_what_has_failed() -> None:
    tried = (TriedTreatment("education", 6.0), TriedTreatment("tablet", 2.0, helped=False))
    assert told(contact(42, 6.0, treatments=tried))["next_step"]["kind"] == "review"


def test_the_next_rung_is_above_what_was_done_before_the_first_contact() -> None:
    rungs = [
        {**rung, "start": "done" if rung["rung"] <= 3 else "now"} for rung in assess(FIRST, TOY)["ladder"]["rungs"]
    ]
    story = Story(FIRST, rungs, (), contact(42, 6.0))
    step = follow_up(story, TOY)["next_step"]
    assert step["rung"] is None or step["rung"] > 3
    assert step["kind"] in {"next_rung", "review"}


def test_the_next_step_asks_for_the_open_screen() -> None:
    step = told(contact(42, 6.0, findings={}))["next_step"]
    assert step["kind"] == "next_rung"
    assert "screen_open" in step["why"]


# The urgency


@pytest.mark.parametrize(
    ("contacts", "level"),
    [
        ([contact(7, 4.0)], "routine"),
        ([contact(7, 6.0)], "routine"),
        ([contact(7, 8.0)], "urgent"),
        ([contact(7, 8.0, overall="worse"), contact(14, 10.0)], "same_day"),
        ([contact(7, 6.0, overall="same"), contact(14, 6.0)], "routine"),
        ([contact(7, 6.0, overall="same"), contact(84, 6.0)], "urgent"),
        ([contact(7, 4.0, overall="better"), contact(84, 4.5)], "routine"),
        ([contact(7, 6.0, overall="same"), contact(14, overall="unknown"), contact(84, 6.0)], "urgent"),
    ],
)
def test_repeat_contact_without_improvement_raises_the_urgency(contacts: list[Contact], level: str) -> None:
    assert told(*contacts)["urgency"]["level"] == level


def test_the_urgency_of_the_case_stands_where_it_is_higher() -> None:
    answer = told(contact(7, 4.0, findings={"fever": "present", "sudden": "present"}))
    assert (answer["urgency"]["level"], answer["new_red_flags"]) == ("emergency", ["hot_hip"])
    assert [decider["kind"] for decider in answer["urgency"]["decided_by"]].count("follow_up") == 0


def test_a_rule_of_the_same_level_is_told_beside_and_shortens_the_time() -> None:
    answer = told(contact(7, 6.0, overall="same"), contact(84, 6.0))
    assert answer["urgency"]["within_hours"] == 72
    assert {"kind": "follow_up", "id": "again", "why": "not better again"} in answer["urgency"]["decided_by"]


def test_nobody_is_left_to_self_care_with_the_screen_open_again() -> None:
    mild = Case(50.0, "female", {"lateral": "present", **DENIED})
    assert assess(mild, TOY)["urgency"]["level"] == "self_care"
    again = told(contact(7, findings={}), first=mild)
    assert (again["urgency"]["level"], again["red_flag_screen"]["complete"]) == ("routine", False)
    assert told(contact(7), first=mild)["urgency"]["level"] == "self_care"
    assert RANK[again["urgency"]["level"]] > RANK["self_care"]


# The case as it stands


def test_later_answers_win_and_the_rest_stays() -> None:
    case = renewed(
        FIRST, [contact(7, findings={"groin": "absent", "lateral": "present"}, measurements={"pain": 2.0})], TOY
    )
    assert case.findings == {"groin": "absent", "stiff": "present", "lateral": "present", **DENIED}
    assert case.measurements == {"pain": 2.0}


def test_not_knowing_takes_nothing_away_from_an_earlier_yes() -> None:
    case = renewed(FIRST, [contact(7, findings={"groin": "unknown", "fever": "unknown"})], TOY)
    assert (case.findings["groin"], case.findings["fever"]) == ("present", "unknown")


def test_another_option_of_a_group_replaces_the_first() -> None:
    first = Case(50.0, "female", {"sudden": "present"})
    assert renewed(first, [contact(7, findings={"gradual": "present"})], TOY).findings == {"gradual": "present"}


def test_a_finding_and_the_measurement_that_decides_it_are_one_question() -> None:
    hot = Case(50.0, "female", {}, {"temperature": 39.0})
    assert renewed(hot, [contact(7, findings={"fever": "absent"})], TOY).measurements == {}
    said = Case(50.0, "female", {"fever": "present"})
    cool = renewed(said, [contact(7, findings={}, measurements={"temperature": 37.0})], TOY)
    assert cool.findings == {}


def test_time_goes_on() -> None:
    first = Case(50.0, "female", {"groin": "present"}, {"days": 20.0})
    contacts = [contact(14, findings={}), contact(42, findings={})]
    assert renewed(first, contacts, TOY).measurements == {"days": 62.0}
    assert renewed(first, [*contacts, contact(49, measurements={"days": 5.0})], TOY).measurements == {"days": 5.0}


def test_red_flag_questions_are_asked_again_and_others_are_not() -> None:
    case = replace(FIRST, findings={**FIRST.findings, "lateral": "absent"})
    assert reasked(case, contact(7, findings={"fever": "absent"}), TOY).findings == {
        "groin": "present",
        "stiff": "present",
        "fever": "absent",
        "lateral": "absent",
    }


def test_what_moves_is_told_against_the_first_case() -> None:
    now = told(contact(42, 6.0, findings={**DENIED, "lateral": "present", "groin": "absent"}))["assessment_now"]
    assert now["causes"][0]["condition"] == "tendon"
    assert {move["condition"] for move in now["moves"]["causes"]} >= {"arthritis", "tendon"}
