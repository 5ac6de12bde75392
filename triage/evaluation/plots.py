"""The plots of the evaluation page, as SVG that is the same for the same figures.

They have a light ground of their own, so that they can be read on a dark page too. Text stays text.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from triage.engine.knowledge import LEVELS
from triage.evaluation import calibration, scoring
from triage.evaluation.aims import OWN
from triage.evaluation.calibration import Predictions
from triage.evaluation.run import Run
from triage.evaluation.scoring import Results

STYLE: dict[Any, Any] = {
    "svg.hashsalt": "hipcare",
    "svg.fonttype": "none",
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "figure.facecolor": "#fcfcfa",
    "axes.facecolor": "#fcfcfa",
    "savefig.facecolor": "#fcfcfa",
    "axes.spines.top": False,
    "axes.spines.right": False,
}
BLUE, ORANGE, GREY = "#22577a", "#b3541e", "#777777"


def plots(run: Run) -> dict[str, bytes]:
    """Every plot by its file name."""
    results = run.results[OWN]
    return {
        "ranks.svg": _drawn(_ranks, results, (7.0, 3.2)),
        "reliability.svg": _drawn(_reliability, results, (5.6, 5.6)),
        "urgency.svg": _drawn(_urgency, results, (5.6, 4.6)),
    }


def _drawn(draw: Callable[[Axes, Results], None], results: Results, inches: tuple[float, float]) -> bytes:
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=inches, layout="constrained")
        draw(figure.subplots(), results)
        file = BytesIO()
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    lines = file.getvalue().splitlines()
    return b"\n".join(line.rstrip() for line in lines) + b"\n"


def _ranks(axes: Axes, results: Results) -> None:
    """How many truths rank in each band."""
    counts = scoring.rank_counts(results)
    bars = axes.bar([name.replace(" by ", "\nby ") for name in counts], list(counts.values()), color=BLUE)
    axes.bar_label(bars, padding=2)
    axes.set_xlabel("rank of the truth")
    axes.set_ylabel("cases")


def _reliability(axes: Axes, results: Results) -> None:
    """Share true over probability, with 95 % intervals; the diagonal is perfect."""
    axes.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1, label="perfect")
    _calibration_curve(axes, calibration.accepted_together(results), "listed causes, accepted as one", BLUE)
    _calibration_curve(axes, calibration.first_causes(results), "first causes", ORANGE)
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), xlabel="probability given", ylabel="share true")
    axes.set_aspect("equal")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, frameon=False)


def _calibration_curve(axes: Axes, predictions: Predictions, label: str, colour: str) -> None:
    bins = calibration.reliability(predictions)
    share = np.array([b.true.value for b in bins])
    low, high = np.array([b.true.interval for b in bins]).reshape(-1, 2).T
    axes.errorbar(
        np.round([b.mean for b in bins], 4),
        share,
        yerr=np.abs(np.round([share - low, high - share], 4)),
        label=label,
        color=colour,
        marker="o",
        markersize=5,
        capsize=2,
        elinewidth=0.8,
    )


def _urgency(axes: Axes, results: Results) -> None:
    """Right urgency by answered urgency; on the diagonal they agree, left of it is under-triage."""
    counts = scoring.confusion(results)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.pcolormesh(shares, cmap="Blues", vmin=0, vmax=1, edgecolors="#fcfcfa", linewidth=1)
    for (row, column), count in np.ndenumerate(counts):
        ink = "white" if shares[row, column] > 0.5 else "black"
        axes.text(column + 0.5, row + 0.5, str(count), ha="center", va="center", color=ink)
    names = [level.replace("_", " ") for level in LEVELS]
    axes.set_xticks(np.arange(len(LEVELS)) + 0.5, names)
    axes.set_yticks(np.arange(len(LEVELS)) + 0.5, names)
    axes.set(xlabel="answered", ylabel="right")
    axes.tick_params(length=0)
