"""The things around a figure as marks. Each knows what is behind the figure and what is in front of it."""

import math
from collections.abc import Callable, Iterator, Mapping

from .camera import Camera
from .figure import Skeleton, locate
from .marks import PAPER, SHADE, Circle, Ink, Mark, line
from .schema import Prop
from .vectors import Vector
from .words import PropKind

THIN, THICK = 2.0, 3.0
SEAT, BACK = 41.0, 84.0  # heights of a chair
SEAT_HALF = 15.0
MAT = 4.0
IN_FRONT = frozenset(
    {PropKind.BALL, PropKind.BAND, PropKind.STICK, PropKind.STRAP, PropKind.WEIGHT, PropKind.PLATE, PropKind.POOL}
)


def prop(thing: Prop, joints: Skeleton, camera: Camera) -> Iterator[Mark]:
    """The marks of the thing, in the order in which they are drawn."""
    at = locate(thing.at, joints)
    to = locate(thing.to, joints) if thing.to is not None else at
    return _DRAWN_BY[thing.kind](at, to, thing, camera)


def floor(camera: Camera, below: float) -> Iterator[Mark]:
    """A line through the panel, `below` the soles of the figure."""
    frame = camera.frame
    _, y = camera.frame.place(0, -below)
    yield line(((frame.left + 6, y), (frame.left + frame.width - 6, y)), Ink.GROUND, THIN)


def _box(at: Vector, to: Vector, thing: Prop, camera: Camera) -> Iterator[Mark]:
    yield from _cuboid(at, to, camera)


def _cuboid(at: Vector, to: Vector, camera: Camera) -> Iterator[Mark]:
    (x0, y0, z0), (x1, y1, z1) = at, to
    if z0 == z1:
        z0, z1 = -18.0, 18.0
    faces = [
        [(x, y0, z0), (x, y1, z0), (x, y1, z1), (x, y0, z1)] for x in (x0, x1)
    ] + [
        [(x0, y, z0), (x1, y, z0), (x1, y, z1), (x0, y, z1)] for y in (y0, y1)
    ] + [
        [(x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z)] for z in (z0, z1)
    ]  # fmt: skip
    seen = [[camera.see(corner) for corner in face] for face in faces]
    for face in sorted(seen, key=lambda face: sum(corner[2] for corner in face)):
        yield line(face, Ink.THING, THIN, closed=True, fill=SHADE)


def _mat(at: Vector, to: Vector, thing: Prop, camera: Camera) -> Iterator[Mark]:
    yield from _cuboid((at[0], at[1] - MAT, at[2]), to, camera)


def _bed(at: Vector, to: Vector, thing: Prop, camera: Camera) -> Iterator[Mark]:
    """From one lower corner on the floor to the opposite upper one; a mattress on legs."""
    for x in (at[0] + 4, to[0] - 4):
        yield from _poles(((x, at[1], at[2]), (x, to[1] - 8, at[2])), camera)
    yield from _cuboid((at[0], to[1] - 10, at[2]), to, camera)


def _chair(at: Vector, to: Vector, thing: Prop, camera: Camera) -> Iterator[Mark]:
    """The middle of the seat is above `at`; it looks where `turn` says: 0 to the right, 90 away, -90 to the viewer."""
    turn = math.radians(thing.turn)

    def corner(ahead: float, height: float, aside: float) -> Vector:
        x, z = ahead * math.cos(turn) + aside * math.sin(turn), aside * math.cos(turn) - ahead * math.sin(turn)
        return at[0] + x, at[1] + height, at[2] + z

    half = SEAT_HALF
    for aside in (-half, half):
        yield from _poles((corner(-half, 0, aside), corner(-half, BACK, aside)), camera)
        yield from _poles((corner(half, 0, aside), corner(half, SEAT, aside)), camera)
    back = [corner(-half, height, aside) for height, aside in ((BACK, -half), (BACK, half), (62, half), (62, -half))]
    seat = [corner(x, SEAT, z) for x, z in ((-half, -half), (half, -half), (half, half), (-half, half))]
    for outline in (back, seat):
        yield line((camera.see(where) for where in outline), Ink.THING, THICK, closed=True, fill=SHADE)


def _counter(at: Vector, to: Vector, thing: Prop, camera: Camera) -> Iterator[Mark]:
    """A worktop whose near edge is above `at`, its front to the right, or to the left when turned by 180."""
    x, height, depth = at
    sign = -1 if thing.turn == 180 else 1
    far = x - sign * 26
    yield from _cuboid((x - sign * 3, 0, depth - 18), (far, height - 4, depth + 18), camera)
    yield from _cuboid((x, height - 5, depth - 20), (far, height, depth + 20), camera)


def _rail(at: Vector, to: Vector, thing: Prop, camera: Camera) -> Iterator[Mark]:
    for end in (at, to):
        yield from _poles(((end[0], 0, end[2]), end), camera)
    yield from _poles((at, to), camera)


def _poles(ends: tuple[Vector, Vector], camera: Camera) -> Iterator[Mark]:
    yield line((camera.see(end) for end in ends), Ink.THING, THICK)


