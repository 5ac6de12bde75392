"""The knowledge in Django's admin. Rows of a draft can be edited; those of a published release are shown only."""

from typing import Any, ClassVar, cast

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from . import models


class FrozenWhenPublished(admin.ModelAdmin):
    """A row whose release is published can be read, not changed or deleted."""

    list_filter: ClassVar[tuple[str, ...]] = ("release",)
    list_select_related: ClassVar[tuple[str, ...]] = ("release",)
    show_full_result_count = False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and not _is_frozen(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not _is_frozen(obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Rows are added to drafts only."""
        if db_field.name == "release":
            options["queryset"] = models.Release.objects.filter(status=models.Release.Status.DRAFT)
        return super().formfield_for_foreignkey(db_field, request, **options)


@admin.register(models.Release)
class ReleaseAdmin(admin.ModelAdmin):
    """Releases are loaded, cloned and published, never typed in; `triage` adds the actions for that."""

    list_display: tuple[str, ...] = ("version", "title", "status", "published_at")
    list_filter = ("status",)
    search_fields = ("version", "title")
    readonly_fields = ("status", "digest", "created_at", "published_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and not _is_frozen(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and obj is not None and not _is_frozen(obj)


@admin.register(models.Citation)
class CitationAdmin(FrozenWhenPublished):
    list_display = ("key", "release", "title", "year", "seen")
    list_filter = ("release", "seen")
    search_fields = ("key", "title", "doi", "pmid", "number")


@admin.register(models.Measurement)
class MeasurementAdmin(FrozenWhenPublished):
    list_display = ("key", "release", "name", "unit", "minimum", "maximum")
    search_fields = ("key", "name")


@admin.register(models.Finding)
class FindingAdmin(FrozenWhenPublished):
    list_display = ("key", "release", "kind", "name", "cost", "red_flag", "screen_rank")
    list_filter = ("release", "kind", "cost", "red_flag", "patient_can_answer")
    search_fields = ("key", "name", "question")


@admin.register(models.RedFlag)
class RedFlagAdmin(FrozenWhenPublished):
    list_display = ("key", "release", "kind", "title", "urgency")
    list_filter = ("release", "kind", "urgency")
    search_fields = ("key", "title", "action")


@admin.register(models.Composite)
class CompositeAdmin(FrozenWhenPublished):
    list_display = ("key", "release", "name", "version", "mode", "audience")
    list_filter = ("release", "mode", "audience")
    search_fields = ("key", "name", "population")


@admin.register(models.OutcomeMeasure)
class OutcomeMeasureAdmin(FrozenWhenPublished):
    list_display = ("key", "release", "name", "method", "minimum", "maximum", "best")
    search_fields = ("key", "name")


@admin.register(models.FollowUpTimer)
class FollowUpTimerAdmin(FrozenWhenPublished):
    list_display = ("key", "release", "name", "at_day", "trigger", "step")
    list_filter = ("release", "trigger", "step")
    search_fields = ("key", "name", "action")


@admin.register(models.SafetyNetItem)
class SafetyNetItemAdmin(FrozenWhenPublished):
    list_display = ("key", "release", "watch_for", "urgency")
    list_filter = ("release", "urgency")
    search_fields = ("key", "watch_for", "then")


@admin.register(models.PreventionTip)
class PreventionTipAdmin(FrozenWhenPublished):
    list_display = ("key", "release", "name", "verdict", "priority")
    list_filter = ("release", "verdict")
    search_fields = ("key", "name", "text")


@admin.register(models.TriedStep)
class TriedStepAdmin(FrozenWhenPublished):
    list_display = ("key", "release", "finding", "rung")
    list_filter = ("release", "rung")
    search_fields = ("key", "finding")


@admin.register(models.Treatment)
class TreatmentAdmin(FrozenWhenPublished):
    list_display = ("key", "release", "kind", "rung", "name", "strength")
    list_filter = ("release", "kind", "rung", "strength")
    search_fields = ("key", "name", "how")


@admin.register(models.Condition)
class ConditionAdmin(FrozenWhenPublished):
    list_display = ("key", "release", "name", "region", "family", "must_not_miss", "least_urgency")
    list_filter = ("release", "region", "family", "must_not_miss", "least_urgency", "ladder_start")
    search_fields = ("key", "name", "plain_name")


@admin.register(models.ConditionTreatment)
class ConditionTreatmentAdmin(FrozenWhenPublished):
    list_display = ("condition", "position", "rung", "treatment", "strength", "release")
    list_select_related = ("release", "condition", "treatment")
    list_filter = ("release", "rung", "strength")
    search_fields = ("condition__key", "treatment__key")
    raw_id_fields = ("condition", "treatment")


@admin.register(models.Presentation)
class PresentationAdmin(FrozenWhenPublished):
    list_display = ("condition", "key", "name", "release")
    list_select_related = ("release", "condition")
    search_fields = ("condition__key", "key", "name")
    raw_id_fields = ("condition",)


@admin.register(models.Prior)
class PriorAdmin(FrozenWhenPublished):
    list_display = ("condition", "female_to_male", "basis", "release")
    list_select_related = ("release", "condition")
    list_filter = ("release", "basis")
    search_fields = ("condition__key", "ground")
    raw_id_fields = ("condition",)


@admin.register(models.Evidence)
class EvidenceAdmin(FrozenWhenPublished):
    list_display = ("condition", "finding", "presentation", "probability", "low", "high", "basis", "release")
    list_select_related = ("release", "condition", "finding", "presentation")
    list_filter = ("release", "basis")
    search_fields = ("condition__key", "finding__key", "ground")
    raw_id_fields = ("condition", "presentation", "finding")


def _is_frozen(row: Model | None) -> bool:
    if row is None:
        return False
    release = row if isinstance(row, models.Release) else cast(models.ReleaseRow, row).release
    return release.is_frozen
