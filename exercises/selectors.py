"""What to read: the exercises and programmes of one release, ordered by their public id."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.db.models import Prefetch, QuerySet

from conditions.content_rows import fields_of
from hipcare.errors import NotFound

from .drawings import schema
from .drawings.picture import render
from .models import Drawing, Exercise, GeneralRule, Phase, PhaseExercise, Precaution, Programme, StartingRule

if TYPE_CHECKING:
    from conditions.models import Release


def general_rules(release: "Release") -> QuerySet[GeneralRule]:
    """The rules that hold for every exercise."""
    return GeneralRule.objects.filter(release=release).order_by("key")


def exercises(release: "Release") -> QuerySet[Exercise]:
    """The exercises with their drawings; releases from before there were any have none."""
    return Exercise.objects.filter(release=release).select_related("drawing").order_by("key")


def drawings(release: "Release") -> QuerySet[Drawing]:
    return Drawing.objects.filter(release=release).order_by("key")


def picture_of(exercise: Exercise) -> str:
    """The drawing of the exercise as SVG. Raises NotFound in a release from before there were drawings."""
    row: Drawing | None = getattr(exercise, "drawing", None)
    if row is None:
        raise NotFound()
    return render(schema.Drawing.model_validate(fields_of(row, schema.Drawing)), exercise.name)


def pictures(release: "Release", titles: Mapping[str, str], translate: Callable[[str], str] = str) -> Mapping[str, str]:
    """The drawings of the exercises in `titles` as SVG, by id, with these titles and their descriptions translated."""
    rows = (schema.Drawing.model_validate(fields_of(row, schema.Drawing)) for row in drawings(release))
    return {
        row.id: render(row.model_copy(update={"alt": translate(row.alt)}), titles[row.id])
        for row in rows
        if row.id in titles
    }


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
    entries = PhaseExercise.objects.select_related("exercise__drawing").order_by("position")
    phases = Phase.objects.order_by("position").prefetch_related(Prefetch("exercises", entries))
    return programmes(release).prefetch_related(Prefetch("phases", phases))
