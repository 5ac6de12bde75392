"""From a case to what was observed."""

from tests.unit.triage.engine.toy import KNOWLEDGE
from triage.engine import Case, compile_knowledge
from triage.engine.answers import Answers, read_answers
from triage.engine.rules import FALSE, TRUE

COMPILED = compile_knowledge(KNOWLEDGE)


def read(findings: dict[str, str] | None = None, **measurements: float) -> Answers:
    return read_answers(Case(50.0, findings=findings or {}, measurements=measurements), COMPILED)  # type: ignore[arg-type]


def test_unknown_is_as_if_not_asked() -> None:
    assert read({"groin": "unknown"}) == read({})


def test_a_measurement_derives_a_finding_in_both_directions() -> None:
    assert read(days=91.0).states == {"long": TRUE}
    assert read(days=90.0).states == {"long": FALSE}


def test_a_normal_temperature_does_not_deny_fever() -> None:
    assert read(temperature=38.0).states == {"fever": TRUE}
    assert read(temperature=37.0).states == {}


def test_the_present_reading_wins_and_is_told() -> None:
    answers = read({"long": "absent"}, days=200.0)
    assert answers.states["long"] == TRUE
    assert [warning["code"] for warning in answers.warnings] == ["measurement_disagrees"]


def test_an_implied_finding_is_known_but_not_counted_twice() -> None:
    answers = read({"morning_stiff": "present", "stiff": "present"})
    assert answers.states == {"morning_stiff": TRUE, "stiff": TRUE}
    assert answers.counted == {"morning_stiff": TRUE}


def test_what_is_implied_but_denied_is_present_for_safety_and_told() -> None:
    answers = read({"morning_stiff": "present", "stiff": "absent"})
    assert answers.states["stiff"] == TRUE
    assert answers.counted == {"morning_stiff": TRUE}
    assert [warning["findings"] for warning in answers.warnings] == [["stiff", "morning_stiff"]]


def test_the_absence_of_what_implies_an_absent_finding_is_not_counted() -> None:
    assert read({"stiff": "absent", "morning_stiff": "absent"}).counted == {"stiff": FALSE}


def test_a_present_option_speaks_for_its_group() -> None:
    assert read({"sudden": "present", "gradual": "absent"}).counted == {"sudden": TRUE}


def test_contradictory_answers_are_both_kept_and_told() -> None:
    answers = read({"sudden": "present", "gradual": "present"})
    assert answers.counted == {"sudden": TRUE, "gradual": TRUE}
    assert [warning["findings"] for warning in answers.warnings] == [["gradual", "sudden"]]
