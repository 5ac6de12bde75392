"""The exercise programme of the leading cause, built for one person.

It is given only with an open ladder, and not at all while a rule for every exercise forbids it. Phases begin at the
person's starting point and end where the cause says so; each exercise suits the person or is replaced.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from triage.engine import dose
from triage.engine.assessment import Ladder
from triage.engine.compiled import CompiledKnowledge
from triage.engine.exercise_choice import Choice, Chooser
from triage.engine.exercises import Phase, PhaseExercise, PhaseLimit, Programme
from triage.engine.knowledge import Condition
from triage.engine.plan import (
    DaySpan,
    EasierStep,
    ExerciseCard,
    ExerciseQuestion,
    PlannedExercise,
    PlannedPhase,
    ProgrammePlan,
    Replaced,
)
from triage.engine.rules import Facts, ones
from triage.engine.starting_point import Beginning, find_beginning, is_one_level_down, tell_beginning

DAYS_A_WEEK = 7

Built = tuple[ProgrammePlan | None, list[str]]
"""The programme, or none and why there is none."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A programme on its way to one person."""

    row: Programme
    beginning: Beginning
    limit: PhaseLimit | None
    chooser: Chooser

    @property
    def phases(self) -> list[tuple[int, Phase]]:
        """The phases that the person is given, with their numbers in the whole programme."""
        last = self.limit.last_phase if self.limit else len(self.row.phases)
        return list(enumerate(self.row.phases, start=1))[self.beginning.phase - 1 : last]


def build_programme(
    facts: Facts, ladder: Ladder, plausible: Sequence[tuple[float, Condition]], knowledge: CompiledKnowledge
) -> Built:
    """The programme of the most probable cause for this person, or none and why."""
    texts = knowledge.knowledge.policy.texts["programme"]
    if ladder["status"] != "open":
        return None, [ladder["reason"]]
    if stops := knowledge.exercise.stops.holding(facts):
        return None, stops
    causes = [condition for _, condition in plausible]
    compiled = knowledge.exercise.programmes.get(causes[0].programme or "")
    if compiled is None:
        return None, [texts["none"]]
    row = compiled.row
    limit = next((limit for limit in row.limits if limit.condition == causes[0].key), None)
    last = limit.last_phase if limit else len(row.phases)
    beginning = find_beginning(compiled, knowledge.exercise.starting_rules, last, facts)
    plan = Plan(row, beginning, limit, Chooser(facts, causes, knowledge))
    phases = list(_phases(plan, knowledge))
    if not any(phase["exercises"] for phase in phases):
        return None, [row.note or texts["nothing_left"]]
    return _tell(plan, phases, knowledge), []


def days_of(phases: Sequence[Phase], first: int) -> list[DaySpan]:
    """The days of each phase when the one with the number `first` (from 1) begins on day 0.

    A programme whose weeks begin at 1 numbers them: weeks 1 to 2 are two weeks. One that begins at 0 counts time gone
    by: from week 0 to 2 is two weeks, too. A phase lasts at least until the next one begins.
    """
    numbered = min((phase.from_week for phase in phases), default=0.0) >= 1
    offset = 1 if numbered else 0
    begins = [round(DAYS_A_WEEK * (phase.from_week - offset)) for phase in phases]
    ends = [None if phase.to_week is None else round(DAYS_A_WEEK * phase.to_week) - 1 for phase in phases]
    day_0 = begins[first - 1]
    until_next = [*begins[1:], 0]
    return [
        {"from": begin - day_0, "to": None if end is None else max(end, begin, following - 1) - day_0}
        for begin, end, following in zip(begins, ends, until_next, strict=True)
    ]


def _phases(plan: Plan, knowledge: CompiledKnowledge) -> Iterator[PlannedPhase]:
    days = days_of(plan.row.phases, plan.beginning.phase) if plan.row.phases else []
    for number, phase in plan.phases:
        down = number == plan.beginning.phase and is_one_level_down(plan.beginning)
        exercises, left_out = _exercises(phase, down, plan, knowledge)
        times = phase.times_per_week
        yield {
            "phase": number,
            "name": phase.name,
            "weeks": {"from": phase.from_week, "to": phase.to_week},
            "days": days[number - 1],
            "frequency": phase.frequency,
            "times_per_week": None if times is None else {"from": times["from"], "to": times["to"]},
            "exercises": exercises,
            "left_out": left_out,
            "criteria_to_progress": phase.criteria_to_progress,
            "notes": phase.notes,
        }


def _exercises(
    phase: Phase, down: bool, plan: Plan, knowledge: CompiledKnowledge
) -> tuple[list[PlannedExercise], list[Replaced]]:
    """The exercises of a phase, each once, and what is left out."""
    rule = plan.beginning.irritability.rule
    why_down = (rule.because,) if rule else ()
    chosen = [
        (entry, plan.chooser.choose(entry.exercise, one_level_down=down, why_down=why_down))
        for entry in phase.exercises
    ]
    taken = {entry.exercise for entry, choice in chosen if choice.exercise == entry.exercise}
    given: list[PlannedExercise] = []
    left_out: list[Replaced] = []
    for entry, choice in chosen:
        if choice.exercise == entry.exercise:
            given.append(_planned(entry, choice, knowledge))
        elif choice.exercise is None or choice.exercise in taken:
            left_out.append(_left_out(entry, choice, knowledge))
        else:
            taken.add(choice.exercise)
            given.append(_planned(entry, choice, knowledge))
    return given, left_out


