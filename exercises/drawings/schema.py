"""The shape of a drawing: one or two panels with a posed figure, the things around it, and arrows for the movement.

Space has x to the right of the picture, y up and z towards the viewer; the floor is y = 0, and the middle of a panel
x = 0. A direction is an angle in the plane of the picture, in degrees (0 to the right, 90 up), or that angle and a
second one that turns it towards the viewer. Arrows are given as they are seen, in x and y.
"""

from typing import Annotated, Self

from pydantic import Field, model_validator

from conditions.content_schema import Entry, Id, Text

from .words import Joint, Layout, PropKind

Coordinate = Annotated[int | float, Field(ge=-200, le=200)]
Degrees = Annotated[int | float, Field(ge=-360, le=360)]
Direction = Degrees | tuple[Degrees, Degrees]
FlatPoint = tuple[Coordinate, Coordinate]
Point = FlatPoint | tuple[Coordinate, Coordinate, Coordinate]
Place = Point | Joint

ENDS_ELSEWHERE = frozenset(
    {
        PropKind.MAT,
        PropKind.BOX,
        PropKind.BED,
        PropKind.BAND,
        PropKind.RAIL,
        PropKind.STICK,
        PropKind.STRAP,
        PropKind.POOL,
    }
)
PANELS = {Layout.SINGLE: 1, Layout.WIDE: 1, Layout.COLUMNS: 2, Layout.ROWS: 2}


class Reach(Entry):
    """A limb whose hand or ankle is `at` a place; elbow or knee point to `bend`, else where they do by nature."""

    at: Place
    bend: Direction | None = None
    foot: Direction | None = None


Arm = tuple[Direction, Direction] | Reach
Leg = tuple[Direction, Direction] | tuple[Direction, Direction, Direction] | Reach


class Pose(Entry):
    """The directions of every segment, seen from the pelvis outwards.

    `at` puts one joint at a point. `right` is where the right side of the pelvis is; the shoulders are parallel to it
    unless `shoulders` says otherwise. Arms are upper arm and forearm, legs thigh, shin and foot; a foot left out is at
    a right angle to its shin. A left limb left out mirrors the right one.
    """

    at: Annotated[dict[Joint, Point], Field(min_length=1, max_length=1)]
    right: Direction = (0, 90)
    trunk: Direction
    upper_trunk: Direction | None = None
    head: Direction | None = None
    shoulders: Direction | None = None
    right_arm: Arm
    left_arm: Arm | None = None
    right_leg: Leg
    left_leg: Leg | None = None


class Prop(Entry):
    """A thing in the picture: `at` a place, and up `to` another where it has two ends or corners."""

    kind: PropKind
    at: Place
    to: Place | None = None
    turn: Degrees = 0

    @model_validator(mode="after")
    def _has_its_ends(self) -> Self:
        if (self.to is not None) != (self.kind in ENDS_ELSEWHERE):
            raise ValueError(f'a {self.kind} {"needs a" if self.to is None else "takes no"} "to"')
        return self


class Arrow(Entry):
    """A straight arrow through two points, or a curved one drawn towards the middle one of three."""

    path: tuple[FlatPoint, FlatPoint] | tuple[FlatPoint, FlatPoint, FlatPoint]
    both_ways: bool = False


class Panel(Entry):
    pose: Pose
    props: tuple[Prop, ...] = ()
    arrows: tuple[Arrow, ...] = ()


class View(Entry):
    """Where the viewer stands: turned round the figure and raised above it, in degrees."""

    turn: Degrees = 0
    tilt: Degrees = 0


class Drawing(Entry):
    """The picture of the exercise with the same id. `props` stand in every panel; `alt` says what is seen."""

    id: Id
    alt: Text
    layout: Layout
    view: View = View()
    props: tuple[Prop, ...] = ()
    panels: Annotated[tuple[Panel, ...], Field(min_length=1, max_length=2)]

    @model_validator(mode="after")
    def _panels_fill_the_layout(self) -> Self:
        if len(self.panels) != PANELS[self.layout]:
            raise ValueError("single and wide have one panel, rows and columns have two")
        return self
