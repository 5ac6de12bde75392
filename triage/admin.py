"""The care coordinator's desk: the worklist of assessed people, most urgent first, and the publication of releases."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

import orjson
from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from conditions import selectors as conditions
from conditions.admin import ReleaseAdmin
from hipcare.errors import HipcareError
from partners.audited_admin import AuditedPages
from triage import selectors, worklist, worklist_admin
from triage.accuracy import accuracy_report
from triage.actions import publications, publishing
from triage.knowledge import current_knowledge
from triage.models import Assessment
from triage.models.review import WorklistState
from triage.trajectory import trajectory
from triage.trajectory_chart import chart
from triage.worklist_admin import UrgencyFilter, WorklistStateFilter

FLAGS_IN_THE_LIST = 2
HOURS_PER_DAY = 24
HOURS_PER_WEEK = 7 * HOURS_PER_DAY

admin.site.site_header = admin.site.site_title = "hipcare"


class RedFlaggedFilter(admin.SimpleListFilter):
    """People with a red flag, and the others."""

    title = "red flags"
    parameter_name = "red_flagged"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The two halves."""
        return [("yes", "With a red flag"), ("no", "Without")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Assessment]) -> QuerySet[Assessment]:
        """The half that was chosen."""
        match self.value():
            case "yes":
                return queryset.exclude(red_flags=[])
            case "no":
                return queryset.filter(red_flags=[])
        return queryset


