"""What the answers are to reach on cases that nobody has seen, beside what they reach here."""

from dataclasses import dataclass

from triage.evaluation import calibration, scoring, tables
from triage.evaluation.rates import Rate
from triage.evaluation.run import Arm, Run
from triage.evaluation.scoring import Results

OWN = Arm("own", "before")
"""What every figure without another note is of: the setting of the source, before imaging."""


@dataclass(frozen=True, slots=True)
class Aim:
    """An aim, the figure, and whether it is reached."""

    text: str
    figure: str
    reached: bool


def aims(run: Run) -> list[Aim]:
    """Every aim, in the setting of the source before imaging, over all cases."""
    results = run.results[OWN]
    first, three, _ = scoring.accuracy(results)
    emergencies = scoring.emergencies(results)
    too_low = Rate(len(scoring.below("same_day", emergencies)), len(emergencies))
    at_emergency = Rate(len(emergencies) - len(scoring.below("emergency", emergencies)), len(emergencies))
    benign = scoring.triage([result for result in results if result.vignette.is_benign]).over
    return [
        Aim("Truth first in at least 70 %", tables.counted(first), first.value >= 0.70),
        Aim("Truth among the first three in at least 90 %", tables.counted(three), three.value >= 0.90),
        Aim("No emergency below `same_day`", tables.counted(too_low), too_low.hits == 0),
        Aim("At least 95 % of emergencies at `emergency`", tables.counted(at_emergency), at_emergency.value >= 0.95),
        Aim("At most 15 % of benign cases over-triaged", tables.counted(benign), benign.value <= 0.15),
        *_calibrated(results),
    ]


def _calibrated(results: Results) -> list[Aim]:
    wanted = (("listed causes", calibration.listed_causes), ("first causes", calibration.first_causes))
    return [_calibrated_aim(name, of(results)) for name, of in wanted]


def _calibrated_aim(name: str, predictions: calibration.Predictions) -> Aim:
    error = calibration.expected_calibration_error(predictions)
    by_chance = tables.decimal(calibration.error_if_calibrated(predictions))
    return Aim(
        f"Expected calibration error of {name} at most 0.05",
        f"{tables.decimal(error)} ({by_chance} by chance alone if calibrated)",
        error <= 0.05,
    )
