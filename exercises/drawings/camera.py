"""From space to the picture: a camera without perspective, and the frame of each panel."""

import math
from dataclasses import dataclass

from .schema import View
from .vectors import Vector
from .words import Layout

WIDTH, HEIGHT = 240, 180
FLOOR = 12.0  # of a panel, above its lower edge
FOREGROUND = 20.0  # of the floor before the middle, for which there is room when it is seen from above


@dataclass(frozen=True)
class Frame:
    """The rectangle of a panel in the picture, whose y points down."""

    left: float
    top: float
    width: float
    height: float

    def holds(self, x: float, y: float, margin: float) -> bool:
        """Whether a circle of radius `margin` around the point is inside."""
        return (
            self.left + margin <= x <= self.left + self.width - margin
            and self.top + margin <= y <= self.top + self.height - margin
        )

    def place(self, x: float, y: float) -> tuple[float, float]:
        """A point of the panel, x from its middle and y from its floor, in the picture."""
        return self.left + self.width / 2 + x, self.top + self.height - FLOOR - y


FRAMES = {
    Layout.SINGLE: (Frame(0, 0, WIDTH, HEIGHT),),
    Layout.WIDE: (Frame(0, HEIGHT / 4, WIDTH, HEIGHT / 2),),
    Layout.COLUMNS: (Frame(0, 0, WIDTH / 2, HEIGHT), Frame(WIDTH / 2, 0, WIDTH / 2, HEIGHT)),
    Layout.ROWS: (Frame(0, 0, WIDTH, HEIGHT / 2), Frame(0, HEIGHT / 2, WIDTH, HEIGHT / 2)),
}


@dataclass(frozen=True)
class Camera:
    """Looks at one panel's space from the view of the drawing."""

    view: View
    frame: Frame

    def see(self, where: Vector) -> Vector:
        """The point in the picture, with its nearness to the viewer as third number."""
        x, y, z = where
        turn, tilt = math.radians(self.view.turn), math.radians(self.view.tilt)
        across, depth = x * math.cos(turn) + z * math.sin(turn), z * math.cos(turn) - x * math.sin(turn)
        up, near = y * math.cos(tilt) - depth * math.sin(tilt), depth * math.cos(tilt) + y * math.sin(tilt)
        flat = self.frame.place(across, up + FOREGROUND * math.sin(tilt))
        return flat[0], flat[1], near
