"""Programmes: exercises in phases."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from conditions.constraints import addressed_with_release, has_source, key_unique_in_release, one_of

from .choices import Supervision
from .exercise import Exercise
from .row import KeyedRow, ReleaseRow


class Programme(KeyedRow):
    """A programme for people with the conditions whose ids are in `conditions`.

    `stop_rules` say when pain is too much, `precautions` what to avoid: objects of `text` and its sources. A programme
    without phases gives no exercises; its `note` says why. The first of `starts` that fits says with which `phase`
    (from 1) somebody begins; without one it is the first. `limits` say with which condition it ends early.
    """

    name = models.CharField(max_length=200)
    purpose = models.TextField()
    conditions = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    supervision = models.CharField(max_length=20, choices=Supervision)
    note = models.TextField(blank=True)
    stop_rules = models.JSONField()
    precautions = models.JSONField(default=list, blank=True)
    starts = models.JSONField(default=list, blank=True)
    limits = models.JSONField(default=list, blank=True)
    citations = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    estimate = models.TextField(blank=True)

    class Meta:
        ordering = ["key"]
        constraints = [
            key_unique_in_release("programme"),
            addressed_with_release("programme"),
            one_of("programme", "supervision", Supervision),
            CheckConstraint(condition=~Q(stop_rules=[]), name="programme_has_stop_rules"),
            has_source("programme"),
        ]


class Phase(ReleaseRow):
    """A part of a programme, `position` counted from 1, from week to week; open-ended without `to_week`.

    `times_per_week`, `{from, to}`, says `frequency` in numbers.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="phases")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    from_week = models.FloatField()
    to_week = models.FloatField(null=True, blank=True)
    frequency = models.TextField()
    times_per_week = models.JSONField(null=True, blank=True)
    criteria_to_progress = models.TextField(blank=True)
    notes = models.TextField(blank=True)
    citations = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    estimate = models.TextField(blank=True)

    class Meta:
        ordering = ["programme__key", "position"]
        constraints = [
            addressed_with_release("phase"),
            UniqueConstraint(fields=["programme", "position"], name="phase_position_unique_in_programme"),
            CheckConstraint(condition=Q(from_week__gte=0), name="phase_from_week_not_negative"),
            CheckConstraint(condition=Q(to_week__gte=F("from_week")), name="phase_weeks_in_order"),
            has_source("phase"),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.position}"


class PhaseExercise(ReleaseRow):
    """An exercise of a phase, `position` counted from 1, with its dose there in words."""

    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="exercises")
    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="phases")
    position = models.PositiveSmallIntegerField()
    dose = models.TextField()

    class Meta:
        ordering = ["phase__programme__key", "phase__position", "position"]
        constraints = [
            UniqueConstraint(fields=["phase", "exercise"], name="phase_exercise_once_per_phase"),
            UniqueConstraint(fields=["phase", "position"], name="phase_exercise_position_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.exercise} in {self.phase}"
