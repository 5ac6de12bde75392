"""The figure as marks: limbs and trunk from far to near, what is on the far side of the body in a lighter ink."""

from collections.abc import Iterator

from .camera import Camera
from .figure import HIP, SIDES, Skeleton, facing
from .marks import Circle, Ink, Line, Mark, line
from .vectors import Vector, along, dot, minus, normal
from .words import Joint

LIMB, TRUNK, HEAD = 6.0, 7.0, 9.0
NOSE, CHIN = 1.5, 3.0  # how far the nose stands out, and sits below the middle of the head
SLIMMER = 0.9  # the waist than the hips


def body(joints: Skeleton, camera: Camera) -> Iterator[Mark]:
    """The marks of the figure in the order in which they are drawn."""
    seen = {name: camera.see(where) for name, where in joints.items()}
    parts: list[tuple[float, list[Mark]]] = [(_nearness(seen, "pelvis", "waist", "neck"), [_trunk(seen)])]
    parts.append((_nearness(seen, "head"), list(_head(joints, seen, camera))))
    for side in SIDES:
        for names in (("shoulder", "elbow", "hand"), ("hip", "knee", "ankle", "toe")):
            full = [f"{side}_{name}" for name in names]
            parts.append((_nearness(seen, *full), [_limb(seen, full)]))
    for _, marks in sorted(parts, key=lambda part: part[0]):
        yield from marks


def _trunk(seen: dict[Joint, Vector]) -> Line:
    waist, pelvis = seen[Joint.WAIST], seen[Joint.PELVIS]
    left = along(waist, minus(seen[Joint.LEFT_HIP], pelvis), SLIMMER)
    right = along(waist, minus(seen[Joint.RIGHT_HIP], pelvis), SLIMMER)
    shoulders = seen[Joint.RIGHT_SHOULDER], seen[Joint.LEFT_SHOULDER]
    outline = (*shoulders, left, seen[Joint.LEFT_HIP], seen[Joint.RIGHT_HIP], right)
    return line(outline, Ink.NEAR, TRUNK, closed=True, fill=Ink.NEAR, halo=True)


def _head(joints: Skeleton, seen: dict[Joint, Vector], camera: Camera) -> Iterator[Mark]:
    """A circle with a nose that shows where the face is turned."""
    head = joints[Joint.HEAD]
    up, ahead = normal(minus(head, joints[Joint.NECK])), facing(joints)
    level = normal(along(ahead, up, -dot(ahead, up)))
    nose = along(along(head, up, -CHIN), level, HEAD + NOSE)
    yield line((seen[Joint.NECK], seen[Joint.HEAD]), Ink.NEAR, LIMB)
    yield line((seen[Joint.HEAD], camera.see(nose)), Ink.NEAR, 4)
    yield Circle((seen[Joint.HEAD][0], seen[Joint.HEAD][1]), HEAD, Ink.NEAR, 1, Ink.NEAR)


def _limb(seen: dict[Joint, Vector], names: list[str]) -> Line:
    points = [seen[Joint(name)] for name in names]
    behind = seen[Joint.PELVIS if "hip" in names[0] else Joint.NECK][2] - points[0][2] > HIP / 2
    return line(points, Ink.FAR if behind else Ink.NEAR, LIMB, halo=True)


def _nearness(seen: dict[Joint, Vector], *names: str) -> float:
    return sum(seen[Joint(name)][2] for name in names) / len(names)
