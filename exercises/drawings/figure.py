"""The figure: where the joints of a pose are. Every segment has one length in every drawing."""

import math
from collections.abc import Mapping

from .schema import Arm, Direction, Leg, Place, Point, Pose, Reach
from .vectors import Vector, along, cross, dot, minus, normal, times
from .words import Joint

Skeleton = Mapping[Joint, Vector]

SPINE = 24.0  # each half of the trunk
HEAD = 15.0  # from the base of the neck to the middle of the head
SHOULDER, HIP = 11.0, 6.5  # from the middle line
UPPER_ARM, FOREARM = 24.0, 24.0
THIGH, SHIN, FOOT = 37.0, 36.0, 13.0
SLACK = 1.5  # a limb that ends this much short of its place still looks as if it touched
MOST_BACKWARD_BEND = 12.0  # degrees

SIDES = ("right", "left")


class PoseError(ValueError):
    """A pose that nobody could take."""


def skeleton(pose: Pose) -> Skeleton:
    """Every joint of the pose. Raises PoseError where a limb does not reach its place or bends the wrong way."""
    across = unit(pose.right)
    joints: dict[Joint, Vector] = {Joint.PELVIS: (0.0, 0.0, 0.0)}
    _add_trunk(joints, pose, across)
    for side in SIDES:
        _add_by_direction(joints, pose, side, across)
    _move_to_anchor(joints, pose)
    for limb in ("leg", "arm"):
        for side in sorted(SIDES, key=lambda side: _leans_on_other(pose, side, limb)):
            _add_reaching(joints, pose, side, limb, across)
        _mirror_missing(joints, pose, limb, across)
        _add_middles(joints)
    _refuse_backward_knees(joints, across)
    return joints


def facing(joints: Skeleton) -> Vector:
    """Where the chest points to."""
    up = minus(joints[Joint.NECK], joints[Joint.WAIST])
    return normal(cross(up, minus(joints[Joint.RIGHT_SHOULDER], joints[Joint.LEFT_SHOULDER])))


def unit(direction: Direction) -> Vector:
    """The vector of length 1 that points there."""
    angle, out = direction if isinstance(direction, tuple) else (direction, 0)
    a, b = math.radians(angle), math.radians(out)
    return math.cos(a) * math.cos(b), math.sin(a) * math.cos(b), math.sin(b)


def point(place: Point, depth: float = 0.0) -> Vector:
    """The point in space; `depth` is its z if it has none."""
    x, y, *z = place
    return float(x), float(y), float(z[0]) if z else depth


def locate(place: Place, joints: Skeleton, depth: float = 0.0) -> Vector:
    """Where the place is: that of a joint, or a point."""
    if not isinstance(place, Joint):
        return point(place, depth)
    if place not in joints:
        raise PoseError(f'"{place}" cannot be reached for: its own place is not known yet')
    return joints[place]


def _add_trunk(joints: dict[Joint, Vector], pose: Pose, across: Vector) -> None:
    upper = pose.trunk if pose.upper_trunk is None else pose.upper_trunk
    shoulders = across if pose.shoulders is None else unit(pose.shoulders)
    joints[Joint.WAIST] = along(joints[Joint.PELVIS], unit(pose.trunk), SPINE)
    joints[Joint.NECK] = along(joints[Joint.WAIST], unit(upper), SPINE)
    joints[Joint.HEAD] = along(joints[Joint.NECK], unit(upper if pose.head is None else pose.head), HEAD)
    for side, sign in zip(SIDES, (1, -1), strict=True):
        joints[Joint(f"{side}_hip")] = along(joints[Joint.PELVIS], across, sign * HIP)
        joints[Joint(f"{side}_shoulder")] = along(joints[Joint.NECK], shoulders, sign * SHOULDER)


def _add_by_direction(joints: dict[Joint, Vector], pose: Pose, side: str, across: Vector) -> None:
    arm: Arm | None = getattr(pose, f"{side}_arm")
    if isinstance(arm, tuple):
        elbow = along(joints[Joint(f"{side}_shoulder")], unit(arm[0]), UPPER_ARM)
        joints[Joint(f"{side}_elbow")] = elbow
        joints[Joint(f"{side}_hand")] = along(elbow, unit(arm[1]), FOREARM)
    leg: Leg | None = getattr(pose, f"{side}_leg")
    if isinstance(leg, tuple):
        knee = along(joints[Joint(f"{side}_hip")], unit(leg[0]), THIGH)
        ankle = along(knee, unit(leg[1]), SHIN)
        joints[Joint(f"{side}_knee")], joints[Joint(f"{side}_ankle")] = knee, ankle
        _add_foot(joints, side, leg[2] if len(leg) > 2 else None, across)


