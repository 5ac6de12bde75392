"""Every check on the content has an example that fails it."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pytest

from conditions import content_checks
from conditions.composite_checks import scale
from conditions.content_files import read_content
from hipcare.errors import InvalidInput

Edit = Callable[[str, str, str], Path]
GLUTEAL = "conditions/gluteal_tendinopathy.yaml"
FRACTURE = "conditions/hip_fracture.yaml"
COMPOSITES = "composites.yaml"
OUTCOMES = "outcome_measures.yaml"
TIMERS = "follow_up_timers.yaml"
TRIED = "tried_steps.yaml"
PREVENTION = "prevention.yaml"


@dataclass(frozen=True)
class Failing:
    """A text of one file, what it is replaced with, and the problem on the line where `at` (or the new text) stands."""

    file: str
    old: str
    new: str
    problem: str
    at: str = ""

    def expected(self, directory: Path) -> str:
        text = (directory / self.file).read_text(encoding="utf-8")
        line = text[: text.index(self.at or self.new)].count("\n") + 1
        return f"{self.file}:{line}: {self.problem}"


EXAMPLES: dict[str, list[Failing]] = {
    "ids_are_unique": [
        Failing(
            "citations.yaml",
            "id: nice_cg124",
            "id: mellor_2018",
            '"mellor_2018" is here twice',
            at="- id: mellor_2018\n  title: Hip",
        ),
        Failing(
            GLUTEAL, "treatment: exercise\n    rung: 2", "treatment: education\n    rung: 2", '"education" is here'
        ),
        Failing(GLUTEAL, "{id: runner", "{id:  usual", '"usual" is here twice'),
    ],
    "ids_are_known": [
        Failing(GLUTEAL, "  fever:", "  fevr:", 'unknown finding "fevr"; did you mean "fever"?'),
        Failing(GLUTEAL, "runner:\n    gradual_onset", "runner:\n    x", 'unknown finding "x"', at="    x: {"),
        Failing(GLUTEAL, "citations: [mellor_2018]\nworkup", "citations: [x]\nworkup", 'unknown citation "x"'),
        Failing(GLUTEAL, "measures: [pain_nprs]", "measures: [pain]", 'unknown measurement "pain"'),
        Failing(GLUTEAL, "treatment: exercise", "treatment: exercize", 'unknown treatment "exercize"; did you mean'),
        Failing(TIMERS, "new_findings: [fever]", "new_findings: [fevr]", 'unknown finding "fevr"; did you mean'),
        Failing(TIMERS, "for_treatments: [exercise]", "for_treatments: [x]", 'unknown treatment "x"'),
        Failing(TRIED, "for_treatments: [exercise]", "for_treatments: [x]", 'unknown treatment "x"'),
        Failing(TRIED, "finding: lateral_pain", "finding: lateral_pan", 'unknown finding "lateral_pan"; did you mean'),
        Failing(PREVENTION, "when: difficulty_walking", "when: x", 'unknown finding "x"'),
        Failing(PREVENTION, "treatment: education", "treatment: x", 'unknown treatment "x"'),
        Failing(FRACTURE, "immediate: [do_not_walk_on_it]", "immediate: [rest]", 'unknown treatment "rest"'),
        Failing("red_flags.yaml", "[hip_fracture]", "[fracture]", 'unknown condition "fracture"'),
        Failing("red_flags.yaml", "[recent_fall, {", "[recent_falls, {", 'unknown finding "recent_falls"'),
        Failing("red_flags.yaml", "{rule: rf_fever}", "{rule: rf_fver}", 'unknown red flag "rf_fver"; did you'),
        Failing("red_flags.yaml", "id: temperature_c", "id: temp", 'unknown measurement "temp"'),
        Failing(
            COMPOSITES,
            "for_conditions: [hip_fracture]\n  reference: gluteal_tendinopathy\n  replaces: [d",
            "for_conditions: [hip]\n  reference: gluteal_tendinopathy\n  replaces: [d",
            'unknown condition "hip"',
        ),
        Failing(COMPOSITES, "{absent: gradual_onset}", "{absent: gradual}", 'unknown finding "gradual"'),
        Failing(COMPOSITES, "[two_signs]", "[two_sings]", 'unknown composite "two_sings"; did you mean'),
        Failing(COMPOSITES, "red_flag: rf_fall", "red_flag: rf_fell", 'unknown red flag "rf_fell"; did you mean'),
        Failing(COMPOSITES, "finding: difficulty_walking", "finding: walking", 'unknown finding "walking"'),
        Failing("scope.yaml", "[lateral_pain,", "[lateral_pian,", 'unknown finding "lateral_pian"; did you mean'),
        Failing("treatments.yaml", "id: pain_nprs", "id: pain", 'unknown measurement "pain"'),
        Failing("findings.csv", "temperature_c at_least", "heat at_least", 'unknown measurement "heat"'),
        Failing("findings.csv", ",,difficulty_walking,,", ",,limping,,", 'unknown finding "limping"'),
    ],
    "presentation_evidence_names_a_presentation": [
        Failing(GLUTEAL, "  runner:\n", "  runer:\n", 'unknown presentation "runer"; did you mean "runner"?')
    ],
    "statements_have_a_source": [
        Failing(GLUTEAL, ", estimate: no reason for fever", "", "neither cited nor marked estimate", at="  fever: {"),
        Failing(GLUTEAL, "  estimate: peak after 45\n", "", "neither cited nor marked estimate", at="prior:"),
        Failing(GLUTEAL, 'it", citations: [mellor_2018]}', 'it"}', "neither cited nor marked", at="  lateral_pain: {"),
        Failing(
            GLUTEAL,
            'it", citations: [mellor_2018]}',
            'it", estimate: null}',
            "neither cited nor marked",
            at="  lateral_pain: {",
        ),
        Failing("red_flags.yaml", "  citations: [nice_cg124]\n", "", "neither cited nor", at="- id: rf_fall"),
    ],
    "probabilities_lie_in_their_range": [
        Failing(GLUTEAL, "p: 0.95", "p: 0.85", "p 0.85 is outside its range 0.9 to 0.98"),
        Failing(GLUTEAL, "p: 0.9,", "p: 0.75,", "p 0.75 is outside its range 0.8 to 0.97"),
    ],
    "measurements_have_a_span": [
        Failing("measurements.yaml", "maximum: 10", "maximum: 0", "minimum must be below", at="- id: pain_nprs")
    ],
    "rules_leave_age_and_sex_to_their_own_words": [
        Failing("red_flags.yaml", "[recent_fall, {", "[age_over_70, {", '"age_over_70" follows from age or sex'),
        Failing(
            COMPOSITES, "{absent: gradual_onset}", "{absent: age_over_70}", '"age_over_70" follows from age or sex'
        ),
    ],
    "rules_can_fire": [
        Failing("red_flags.yaml", "{below: 16}", "{from: 16, below: 16}", "this rule can never be true"),
        Failing("red_flags.yaml", "{rule: rf_fever}", "{rule: pop_child}", "this rule can never be true"),
        Failing("safety_net.yaml", "{sex: female}", "{sex: female}, {sex: male}", "this rule can never be true"),
    ],
    "implications_have_no_circle": [
        Failing(
            "findings.csv",
            "0.4,0.3,weight_bearing,,,,",
            "0.4,0.3,weight_bearing,,cannot_bear_weight,,",
            '"difficulty_walking" implies itself',
        )
    ],
    "implied_findings_are_not_contradicted": [
        Failing(
            "findings.csv",
            ",,difficulty_walking,,",
            ",,difficulty_walking,difficulty_walking,",
            '"cannot_bear_weight" both implies and contradicts "difficulty_walking"',
        )
    ],
    "exclusive_groups_have_two_members": [
        Failing(
            "findings.csv",
            "0.3,0.5,onset,onset_tempo",
            "0.3,0.5,onset,",
            'exclusive group "onset_tempo" has one member',
            at="gradual_onset,symptom",
        )
    ],
    "conditions_can_be_reached": [
        Failing(FRACTURE, "{45: 1, 85: 60}", "{45: 0, 85: 0}", "the prior is zero at every age", at="prior:"),
        Failing(GLUTEAL, "to_age: 120", "to_age: 12", "from_age must be below to_age"),
        Failing(GLUTEAL, "{from_age: 16, to_age: 120", "{from_age: 2, to_age: 12", "the prior is zero", at="prior:"),
    ],
    "must_not_miss_has_a_threshold": [
        Failing(FRACTURE, "threshold: 0.03", "threshold: null", "must_not_miss needs a threshold", at="must_not_miss:")
    ],
    "immediate_measures_are_immediate": [
        Failing(FRACTURE, "immediate: [do_not_walk_on_it]", "immediate: [exercise]", '"exercise" is not of kind')
    ],
    "ladders_start_conservatively": [
        Failing(GLUTEAL, "treatment: education", "treatment: injection", 'the ladder starts with "injection"')
    ],
    "ladders_climb": [
        Failing(
            GLUTEAL,
            "education\n    rung: 1",
            "education\n    rung: 3",
            "rung 2 comes after rung 3",
            at="- treatment: exercise",
        )
    ],
    "ladders_are_explained": [
        Failing(FRACTURE, "ladder_note: A hospital decides first.", "ladder_note: null", "an empty, supervised or")
    ],
    "conflicts_are_told": [
        Failing(
            "treatments.yaml",
            "how: One at most.\n  strength: moderate",
            "how: One at most.\n  strength: conflicting",
            "conflicting, but positions do not say who says what",
            at="strength: conflicting",
        )
    ],
    "composite_parts_are_named_once": [
        Failing(
            COMPOSITES,
            "id: short_leg",
            "id: not_gradual",
            '"not_gradual" is here twice',
            at="- id: not_gradual\n      name: S",
        ),
        Failing(
            COMPOSITES, "use_when: {parts: [cannot", "use_when: {parts: [x, cannot", '"x" is no part of this score'
        ),
    ],
    "missing_parts_are_not_in_the_vocabulary": [
        Failing(COMPOSITES, "id: short_leg", "id: acute_onset", '"acute_onset" can be asked, so the part needs a rule')
    ],
    "bands_cover_the_scale": [
        Failing(
            COMPOSITES, "[{at_least: 0, lr", "[{at_least: 1, lr", "the first band starts at 1, the lowest score is 0"
        ),
        Failing(COMPOSITES, "{at_least: 3, lr: 4", "{at_least: 6, lr: 4", "bands must rise from 0 to 5 at most"),
        Failing(COMPOSITES, "{at_least: 1, lr: 3", "{at_least: -1, lr: 3", "bands must rise from -1 to 1 at most"),
        Failing(COMPOSITES, "walking, at_least: 3", "walking, at_least: 2", "its score must be the start of a band"),
    ],
    "references_are_other_conditions": [
        Failing(
            COMPOSITES,
            "gluteal_tendinopathy\n  replaces: [d",
            "hip_fracture\n  replaces: [d",
            "a score compares its conditions with another one",
        )
    ],
    "vocabulary_findings_are_replaced": [
        Failing(
            COMPOSITES,
            "replaces: [difficulty_walking, ",
            "replaces: [",
            '"difficulty_walking" would be counted twice',
            at="vocabulary_finding: {",
        )
    ],
    "gates_keep_their_evidence": [
        Failing(
            COMPOSITES, "[difficulty_walking, c", "[recent_fall, difficulty_walking, c", '"recent_fall" opens the gate'
        )
    ],
    "scores_count_nothing_twice": [
        Failing(
            COMPOSITES,
            "instead_of: [two_signs]",
            "instead_of: []",
            'of "broken_hip_score" and "two_signs" exactly one',
            at="- id: two_signs",
        )
    ],
    "outcome_measures_are_measurements": [
        Failing(
            OUTCOMES,
            "maximum: 10\n",
            "maximum: 11\n",
            'there is no measurement "pain_nprs" of the same range',
            at="- id: pain_nprs",
        )
    ],
    "outcome_items_are_named_once": [
        Failing(OUTCOMES, "{id: b, name: Worst", "{id: a, name: Worst", "an item is here twice", at="scales:")
    ],
    "outcome_scales_can_be_scored": [
        Failing(
            OUTCOMES,
            "      least_answered: 1",
            "      least_answered: 3",
            "least_answered is more than there are items",
            at="- id: pain\n",
        ),
        Failing(OUTCOMES, "minimum: 0, maximum: 4}", "minimum: 4, maximum: 4}", "minimum must be", at="- id: pain\n"),
        Failing(OUTCOMES, "method: mean", "method: sum", "a sum needs all of its items", at="- id: pain\n"),
    ],
    "outcome_sums_span_the_range": [
        Failing(
            OUTCOMES, "method: mean", "method: sum", "the items sum up from 0 to 8, not over the range", at="scales:"
        ),
        Failing(OUTCOMES, "[25, 45]", "[25, 30, 45]", "a table has one entry for every sum of whole items from 0 on"),
        Failing(OUTCOMES, "method: table", "method: mean", "only the method table has one", at="table: [25"),
    ],
}


def test_every_check_has_an_example_and_every_example_a_check() -> None:
    assert list(EXAMPLES) == [check.__name__ for check in content_checks.CHECKS]


@pytest.mark.parametrize("example", list(chain.from_iterable(EXAMPLES.values())), ids=lambda example: example.problem)
def test_a_failing_example_is_reported_where_it_stands(edit: Edit, example: Failing) -> None:
    directory = edit(example.file, example.old, example.new)

    with pytest.raises(InvalidInput) as error:
        read_content(directory)

    problems = [problem.detail for problem in error.value.problems]
    assert any(problem.startswith(example.expected(directory)) for problem in problems), problems


def test_a_ladder_may_start_high_where_a_note_says_why(edit: Edit) -> None:
    edit(GLUTEAL, "treatment: education\n", "treatment: injection\n")
    directory = edit(GLUTEAL, "ladder_note: null", "ladder_note: Nothing else is known to help.")
    assert read_content(directory).conditions[0].ladder[0].treatment == "injection"


def test_the_scale_is_the_sum_of_what_is_added_and_of_what_is_taken_away(content_directory: Path) -> None:
    composites = read_content(content_directory).composites
    assert {composite.id: scale(composite) for composite in composites} == {
        "broken_hip_score": (0, 5),
        "two_signs": (-1, 1),
    }


def test_an_unknown_id_far_from_every_known_one_gets_no_hint() -> None:
    assert content_checks.unknown("finding", "zzzzzzzz", ["fever"]) == 'unknown finding "zzzzzzzz"'