@admin.register(Assessment)
class AssessmentAdmin(AuditedPages):
    """The worklist. Assessments are read here, never written; what has become of them is noted beside them."""

    audited_as = "assessment"
    actions = ["acknowledge", "take_in_progress", "open_again"]
    list_display = [
        *("level", "state", "reference", "flags", "leading_cause", "waiting"),
        *("created_at", "organisation"),
    ]
    list_filter = [
        *(WorklistStateFilter, UrgencyFilter, RedFlaggedFilter),
        *("status", "setting", "created_at", "organisation"),
    ]
    change_form_template = "admin/triage/assessment/change_form.html"
    list_select_related = ["organisation"]
    search_fields = ["=id"]
    search_help_text = "Assessment id or the partner's reference, exactly"
    date_hierarchy = "created_at"
    show_full_result_count = False
    readonly_fields = (
        "reference",
        "what_to_do",
        "follow_ups",
        "created_at",
        "organisation",
        "client",
        "setting",
        "release",
        "engine_version",
    )
    fields = readonly_fields

    class Media:
        css = {"all": ["triage/answer.css"]}

    def get_urls(self) -> list[URLPattern]:
        """With the page of the accuracy report, and where the buttons of a case lead."""
        accuracy, review = (self.admin_site.admin_view(view) for view in (self.accuracy, self.review))
        return [
            path("accuracy/", accuracy, name="triage_assessment_accuracy"),
            path("<uuid:assessment_id>/review/", review, name="triage_assessment_review"),
            *super().get_urls(),
        ]

    def has_review_permission(self, request: HttpRequest) -> bool:
        """Who may say what has become of a case."""
        return request.user.has_perm("triage.change_review")

    def review(self, request: HttpRequest, assessment_id: UUID) -> HttpResponse:
        """Note what has become of a case; a closed one leads back to the list."""
        if not (self.has_view_permission(request) and self.has_review_permission(request)):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        assessment = get_object_or_404(self.get_queryset(request), pk=assessment_id)
        changed = worklist_admin.change(request, assessment, request.POST)
        if changed and request.POST.get("state") == worklist.CLOSED:
            return HttpResponseRedirect(reverse("admin:triage_assessment_changelist"))
        return HttpResponseRedirect(reverse("admin:triage_assessment_change", args=[assessment_id]))

    def render_change_form(
        self, request: HttpRequest, context: Any, add: bool = False, change: bool = False, *rest: Any, **named: Any
    ) -> Any:
        """With where the case stands in the worklist."""
        assessment = context["original"]
        panel = worklist_admin.panel(assessment, may_change=self.has_review_permission(request))
        context["panel"] = panel | {"url": reverse("admin:triage_assessment_review", args=[assessment.pk])}
        return super().render_change_form(request, context, add, change, *rest, **named)

    @admin.action(description="Acknowledge selected", permissions=["review"])
    def acknowledge(self, request: HttpRequest, queryset: QuerySet[Assessment]) -> None:
        """Somebody has seen them."""
        self._set(request, queryset, WorklistState.ACKNOWLEDGED)

    @admin.action(description="Take selected in progress", permissions=["review"])
    def take_in_progress(self, request: HttpRequest, queryset: QuerySet[Assessment]) -> None:
        """Somebody is at it."""
        self._set(request, queryset, WorklistState.IN_PROGRESS)

    @admin.action(description="Open selected again", permissions=["review"])
    def open_again(self, request: HttpRequest, queryset: QuerySet[Assessment]) -> None:
        """Back to the list. Closing is done on the page of each, by who has read it."""
        self._set(request, queryset, WorklistState.OPEN)

    def _set(self, request: HttpRequest, queryset: QuerySet[Assessment], state: WorklistState) -> None:
        for assessment in queryset:
            worklist_admin.change(request, assessment, {"state": state.value})

    def accuracy(self, request: HttpRequest) -> HttpResponse:
        """How often answers were right, for those who may see the worklist."""
        return self.recorded(request, "accuracy_read", lambda: self._accuracy(request))

    def _accuracy(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        report = accuracy_report(selectors.standing_outcomes().iterator(chunk_size=500))
        context = {**self.admin_site.each_context(request), "title": "Accuracy report", "report": report}
        return TemplateResponse(request, "admin/triage/assessment/accuracy.html", context)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Assessment]:
        """With where each stands, without the columns that are never shown."""
        rows = selectors.with_worklist_state(super().get_queryset(request))
        return rows.defer("sealed_request", "sealed_answer")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Assessment], search_term: str
    ) -> tuple[QuerySet[Assessment], bool]:
        """By id as the admin does, and by the reference, which is kept encrypted and found by its digest."""
        by_id, may_have_duplicates = super().get_search_results(request, queryset, search_term)
        if not search_term:
            return by_id, may_have_duplicates
        found = Q(pk__in=by_id.values("pk")) | Q(reference_digest__in=selectors.reference_digests(search_term))
        return queryset.filter(found), may_have_duplicates

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """Most urgent first; in what is to do, who waits longest is before the others."""
        return worklist_admin.ordering(request.GET)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Assessments come from the engine."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Assessment | None = None) -> bool:
        """What was answered stays as it was answered."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Assessment | None = None) -> bool:
        """Erasure is the partner's, through the API."""
        return False

    @admin.display(description="urgency")
    def level(self, assessment: Assessment) -> SafeString:
        """How urgent it is to look."""
        level = assessment.urgency_now  # type: ignore[attr-defined]  # annotated
        return format_html(
            '<span class="hipcare-level hipcare-level-{}">{}</span>', level, Assessment.Urgency(level).label
        )

    @admin.display(description="state")
    def state(self, assessment: Assessment) -> str:
        """Where it stands in the worklist."""
        state = assessment.worklist_state  # type: ignore[attr-defined]  # annotated
        return str(WorklistState(state).label) if state else "-"

    @admin.display(description="how long ago")
    def waiting(self, assessment: Assessment) -> str:
        """The time since the assessment, in words."""
        return worklist_admin.waiting(assessment)

    @admin.display(description="red flags")
    def flags(self, assessment: Assessment) -> str:
        """The red flags that fired, the most urgent ones by name."""
        more = len(assessment.red_flags) - FLAGS_IN_THE_LIST
        named = ", ".join(_words(key) for key in assessment.red_flags[:FLAGS_IN_THE_LIST])
        return f"{named} and {more} more" if more > 0 else named

    @admin.display(description="leading cause")
    def leading_cause(self, assessment: Assessment) -> str:
        """The most probable cause."""
        return _words(assessment.causes[0]) if assessment.causes else ""

    @admin.display(description="what to do")
    def what_to_do(self, assessment: Assessment) -> SafeString:
        """The answer, most pressing part first."""
        return render_to_string("triage/answer.html", _told(orjson.loads(assessment.answer)))

    @admin.display(description="follow-ups")
    def follow_ups(self, assessment: Assessment) -> SafeString:
        """How the person has fared since: a chart, and every follow-up with its verdict, the last one first."""
        rows = list(selectors.follow_ups(assessment_id=assessment.pk))
        if not rows:
            return render_to_string("triage/follow_ups.html", {})
        course = trajectory(assessment, rows, current_knowledge())
        told = [orjson.loads(row.answer) for row in reversed(rows)]
        # The chart is made of our own elements, with what is written in it escaped.
        drawn = mark_safe(chart(course).decode())  # noqa: S308
        return render_to_string("triage/follow_ups.html", {"chart": drawn, "follow_ups": told})


