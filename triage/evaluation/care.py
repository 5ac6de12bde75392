"""The page on which a clinician reviews what is advised: a short section for every vignette."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from triage.engine import Case, CompiledKnowledge, assess
from triage.engine.assessment import Assessment, LadderEntry, Rung
from triage.engine.plan import PlannedPhase, ProgrammePlan
from triage.evaluation.vignettes import Vignette

MARKS = {"recommended": "", "caution": "(!) ", "contraindicated": "(x) "}
CAUSES_TOLD = 3
LONGEST_REASON = 90

HEAD = """# What is advised
For clinicians who review the content: the urgency, immediate measures, ladder, tips and programme of every development
vignette, before imaging, by the release and engine named here. Written by `manage.py print_care`.

A vignette answers few questions. Here every red-flag question that it leaves open, and every safety question that is
not about a complaint, is taken as answered with no: the ladder is that of a person who was asked.

Release {version}, engine {engine}. `(x)` contraindicated, `(!)` caution, with the reason in short; without a mark
recommended. `tried` was tried for its time and failed.
"""


def advise(case: Case, knowledge: CompiledKnowledge) -> Assessment:
    """The answer to the case once every open red-flag question, and safety question but complaints, is denied."""
    while True:
        answer = assess(case, knowledge)
        programme = answer["programme"]
        screen = [question["finding"] for question in answer["red_flag_screen"]["unanswered"]]
        safety = [
            question["finding"]
            for question in [
                *answer["ladder"]["safety_questions"],
                *(programme["safety_questions"] if programme else ()),
            ]
        ]
        # Complaints tell causes apart: denying them would give the ladder of somebody else.
        safety = [key for key in safety if knowledge.finding(key).kind != "symptom"]
        denied = {key for key in [*screen, *safety] if case.findings.get(key) != "absent"}
        if not denied:
            return answer
        case = replace(case, findings={**case.findings, **dict.fromkeys(sorted(denied), "absent")})


def render(cases: Sequence[tuple[Vignette, Assessment]], knowledge: CompiledKnowledge) -> str:
    """The page in Markdown; the same cases and release give the same text."""
    engine = cases[0][1]["engine_version"] if cases else ""
    ordered = sorted(cases, key=lambda case: case[0].id)
    sections = ["\n".join(_section(vignette, answer)) for vignette, answer in ordered]
    return "\n".join([HEAD.format(version=knowledge.knowledge.version, engine=engine), *sections]) + "\n"


def _section(vignette: Vignette, answer: Assessment) -> Iterator[str]:
    ladder, urgency = answer["ladder"], answer["urgency"]
    leading = answer["causes"][:CAUSES_TOLD]
    causes = ", ".join(f"{cause['condition']} {cause['probability']:.0%}" for cause in leading)
    yield f"## {vignette.id}"
    yield f"{vignette.synopsis}\n"
    yield f"- **Urgency** {urgency['level']}; true: {vignette.gold.diagnosis}; thought of: {causes or 'nothing'}"
    yield f"- **Ladder** {ladder['status']}: {ladder['reason']}"
    if ladder["immediate"]:
        yield f"- **Now** {' / '.join(_short(measure) for measure in ladder['immediate'])}"
    if ladder["safety_questions"]:
        asked = ", ".join(question["finding"] for question in ladder["safety_questions"])
        yield f"- **Ask first** {asked}"
    yield from (_rung(rung) for rung in ladder["rungs"])
    if answer["prevention"]:
        yield f"- **Tips** {', '.join(tip['id'] for tip in answer['prevention'])}"
    programme = answer["programme"]
    if programme is None:
        yield f"- **Programme** none: {'; '.join(ladder['no_programme'])}"
    else:
        yield from _programme(programme)
    yield ""


def _rung(rung: Rung) -> str:
    weeks = f", {rung['try_for_weeks']:g} weeks" if rung["try_for_weeks"] else ""
    return f"- **{rung['rung']} {rung['start']}**{weeks}: {', '.join(map(_item, rung['items']))}"


def _item(item: LadderEntry) -> str:
    tried = " tried" if item["tried"] else ""
    told = [_short(reason) for reason in item["because"] if not reason.startswith("Answer the open")]
    reasons = f" [{'; '.join(told)}]" if told else ""
    return f"{MARKS[item['status']]}{item['treatment']}{tried}{reasons}"


def _programme(programme: ProgrammePlan) -> Iterator[str]:
    start = programme["starting_point"]
    down = ", one level down" if start["one_level_down"] else ""
    yield f"- **Programme** {programme['id']}, {programme['status']}, from phase {start['phase']}{down}"
    marks = {card["id"]: MARKS[card["status"]] for card in programme["exercises"]}
    yield from (_phase(phase, marks) for phase in programme["phases"])


def _phase(phase: PlannedPhase, marks: dict[str, str]) -> str:
    given = [f"{marks[entry['exercise']]}{entry['exercise']}" for entry in phase["exercises"]]
    left_out: Iterable[str] = (f"not {left['exercise']}" for left in phase["left_out"])
    return f"  - {phase['phase']} {phase['name']}: {', '.join([*given, *left_out])}"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_REASON else f"{text[:LONGEST_REASON].rsplit(' ', 1)[0]} …"
