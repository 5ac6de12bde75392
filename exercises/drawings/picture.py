"""A drawing as SVG: `render` is the whole way from data to a picture, without anything but its arguments."""

import math
from collections.abc import Iterator
from itertools import chain
from xml.sax.saxutils import escape

from .body import body
from .camera import FRAMES, HEIGHT, WIDTH, Camera
from .figure import PoseError, skeleton
from .marks import PAPER, Flat, Ink, Line, Mark, line
from .props import IN_FRONT, MAT, floor, prop
from .schema import Arrow, Drawing, Panel
from .words import PropKind

BARB, SPREAD = 8.0, 28.0  # of an arrow's head: length, and degrees to either side
DIGITS: tuple[tuple[Flat, ...], ...] = (
    ((-2, -3), (1, -5), (1, 5)),
    ((-3, -3), (-2, -5), (2, -5), (3, -3), (3, -1), (-3, 5), (3, 5)),
)


def render(drawing: Drawing, title: str) -> str:
    """The SVG document. Raises PoseError where a pose cannot be taken."""
    name, numbered = drawing.id, len(drawing.panels) > 1
    marks = "".join(mark.svg() for mark in chain.from_iterable(panel_marks(drawing)))
    if numbered:
        marks += _divider(drawing).svg() + "".join(mark.svg() for mark in _numbers(drawing))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc"><title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(drawing.alt)}</desc><path fill="{PAPER}" d="M0 0H{WIDTH}V{HEIGHT}H0Z"/>'
        f'<g fill="none" stroke-linecap="round" stroke-linejoin="round">{marks}</g></svg>\n'
    )


def panel_marks(drawing: Drawing) -> Iterator[list[Mark]]:
    """The marks of each panel in the order in which they are drawn."""
    for panel, frame in zip(drawing.panels, FRAMES[drawing.layout], strict=True):
        yield list(_panel(drawing, panel, Camera(drawing.view, frame)))


def faults(drawing: Drawing) -> Iterator[tuple[int, str]]:
    """What is wrong with the panels: the index of each that cannot be drawn, and why."""
    for index, (panel, frame) in enumerate(zip(drawing.panels, FRAMES[drawing.layout], strict=True)):
        try:
            marks = list(_panel(drawing, panel, Camera(drawing.view, frame)))
        except PoseError as error:
            yield index, str(error)
        else:
            if not all(frame.holds(x, y, mark.reach) for mark in marks for x, y in mark.points):
                yield index, "something is outside of the picture"


def _panel(drawing: Drawing, panel: Panel, camera: Camera) -> Iterator[Mark]:
    joints = skeleton(panel.pose)
    things = (*drawing.props, *panel.props)
    on_mat = any(thing.kind == PropKind.MAT for thing in things)
    yield from floor(camera, MAT if on_mat else 0)
    for thing in things:
        if thing.kind not in IN_FRONT:
            yield from prop(thing, joints, camera)
    yield from body(joints, camera)
    for thing in things:
        if thing.kind in IN_FRONT:
            yield from prop(thing, joints, camera)
    for arrow in panel.arrows:
        yield from _arrow(arrow, camera)


def _arrow(arrow: Arrow, camera: Camera) -> Iterator[Mark]:
    points = tuple(camera.frame.place(x, y) for x, y in arrow.path)
    yield line(points, Ink.ARROW, 3, smooth=len(points) == 3, halo=True)
    yield _barbs(points[-2], points[-1])
    if arrow.both_ways:
        yield _barbs(points[1], points[0])


def _barbs(before: Flat, tip: Flat) -> Line:
    angle = math.degrees(math.atan2(before[1] - tip[1], before[0] - tip[0]))
    ends = []
    for side in (angle - SPREAD, angle + SPREAD):
        a = math.radians(side)
        ends.append((tip[0] + BARB * math.cos(a), tip[1] + BARB * math.sin(a)))
    return line((ends[0], tip, ends[1]), Ink.ARROW, 3)


def _divider(drawing: Drawing) -> Line:
    """A faint line between the panels."""
    second = FRAMES[drawing.layout][1]
    end = (second.left, HEIGHT - 6) if second.left else (WIDTH - 6, second.top)
    return line(((second.left or 6, second.top or 6), end), Ink.GROUND, 1)


def _numbers(drawing: Drawing) -> Iterator[Mark]:
    """Which panel comes first: a digit in the corner of each, drawn, so that no font is needed."""
    for frame, digit in zip(FRAMES[drawing.layout], DIGITS, strict=True):
        yield line(((frame.left + 11 + x, frame.top + 13 + y) for x, y in digit), Ink.THING, 2)
