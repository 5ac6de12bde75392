"""What to read: the exercises and programmes of one release, ordered by their public id."""

from typing import TYPE_CHECKING

from django.db.models import Prefetch, QuerySet

from .models import Exercise, GeneralRule, Phase, PhaseExercise, Precaution, Programme, StartingRule

if TYPE_CHECKING:
    from conditions.models import Release


def general_rules(release: "Release") -> QuerySet[GeneralRule]:
    """The rules that hold for every exercise."""
    return GeneralRule.objects.filter(release=release).order_by("key")


def exercises(release: "Release") -> QuerySet[Exercise]:
    return Exercise.objects.filter(release=release).order_by("key")


def starting_rules(release: "Release") -> QuerySet[StartingRule]:
    """What decides where somebody begins."""
    return StartingRule.objects.filter(release=release).order_by("key")


def precautions(release: "Release") -> QuerySet[Precaution]:
    """What each condition forbids in any programme."""
    return Precaution.objects.filter(release=release).order_by("key")


def programmes(release: "Release") -> QuerySet[Programme]:
    """The programmes without what hangs on them."""
    return Programme.objects.filter(release=release).order_by("key")


def programmes_with_phases(release: "Release") -> QuerySet[Programme]:
    """The programmes with their phases and exercises, in three queries however many there are."""
    entries = PhaseExercise.objects.select_related("exercise").order_by("position")
    phases = Phase.objects.order_by("position").prefetch_related(Prefetch("exercises", entries))
    return programmes(release).prefetch_related(Prefetch("phases", phases))