def _planned(entry: PhaseExercise, choice: Choice, knowledge: CompiledKnowledge) -> PlannedExercise:
    assert choice.exercise is not None  # noqa: S101 - the caller has looked
    row = knowledge.exercise.exercises[choice.exercise].row
    itself = choice.exercise == entry.exercise
    return {
        "exercise": row.key,
        "name": row.name,
        "dose": entry.dose if itself else dose.in_words(row.dose, knowledge.knowledge.policy.texts["dose"]),
        "how": choice.how,
        "instead_of": None if itself else _replaced(entry, choice, knowledge),
    }


def _replaced(entry: PhaseExercise, choice: Choice, knowledge: CompiledKnowledge) -> Replaced:
    name = knowledge.exercise.exercises[entry.exercise].row.name
    return {"exercise": entry.exercise, "name": name, "because": list(choice.because)}


def _left_out(entry: PhaseExercise, choice: Choice, knowledge: CompiledKnowledge) -> Replaced:
    """An exercise that is not given; where its easier step is in the phase already, that is told, too."""
    left_out = _replaced(entry, choice, knowledge)
    if choice.exercise is not None:
        already = knowledge.knowledge.policy.texts["programme"]["already"]
        left_out["because"].append(already.format(name=knowledge.exercise.exercises[choice.exercise].row.name))
    return left_out


def _tell(plan: Plan, phases: list[PlannedPhase], knowledge: CompiledKnowledge) -> ProgrammePlan:
    row, chooser, exercise = plan.row, plan.chooser, knowledge.exercise
    keys = list(dict.fromkeys(entry["exercise"] for phase in phases for entry in phase["exercises"]))
    facts = chooser.facts
    questions = [
        exercise.stops.questions(facts),
        exercise.cautions.questions(facts),
        plan.beginning.irritability.questions,
        *(chooser.judge(key).questions for key in keys),
    ]
    cautions = exercise.cautions.holding(facts)
    open_bits = reduce(or_, questions, 0)
    careful = cautions or exercise.stops.undecided(facts) or exercise.cautions.undecided(facts)
    unsure = knowledge.knowledge.policy.texts["programme"]["unsure"]
    cut_short = plan.limit is not None and plan.limit.last_phase < len(row.phases)
    return {
        "id": row.key,
        "name": row.name,
        "purpose": row.purpose,
        "for": [condition.key for condition in chooser.plausible if condition.key in row.conditions],
        "supervision": row.supervision,
        "note": row.note,
        "status": "caution" if careful else "recommended",
        "cautions": cautions,
        "safety_questions": _questions(open_bits, knowledge),
        "starting_point": tell_beginning(plan.beginning, phases[0]["name"], unsure),
        "phases": phases,
        "ends_early": plan.limit.because if plan.limit and cut_short else None,
        "exercises": [_card(key, plan.chooser, knowledge) for key in keys],
        "stop_rules": list(row.stop_rules),
        "precautions": [*row.precautions, *(precaution.text for precaution in chooser.precautions)],
        "citations": list(row.citations),
    }


def _questions(bits: int, knowledge: CompiledKnowledge) -> list[ExerciseQuestion]:
    asked = [knowledge.findings[index] for index in ones(bits)]
    return [
        {"finding": f.key, "question": f.question, "who": "patient" if f.patient_can_answer else "clinician"}
        for f in asked
    ]


def _card(key: str, chooser: Chooser, knowledge: CompiledKnowledge) -> ExerciseCard:
    row, verdict = knowledge.exercise.exercises[key].row, chooser.judge(key)
    return {
        "id": key,
        "name": row.name,
        "position": row.position,
        "steps": list(row.steps),
        "equipment": list(row.equipment),
        "breathing": row.breathing,
        "effort": row.effort,
        "easier": _easier(key, chooser, knowledge),
        "status": "recommended" if verdict.status == "recommended" else "caution",
        "because": verdict.because,
        "ask_first": [knowledge.findings[index].key for index in ones(verdict.questions)],
    }


def _easier(key: str, chooser: Chooser, knowledge: CompiledKnowledge) -> EasierStep | None:
    """What to do when it is too much, unless that does not suit."""
    step = knowledge.exercise.exercises[key].row.regression
    if step is None:
        return None
    suits = step.exercise is not None and chooser.judge(step.exercise).status != "contraindicated"
    exercise = step.exercise if suits else None
    if exercise is None and step.how is None:
        return None
    return {
        "exercise": exercise,
        "name": knowledge.exercise.exercises[exercise].row.name if exercise else None,
        "how": step.how,
    }
