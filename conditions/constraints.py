"""The invariants that several knowledge tables share, as constraints with a name of their own. Other apps with release
rows use them too.
"""

from django.db.models import CheckConstraint, Q, TextChoices, UniqueConstraint


def key_unique_in_release(table: str) -> UniqueConstraint:
    """The public id names one row of a release."""
    return UniqueConstraint(fields=["release", "key"], name=f"{table}_key_unique_in_release")


def addressed_with_release(table: str) -> UniqueConstraint:
    """Lets other tables point at a row together with its release, so that no row points into another release."""
    return UniqueConstraint(fields=["release", "id"], name=f"{table}_addressed_with_release")


def open_probability(table: str, field: str) -> CheckConstraint:
    """Above 0 and below 1: nothing in medicine is certain, and a logarithm must exist."""
    return CheckConstraint(
        condition=Q(**{f"{field}__gt": 0, f"{field}__lt": 1}), name=f"{table}_{field}_is_open_probability"
    )


def one_of(table: str, field: str, choices: type[TextChoices], *, or_blank: bool = False) -> CheckConstraint:
    """Only the words of `choices`."""
    words = [*choices.values, *([""] if or_blank else [])]
    return CheckConstraint(condition=Q(**{f"{field}__in": words}), name=f"{table}_{field}_known")


def estimate_has_ground(table: str) -> CheckConstraint:
    """An estimate says what it rests on."""
    return CheckConstraint(condition=~Q(basis="estimate", ground=""), name=f"{table}_estimate_has_ground")


def has_source(table: str) -> CheckConstraint:
    """Either a citation or an estimate with its ground."""
    return CheckConstraint(condition=~Q(estimate="", citations=[]), name=f"{table}_has_source")