def _told(answer: Mapping[str, Any]) -> dict[str, Any]:
    """What the template shows: the answer, its times and findings in words."""
    evidence = [line for c in answer["causes"] for line in c["evidence"]["supporting"] + c["evidence"]["opposing"]]
    names = {line["finding"]: line["name"] for line in evidence}
    return {
        "answer": answer,
        "level": Assessment.Urgency(answer["urgency"]["level"]).label,
        "when": _within(answer["urgency"]["within_hours"]),
        "red_flags": [
            flag
            | {
                "level": Assessment.Urgency(flag["urgency"]).label.lower(),
                "because": [names.get(key, _words(key)) for key in flag["matched"]],
            }
            for flag in answer["red_flags"]
        ],
        "safety_net": [item | {"when": _within(item["within_hours"])} for item in answer["safety_net"]],
    }


def _within(hours: int | None) -> str:
    """A time limit as people say it."""
    if hours is None:
        return ""
    for unit, length in (("weeks", HOURS_PER_WEEK), ("days", HOURS_PER_DAY), ("hours", 1)):
        if hours >= 2 * length:
            return f"within {hours // length} {unit}"
    return "within the hour" if hours else "now"


def _words(key: str) -> str:
    return key.replace("_", " ")


Release = apps.get_model("conditions", "Release")
admin.site.unregister(Release)


@admin.register(Release)
class WholeReleaseAdmin(ReleaseAdmin):
    """Releases, cloned and published whole: only this app has all of the knowledge in sight."""

    actions: tuple[str, ...] = ("clone_as_draft", "request_publication", "approve_publication", "make_current")
    list_display = (*ReleaseAdmin.list_display, "answers_now", "waits_for_approval")

    @admin.display(description="answers now", boolean=True)
    def answers_now(self, release: Any) -> bool:
        """Whether it is the current release."""
        return conditions.is_current(release)

    @admin.display(description="publication requested by")
    def waits_for_approval(self, release: Any) -> str:
        """Who has asked for its publication, while nobody else has approved."""
        return selectors.publication_requesters().get(release.pk, "")

    @admin.action(description="Clone as draft", permissions=["change"])
    def clone_as_draft(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """A draft `<version>-draft` of each chosen release, to be edited and published under a version of its own."""
        for release in queryset:
            self._attempt(request, partial(publishing.clone, release=release, version=f"{release.version}-draft"))

    @admin.action(description="Request publication", permissions=["change"])
    def request_publication(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Check each chosen draft, and ask for somebody else's approval of it as it is now."""
        for release in queryset:
            told = f"Release {release.version} waits for the approval of another person."
            self._attempt(request, partial(publications.request, release=release, by=_staff(request)), told)

    @admin.action(description="Approve and publish", permissions=["change"])
    def approve_publication(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Publish each chosen draft for which another person has asked."""
        for release in queryset:
            self._attempt(request, partial(publications.approve, release=release, by=_staff(request)))

    @admin.action(description="Make current", permissions=["change"])
    def make_current(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Answer with the chosen published release, whatever was published since."""
        if len(queryset) != 1:
            self.message_user(request, "Choose one release.", messages.ERROR)
            return
        for release in queryset:
            told = f"Release {release.version} is the current one."
            self._attempt(request, partial(publications.use, release=release, by=_staff(request)), told)

    def _attempt(self, request: HttpRequest, action: Callable[[], Any], told: str = "") -> None:
        """Do it and say what came of it."""
        try:
            release = action()
        except HipcareError as error:
            details = "; ".join(problem.detail for problem in error.problems) or error.detail
            self.message_user(request, details, messages.ERROR)
        else:
            self.message_user(request, told or f"Release {release.version} is {release.status}.", messages.SUCCESS)


def _staff(request: HttpRequest) -> str:
    return f"staff:{request.user.pk}"
