"""The cases to look at: each answer that is not the right one, with what led to it."""

from collections.abc import Iterator, Sequence

from triage.engine.assessment import WeighedFinding
from triage.evaluation import scoring
from triage.evaluation.run import RankedCause, Result
from triage.evaluation.scoring import Results
from triage.evaluation.tables import percent, text_table

TOLD_CAUSES = 3
TOLD_FINDINGS = 4

NOTE = """\
Each case whose truth does not come first, in the order of the files. For and against: the answers that moved a cause
most against all others, with their weight in log odds (0.7 doubles the odds); `not` before an absent finding."""


def render(results: Results) -> str:
    """Every case whose truth is not first."""
    missed = scoring.missed(results)
    return "\n\n".join([f"## Missed cases\n{NOTE}", *(_case(result) for result in missed)])


def triage_differences(results: Results) -> str:
    """Every case with another urgency than the right one, with what decided it."""
    rows = [
        (
            result.vignette.id,
            result.vignette.gold.primary or result.vignette.gold.diagnosis,
            f"`{result.vignette.gold.urgency}` ({result.vignette.gold.urgency_basis})",
            f"`{result.answer.urgency}`",
            _difference(result),
            ", ".join(f"{kind} `{key}`" for kind, key in result.answer.decided_by),
        )
        for result in sorted(results, key=scoring.steps_too_high)
        if scoring.steps_too_high(result) != 0
    ]
    head = ("Case", "Truth", "Right", "Answered", "", "Decided by")
    return f"Every case with another urgency than the right one:\n\n{text_table(head, rows)}" if rows else ""


def _difference(result: Result) -> str:
    if scoring.only_waits_for_screen(result):
        return "waits for screen"
    return "under" if scoring.steps_too_high(result) < 0 else "over"


def _case(result: Result) -> str:
    vignette, answer = result.vignette, result.answer
    gold = vignette.gold
    accepted = ", ".join(key for key in gold.conditions if key != gold.primary)
    head = [
        f"### {vignette.id}: {gold.primary}, {_ranked(result)}",
        vignette.synopsis,
        "",
        f'Source: {vignette.source.type.replace("_", " ")}, "{gold.diagnosis}".'
        + (f" Also accepted: {accepted}." if accepted else "")
        + ("" if vignette.clean else " Not clean.")
        + f" Urgency `{answer.urgency}`, right is `{gold.urgency}`; status `{answer.status}`.",
        "",
    ]
    rows = [_cause(place, cause, gold.conditions) for place, cause in _told(result)]
    return "\n".join([*head, text_table(("", "Cause", "Probability", "For", "Against"), rows)])


def _ranked(result: Result) -> str:
    return f"rank {result.rank}" if result.rank else scoring.RULED_OUT


def _told(result: Result) -> Iterator[tuple[int, RankedCause]]:
    """The first causes, and the truth if it is not among them."""
    for place, cause in enumerate(result.answer.causes, start=1):
        if place <= TOLD_CAUSES or place == result.rank:
            yield place, cause


def _cause(place: int, cause: RankedCause, accepted: Sequence[str]) -> tuple[object, ...]:
    name = f"**{cause.condition}**" if cause.condition in accepted else cause.condition
    probability = percent(cause.probability) if cause.probability >= 0.005 else "< 1 %"
    return place, name, probability, _weighed(cause.supporting), _weighed(cause.opposing)


def _weighed(findings: Sequence[WeighedFinding]) -> str:
    told = [
        f"{'not ' if finding['state'] == 'absent' else ''}{finding['finding']} {finding['weight']:+.1f}"
        for finding in findings[:TOLD_FINDINGS]
        if abs(finding["weight"]) >= 0.05
    ]
    return ", ".join(told)
