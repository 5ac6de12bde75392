"""Arithmetic with points and directions in space."""

import math

Vector = tuple[float, float, float]


def along(start: Vector, direction: Vector, length: float) -> Vector:
    """The point reached from `start` by `length` times `direction`."""
    return start[0] + direction[0] * length, start[1] + direction[1] * length, start[2] + direction[2] * length


def minus(a: Vector, b: Vector) -> Vector:
    """The way from `b` to `a`."""
    return along(a, b, -1)


def times(a: Vector, factor: float) -> Vector:
    """`a`, longer by the factor."""
    return a[0] * factor, a[1] * factor, a[2] * factor


def dot(a: Vector, b: Vector) -> float:
    """The scalar product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Vector, b: Vector) -> Vector:
    """The vector product, at right angles to both."""
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def normal(a: Vector) -> Vector:
    """The direction of `a`, of length 1; no direction at all for one that has no length."""
    length = math.hypot(*a)
    return times(a, 1 / length) if length > 1e-9 else (0.0, 0.0, 0.0)