def _add_foot(joints: dict[Joint, Vector], side: str, foot: Direction | None, across: Vector) -> None:
    knee, ankle = joints[Joint(f"{side}_knee")], joints[Joint(f"{side}_ankle")]
    forward = normal(cross(across, minus(ankle, knee))) if foot is None else unit(foot)
    joints[Joint(f"{side}_toe")] = along(ankle, forward, FOOT)


def _move_to_anchor(joints: dict[Joint, Vector], pose: Pose) -> None:
    ((anchor, place),) = pose.at.items()
    if anchor not in joints:
        raise PoseError(f'"{anchor}" cannot hold the figure: its own place depends on another')
    shift = minus(point(place, joints[anchor][2]), joints[anchor])
    for name, where in joints.items():
        joints[name] = along(where, shift, 1)


def _leans_on_other(pose: Pose, side: str, limb: str) -> bool:
    """Whether the limb reaches for a joint of the other side, which must be there first."""
    reach = getattr(pose, f"{side}_{limb}")
    return isinstance(reach, Reach) and isinstance(reach.at, Joint) and not reach.at.startswith(side)


def _add_reaching(joints: dict[Joint, Vector], pose: Pose, side: str, limb: str, across: Vector) -> None:
    reach = getattr(pose, f"{side}_{limb}")
    if not isinstance(reach, Reach):
        return
    root, middle, end, lengths = (
        (Joint(f"{side}_shoulder"), Joint(f"{side}_elbow"), Joint(f"{side}_hand"), (UPPER_ARM, FOREARM))
        if limb == "arm"
        else (Joint(f"{side}_hip"), Joint(f"{side}_knee"), Joint(f"{side}_ankle"), (THIGH, SHIN))
    )
    target = locate(reach.at, joints, joints[root][2])
    ahead = facing(joints) if limb == "leg" else times(facing(joints), -1)
    bend = ahead if reach.bend is None else unit(reach.bend)
    joints[middle], joints[end] = _two_bones(joints[root], target, lengths, bend, f"{side} {limb}")
    if limb == "leg":
        _add_foot(joints, side, reach.foot, across)


def _two_bones(
    root: Vector, target: Vector, lengths: tuple[float, float], bend: Vector, name: str
) -> tuple[Vector, Vector]:
    """Middle and end of two segments from `root` to `target`, the middle joint out towards `bend`."""
    first, second = lengths
    gap = math.dist(root, target)
    if not abs(first - second) < gap < first + second + SLACK:
        raise PoseError(f"the {name} has {gap:.0f} to go and reaches {first + second:.0f}")
    towards = normal(minus(target, root))
    forth = (first**2 - second**2 + gap**2) / (2 * gap)
    out = math.sqrt(max(first**2 - forth**2, 0.0))
    sideways = normal(along(bend, towards, -dot(bend, towards)))
    if not any(sideways) and out > SLACK:
        raise PoseError(f"the {name} cannot bend towards what it reaches for")
    middle = along(root, normal(along(times(towards, forth), sideways, out)), first)
    return middle, along(middle, normal(minus(target, middle)), second)


def _mirror_missing(joints: dict[Joint, Vector], pose: Pose, limb: str, across: Vector) -> None:
    if getattr(pose, f"left_{limb}") is not None:
        return
    root = joints[Joint.NECK if limb == "arm" else Joint.PELVIS]
    for part in ("elbow", "hand") if limb == "arm" else ("knee", "ankle", "toe"):
        where = joints[Joint(f"right_{part}")]
        joints[Joint(f"left_{part}")] = along(where, across, -2 * dot(minus(where, root), across))


def _add_middles(joints: dict[Joint, Vector]) -> None:
    for side in SIDES:
        for middle, (a, b) in {"thigh": ("hip", "knee"), "shin": ("knee", "ankle")}.items():
            start, end = joints[Joint(f"{side}_{a}")], joints[Joint(f"{side}_{b}")]
            joints[Joint(f"{side}_{middle}")] = along(start, minus(end, start), 0.5)


def _refuse_backward_knees(joints: Skeleton, across: Vector) -> None:
    for side in SIDES:
        hip, knee, ankle = (joints[Joint(f"{side}_{part}")] for part in ("hip", "knee", "ankle"))
        turn = dot(cross(minus(knee, hip), minus(ankle, knee)), across) / (THIGH * SHIN)
        if turn > math.sin(math.radians(MOST_BACKWARD_BEND)):
            raise PoseError(f"the {side} knee bends the wrong way")
