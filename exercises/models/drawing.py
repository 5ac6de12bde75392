"""Line drawings of the exercises."""

from django.db import models
from django.db.models import CheckConstraint, Q

from conditions.constraints import key_unique_in_release

from .exercise import Exercise
from .row import KeyedRow


class Drawing(KeyedRow):
    """The drawing of the exercise with the same key, as `exercises.drawings.schema` describes it; `alt` in words."""

    exercise = models.OneToOneField(Exercise, on_delete=models.CASCADE, related_name="drawing")
    alt = models.TextField()
    layout = models.CharField(max_length=20)
    view = models.JSONField()
    props = models.JSONField(default=list, blank=True)
    panels = models.JSONField()

    class Meta:
        ordering = ["key"]
        constraints = [
            key_unique_in_release("drawing"),
            CheckConstraint(condition=~Q(alt=""), name="drawing_has_alt"),
        ]
