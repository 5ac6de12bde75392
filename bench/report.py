"""What a run measured, and on which machine."""

import os
import platform
import socket
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One measure: the figure, the baseline's figure in the same run, their ratio, and what is aimed at."""

    what: str
    figure: str
    baseline: str
    ratio: float
    aim: str

    @property
    def line(self) -> str:
        """The row as a line of a Markdown table."""
        return f"| {self.what} | {self.figure} | {self.baseline} | {self.ratio:.2f} | {self.aim} |"


def machine() -> str:
    """The machine in one line."""
    model = next(
        (line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor() or platform.machine(),
    )
    return f"{os.cpu_count()} x {model}, Python {platform.python_version()}, {platform.system()}"


def table(rows: Iterable[Row]) -> str:
    """The rows as a Markdown table."""
    head = ["| measure | hipcare | baseline | ratio | aim |", "|---|---|---|---|---|"]
    return "\n".join([*head, *(row.line for row in rows)])


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _lines(name: str) -> list[str]:
    try:
        with open(name) as stream:  # noqa: PTH123 - not there on every system
            return stream.readlines()
    except OSError:
        return []
