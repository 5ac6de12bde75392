"""How figures are written: percentages, intervals, Markdown tables."""

from collections.abc import Iterable, Sequence
from math import isnan

from triage.evaluation.rates import Rate


def percent(value: float) -> str:
    """A share as a percentage, a dash without a value."""
    return "-" if isnan(value) else f"{100 * value:.0f} %"


def with_interval(value: float, interval: tuple[float, float]) -> str:
    """A share and its 95 % interval."""
    if isnan(value):
        return "-"
    return f"{percent(value)} ({100 * interval[0]:.0f} to {100 * interval[1]:.0f})"


def rate(of: Rate) -> str:
    """A rate with its interval: `78 % (68 to 86)`."""
    return with_interval(of.value, of.interval)


def counted(of: Rate) -> str:
    """A rate with its counts and its interval: `60 of 77: 78 % (68 to 86)`."""
    return f"{of.hits} of {of.of}: {rate(of)}" if of.of else "none"


def decimal(value: float) -> str:
    """A number to three decimals, a dash without a value."""
    return "-" if isnan(value) else f"{value:.3f}"


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; the first column is to the left, the others to the right."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def text_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table of words: every column to the left."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")
