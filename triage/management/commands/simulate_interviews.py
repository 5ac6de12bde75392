"""`simulate_interviews`: how many questions an interview needs, answered from cases whose answers are known."""

import statistics
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hipcare.api.json import loads
from triage.engine import CompiledKnowledge
from triage.engine.case import Case, State
from triage.engine.causes import rank_conditions
from triage.engine.interview import FIRST, Standing, ranking_questions, read_standing, screen_questions
from triage.engine.rules import TRUE
from triage.engine.safety import RANK
from triage.evaluation.vignettes import DEVELOPMENT_VIGNETTES
from triage.management.published import published_knowledge
from triage.requests import read_request

RESPONDENTS = ("self", "clinician")
MOST_QUESTIONS = 60
"""Ranking questions after which an interview counts as not having got there."""
FEW_QUESTIONS = 15


@dataclass(frozen=True, slots=True)
class Interview:
    """How one interview went; question numbers count from the end of the first red-flag screen."""

    screen_questions: int
    red_flags_in_screen: int
    """Screen questions answered with present before the first ranking question."""
    red_flags_later: int
    """The same after it, where an answer opened the screen again."""
    first_reached: int
    """Ranking questions until the first three causes were those of all answers; MOST_QUESTIONS + 1 for never."""
    reached_for_good: int
    """The same, but from where on they stayed so."""
    emergency_in_screen: bool


class Command(BaseCommand):
    """Interview the cases of files and print what it took."""

    help = (
        "Simulate interviews on cases (JSONL) and print how many questions they need; unknown where a case is silent."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which cases."""
        parser.add_argument("files", nargs="*", type=Path, default=[DEVELOPMENT_VIGNETTES], metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        """One column for each kind of respondent."""
        knowledge = published_knowledge()
        try:
            lines = [line for path in options["files"] for line in path.read_bytes().splitlines() if line.strip()]
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from None
        documents = [loads(line) for line in lines]
        cases = [read_request(document.get("case", document), knowledge).case() for document in documents]
        if not cases:
            raise CommandError("There are no cases in these files.")
        columns = [
            [interview(case, knowledge.compiled, patient_answers=respondent == "self") for case in cases]
            for respondent in RESPONDENTS
        ]
        head = ["| measure | " + " | ".join(RESPONDENTS) + " |", "|---" * (1 + len(RESPONDENTS)) + "|"]
        rows = zip(*(_figures(column) for column in columns), strict=True)
        self.stdout.write("\n".join([*head, *(f"| {row[0][0]} | {' | '.join(v for _, v in row)} |" for row in rows)]))


def interview(whole: Case, knowledge: CompiledKnowledge, *, patient_answers: bool) -> Interview:
    """Ask until MOST_QUESTIONS ranking questions are asked or none is left, past any point where one would stop."""
    truth = read_standing(_known_to(whole, knowledge, patient_answers), knowledge, patient_answers=patient_answers)
    aim = _first_causes(truth)
    case = _start(truth.case, knowledge)
    screened, in_screen, later, emergency = 0, 0, 0, False
    agreed: list[bool] = []
    while len(agreed) <= MOST_QUESTIONS:
        standing = read_standing(case, knowledge, patient_answers=patient_answers)
        screening = screen_questions(standing, knowledge)
        emergency |= not agreed and RANK[standing.urgency["level"]] == RANK["emergency"]
        if screening:
            key = screening[0]
            screened += 1
            present = truth.answers.states.get(key) == TRUE
            in_screen, later = in_screen + (present and not agreed), later + (present and bool(agreed))
        else:
            agreed.append(_first_causes(standing) == aim)
            choice = ranking_questions(standing, knowledge)
            if not choice.keys:
                break
            key = choice.keys[0]
        case = _answer(case, key, truth, knowledge)
    return Interview(screened, in_screen, later, *_reached(agreed), emergency)


def _known_to(case: Case, knowledge: CompiledKnowledge, patient_answers: bool) -> Case:
    """What the respondent can know of the case."""
    if not patient_answers:
        return case
    own = {finding.key: finding for finding in knowledge.findings if finding.patient_can_answer}
    measured = {finding.threshold.measurement for finding in own.values() if finding.threshold}
    return replace(
        case,
        findings={key: state for key, state in case.findings.items() if key in own},
        measurements={key: value for key, value in case.measurements.items() if key in measured},
    )


def _start(case: Case, knowledge: CompiledKnowledge) -> Case:
    """Age, sex, side and the first symptom that is present."""
    symptoms = (
        k for k, state in case.findings.items() if state == "present" and knowledge.finding(k).kind == "symptom"
    )
    findings: dict[str, State] = dict.fromkeys(list(symptoms)[:1], "present")
    return replace(case, findings=findings, measurements={})


def _answer(case: Case, key: str, truth: Standing, knowledge: CompiledKnowledge) -> Case:
    """The case with one more answer: by the measurement that the finding derives from, where there is one."""
    threshold = knowledge.finding(key).threshold
    measurement = threshold.measurement if threshold else ""
    if measurement in truth.case.measurements and measurement not in case.measurements:
        return replace(case, measurements={**case.measurements, measurement: truth.case.measurements[measurement]})
    known = truth.answers.states.get(key)
    state: State = "unknown" if known is None else "present" if known == TRUE else "absent"
    return replace(case, findings={**case.findings, key: state})


def _first_causes(standing: Standing) -> set[int]:
    return set(rank_conditions(standing.cause)[:FIRST])


def _reached(agreed: list[bool]) -> tuple[int, int]:
    """After how many questions it was so for the first time, and from when on for good."""
    never = MOST_QUESTIONS + 1
    first = agreed.index(True) if True in agreed else never
    last_miss = max((place for place, agrees in enumerate(agreed) if not agrees), default=-1)
    return first, last_miss + 1 if agreed and agreed[-1] else never


def _figures(interviews: list[Interview]) -> Iterator[tuple[str, str]]:
    yield "cases", str(len(interviews))
    yield "of these an emergency by the end of the screen", str(sum(i.emergency_in_screen for i in interviews))
    yield "red-flag questions asked: quartiles", _quartiles([i.screen_questions for i in interviews])
    in_screen, later = (
        sum(n) for n in zip(*((i.red_flags_in_screen, i.red_flags_later) for i in interviews), strict=True)
    )
    yield "red flags present and asked for: before ranking questions, later", f"{in_screen}, {later}"
    for name, questions in (
        ("the first three causes are those of all answers", [i.first_reached for i in interviews]),
        ("they are so for good", [i.reached_for_good for i in interviews]),
    ):
        yield f"ranking questions until {name}: quartiles", _quartiles(questions)
        few = sum(n <= FEW_QUESTIONS for n in questions) / len(questions)
        yield f"share of cases within {FEW_QUESTIONS}", f"{few:.0%}"


def _quartiles(values: list[int]) -> str:
    cuts = statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else values * 3
    words = [f"{cut:g}" if cut <= MOST_QUESTIONS else f"over {MOST_QUESTIONS}" for cut in cuts]
    return "{}, **{}**, {}".format(*words)