def _wall(at: Vector, to: Vector, thing: Prop, camera: Camera) -> Iterator[Mark]:
    """A wall seen from its edge, hatched on its far side: to the right, or to the left when turned by 180."""
    x, bottom, _ = camera.see(at)
    top, sign = camera.frame.top + 6, -1 if thing.turn == 180 else 1
    yield line(((x, bottom), (x, top)), Ink.THING, THICK)
    y = bottom - 4
    while y > top + 8:
        yield line(((x, y), (x + sign * 6, y - 6)), Ink.GROUND, THIN)
        y -= 12


def _band(at: Vector, to: Vector, thing: Prop, camera: Camera) -> Iterator[Mark]:
    """A loop round two joints."""
    (ax, ay, _), (bx, by, _) = camera.see(at), camera.see(to)
    length = math.hypot(bx - ax, by - ay) or 1.0
    ux, uy = (bx - ax) / length, (by - ay) / length
    outline = []
    for x, y, start in ((bx, by, -90), (ax, ay, 90)):
        for step in range(0, 181, 30):
            angle = math.radians(start + step)
            c, s = math.cos(angle) * 5.5, math.sin(angle) * 5.5
            outline.append((x + ux * c - uy * s, y + uy * c + ux * s))
    yield line(outline, Ink.GEAR, THICK, closed=True)


def _strap(at: Vector, to: Vector, thing: Prop, camera: Camera) -> Iterator[Mark]:
    yield line((camera.see(at), camera.see(to)), Ink.GEAR, THICK)


def _stick(at: Vector, to: Vector, thing: Prop, camera: Camera) -> Iterator[Mark]:
    """A walking stick from its handle down to its tip."""
    (x, y, _), tip = camera.see(at), camera.see(to)
    yield line((tip, (x, y)), Ink.GEAR, THICK)
    yield line(((x - 5, y), (x + 5, y)), Ink.GEAR, 4)


def _ball(at: Vector, to: Vector, thing: Prop, camera: Camera) -> Iterator[Mark]:
    x, y, _ = camera.see(at)
    yield Circle((x, y), 8, Ink.GEAR, THICK, PAPER)


def _cushion(at: Vector, to: Vector, thing: Prop, camera: Camera) -> Iterator[Mark]:
    x, y, _ = camera.see(at)
    outline = ((-14, -2), (-11, -5), (11, -5), (14, -2), (14, 2), (11, 5), (-11, 5), (-14, 2))
    yield line(((x + dx, y + dy) for dx, dy in outline), Ink.GEAR, THIN, closed=True, fill=SHADE)


def _weight(at: Vector, to: Vector, thing: Prop, camera: Camera) -> Iterator[Mark]:
    x, y, _ = camera.see(at)
    yield line(((x - 7, y), (x + 7, y)), Ink.GEAR, THICK)
    for end in (-7, 7):
        yield line(((x + end, y - 4), (x + end, y + 4)), Ink.GEAR, 5)


def _plate(at: Vector, to: Vector, thing: Prop, camera: Camera) -> Iterator[Mark]:
    """A slider under a foot."""
    x, y, _ = camera.see(at)
    yield line(((x - 8, y + 2), (x + 8, y + 2)), Ink.GEAR, 4)


def _pool(at: Vector, to: Vector, thing: Prop, camera: Camera) -> Iterator[Mark]:
    """The surface of water from one end to the other, in waves."""
    (x, y, _), (end, _, _) = camera.see(at), camera.see(to)
    while x + 16 <= end:
        yield line(((x, y), (x + 4, y - 6), (x + 8, y)), Ink.GEAR, THIN, smooth=True)
        yield line(((x + 8, y), (x + 12, y + 6), (x + 16, y)), Ink.GEAR, THIN, smooth=True)
        x += 16


def _bike(at: Vector, to: Vector, thing: Prop, camera: Camera) -> Iterator[Mark]:
    """An exercise bike that looks to the right; its cranks turn round `at`, 26 above the floor."""
    x, y = camera.see(at)[:2]
    ground = camera.frame.place(0, 0)[1]
    yield line(((x - 34, ground - 1), (x + 46, ground - 1)), Ink.THING, 4)
    yield Circle((x + 30, ground - 22), 17, Ink.THING, THICK, SHADE)
    yield line(((x, y), (x - 17, y - 44)), Ink.THING, THICK)
    yield line(((x - 28, y - 45), (x - 8, y - 45)), Ink.THING, 5)
    yield line(((x, y), (x + 30, ground - 22), (x + 26, y - 62)), Ink.THING, THICK)
    yield line(((x + 30, y - 66), (x + 20, y - 66)), Ink.THING, 4)
    yield line(((x, y), (x - 10, ground - 2)), Ink.THING, THICK)
    yield Circle((x, y), 6, Ink.THING, THIN, PAPER)


_Draw = Callable[[Vector, Vector, Prop, Camera], Iterator[Mark]]
_DRAWN_BY: Mapping[PropKind, _Draw] = {
    PropKind.BALL: _ball,
    PropKind.BAND: _band,
    PropKind.BED: _bed,
    PropKind.BIKE: _bike,
    PropKind.BOX: _box,
    PropKind.CHAIR: _chair,
    PropKind.COUNTER: _counter,
    PropKind.CUSHION: _cushion,
    PropKind.MAT: _mat,
    PropKind.PLATE: _plate,
    PropKind.POOL: _pool,
    PropKind.RAIL: _rail,
    PropKind.STICK: _stick,
    PropKind.STRAP: _strap,
    PropKind.WALL: _wall,
    PropKind.WEIGHT: _weight,
}
