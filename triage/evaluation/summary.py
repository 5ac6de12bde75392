"""The evaluation for a terminal: a screenful, and what changed since a saved run."""

from collections.abc import Sequence

from triage.evaluation import scoring
from triage.evaluation.aims import aims
from triage.evaluation.run import ARMS, Arm, Run
from triage.evaluation.saved import SavedAnswer, SavedRun, changes
from triage.evaluation.tables import rate


def render(run: Run) -> str:
    """Accuracy in every setting and stage, and the aims."""
    header = ("setting", "stage", "cases", "n", "first", "first 3", "first 5")
    rows = [header, *(row for arm in ARMS for row in _rows(run, arm))]
    lines = [f"Release {run.release} {run.digest}, engine {run.engine_version}", "", *_aligned(rows), ""]
    lines += _aligned(
        [(_plain(aim.text), aim.figure, "reached" if aim.reached else "NOT REACHED") for aim in aims(run)]
    )
    return "\n".join(lines) + "\n"


def _rows(run: Run, arm: Arm) -> list[tuple[str, ...]]:
    results = run.results[arm]
    groups = (("all", results), ("clean", [result for result in results if result.vignette.clean]))
    return [
        (*arm, name, str(scoring.accuracy(group)[0].of), *(rate(of) for of in scoring.accuracy(group)))
        for name, group in groups
    ]


def render_changes(old: SavedRun, new: SavedRun) -> str:
    """One line for each vignette whose answer is another than in the old run."""
    found = changes(old, new)
    rows = [(change.vignette, change.stage, _short(change.old), "->", _short(change.new)) for change in found]
    head = f"{len(found)} answers changed since release {old.release} {old.digest}, engine {old.engine_version}"
    return "\n".join([head, *_aligned(rows)]) + "\n"


def _short(answer: SavedAnswer | None) -> str:
    if answer is None:
        return "not there"
    return f"rank {answer.rank or '-'}, {answer.urgency}, {answer.first_cause or 'no cause'}"


def _plain(text: str) -> str:
    return text.replace("`", "")


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
