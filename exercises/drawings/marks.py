"""What a drawing consists of once it is flat: lines, filled outlines and circles, in the coordinates of the picture."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

Flat = tuple[float, float]


class Ink(StrEnum):
    """The colours, each in its use. Near and far limbs differ in lightness, so that a print in grey says as much."""

    NEAR = "#1b2733"
    FAR = "#8b98a5"
    THING = "#5d6b78"
    GEAR = "#0a6b8a"
    ARROW = "#c8430a"
    GROUND = "#aab4be"


PAPER, SHADE = "#fff", "#e9edf1"


@dataclass(frozen=True)
class Line:
    """A line through points; `smooth` bends it towards the middle one of three. A halo keeps it off what is behind."""

    points: tuple[Flat, ...]
    ink: Ink
    width: float
    closed: bool = False
    smooth: bool = False
    fill: str = "none"
    halo: bool = False

    @property
    def reach(self) -> float:
        """How far its ink goes beyond its points."""
        return self.width / 2

    def svg(self) -> str:
        """The line as elements of SVG."""
        start, *rest = (f"{_number(x)} {_number(y)}" for x, y in self.points)
        path = f"M{start}Q{rest[0]} {rest[1]}" if self.smooth else f"M{start}L{' '.join(rest)}"
        path += "Z" if self.closed else ""
        halo = self._halo(path) if self.halo else ""
        filled = "" if self.fill == "none" else f' fill="{self.fill}"'
        return f'{halo}<path d="{path}" stroke="{self.ink}" stroke-width="{_number(self.width)}"{filled}/>'

    def _halo(self, path: str) -> str:
        """Paper beside the line, but not round its ends, so that a limb stays joined to the body."""
        return f'<path d="{path}" stroke="{PAPER}" stroke-width="{_number(self.width + 3)}" stroke-linecap="butt"/>'


@dataclass(frozen=True)
class Circle:
    """A circle, filled or not."""

    centre: Flat
    radius: float
    ink: Ink
    width: float
    fill: str = "none"

    @property
    def points(self) -> tuple[Flat, ...]:
        """Its middle."""
        return (self.centre,)

    @property
    def reach(self) -> float:
        """How far its ink goes beyond its middle."""
        return self.radius + self.width / 2

    def svg(self) -> str:
        """The circle as an element of SVG."""
        x, y = self.centre
        return (
            f'<circle cx="{_number(x)}" cy="{_number(y)}" r="{_number(self.radius)}" stroke="{self.ink}" '
            f'stroke-width="{_number(self.width)}" fill="{self.fill}"/>'
        )


Mark = Line | Circle


def line(points: Iterable[tuple[float, ...]], ink: Ink, width: float, **options: bool | str) -> Line:
    """A line through points of the picture, of which only x and y count."""
    return Line(tuple((where[0], where[1]) for where in points), ink, width, **options)  # type: ignore[arg-type]


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
