"""Exercises and programmes in Django's admin. Rows of a draft can be edited; those of a published release are shown."""

from django.contrib import admin

from conditions.admin import FrozenWhenPublished

from . import models


@admin.register(models.GeneralRule)
class GeneralRuleAdmin(FrozenWhenPublished):
    list_display = ("key", "release", "effect", "because")
    list_filter = ("release", "effect")
    search_fields = ("key", "because")


@admin.register(models.Exercise)
class ExerciseAdmin(FrozenWhenPublished):
    list_display = ("key", "release", "name", "purpose")
    list_filter = ("release", "purpose")
    search_fields = ("key", "name")


@admin.register(models.Drawing)
class DrawingAdmin(FrozenWhenPublished):
    list_display = ("key", "release", "layout", "alt")
    list_filter = ("release", "layout")
    search_fields = ("key", "alt")
    raw_id_fields = ("exercise",)


@admin.register(models.Programme)
class ProgrammeAdmin(FrozenWhenPublished):
    list_display = ("key", "release", "name", "supervision")
    list_filter = ("release", "supervision")
    search_fields = ("key", "name", "purpose")


@admin.register(models.Precaution)
class PrecautionAdmin(FrozenWhenPublished):
    list_display = ("key", "release", "text")
    list_filter = ("release",)
    search_fields = ("key", "text")


@admin.register(models.StartingRule)
class StartingRuleAdmin(FrozenWhenPublished):
    list_display = ("key", "release", "decides", "level", "because")
    list_filter = ("release", "decides")
    search_fields = ("key", "because")


@admin.register(models.Phase)
class PhaseAdmin(FrozenWhenPublished):
    list_display = ("programme", "position", "name", "from_week", "to_week", "release")
    list_select_related = ("release", "programme")
    search_fields = ("programme__key", "name")
    raw_id_fields = ("programme",)


@admin.register(models.PhaseExercise)
class PhaseExerciseAdmin(FrozenWhenPublished):
    list_display = ("phase", "position", "exercise", "dose", "release")
    list_select_related = ("release", "phase__programme", "exercise")
    search_fields = ("phase__programme__key", "exercise__key")
    raw_id_fields = ("phase", "exercise")
