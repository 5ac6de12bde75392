"""What the worklist needs in the admin: its filters, the state of a case in words, and the changes that staff make."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth import get_user_model
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest
from django.utils import timezone
from django.utils.timesince import timesince

from hipcare.errors import HipcareError
from triage import selectors, worklist
from triage.actions import reviews
from triage.models import Assessment, Review
from triage.review_requests import read_review

OPEN, EVERYTHING = Review.State.OPEN.value, "all"
VERBS = {
    "open": "Open again",
    "acknowledged": "Acknowledge",
    "in_progress": "Take in progress",
}
"""What the buttons say; closing has one of its own, with the resolution beside it."""


class WorklistStateFilter(admin.SimpleListFilter):
    """Where cases stand. Without a choice the open ones are shown; a search looks everywhere."""

    title = "state in the worklist"
    parameter_name = "worklist_state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The states, and everything there is."""
        return [*Review.State.choices, (EVERYTHING, "Every assessment")]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Without the usual `All`, which would say that nothing is filtered."""
        chosen = chosen_state(changelist.params | {"q": changelist.query}, self.value())
        for lookup, title in self.lookup_choices:
            yield {
                "selected": chosen == str(lookup),
                "query_string": changelist.get_query_string({self.parameter_name: lookup}),
                "display": title,
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those in the state."""
        chosen = chosen_state(request.GET, self.value())
        return queryset if chosen == EVERYTHING else queryset.filter(worklist_state=chosen)


def chosen_state(parameters: Any, value: str | None = None) -> str:
    """The state that a list shows."""
    value = value or parameters.get(WorklistStateFilter.parameter_name)
    if value is None:
        return EVERYTHING if parameters.get("q") else OPEN
    return value if value in Review.State.values else EVERYTHING


class UrgencyFilter(admin.SimpleListFilter):
    """How urgent it is to look now: a follow-up may have raised it."""

    title = "urgency"
    parameter_name = "urgency"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The levels."""
        return [(str(value), str(label)) for value, label in Assessment.Urgency.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those with the level that was chosen."""
        return queryset.filter(urgency_now=self.value()) if self.value() else queryset


def ordering(parameters: Any) -> list[Any]:
    """Most urgent first; who waits longest before the others, and newest first where nobody waits."""
    ranks = [When(urgency_now=level, then=Value(rank)) for rank, level in enumerate(Assessment.Urgency.values)]
    waits = chosen_state(parameters) not in {EVERYTHING, worklist.CLOSED}
    return [Case(*ranks, output_field=IntegerField()).asc(), "id" if waits else "-id"]


def panel(assessment: Assessment, *, may_change: bool) -> dict[str, Any]:
    """What the page of a case shows of its state."""
    rows = list(selectors.reviews(assessment_id=assessment.pk))
    standing = rows[-1] if rows else None
    state = standing.state if standing else None
    following = worklist.MAY_FOLLOW[state] if may_change else ()
    return {
        "review": standing,
        "waits": timesince(standing.created_at) if standing and state == OPEN else "",
        "history": [{"row": row, "by": name} for row, name in zip(rows, _names(rows), strict=True)][::-1],
        "buttons": [(value, VERBS[value]) for value in following if value in VERBS],
        "resolutions": Review.Resolution.choices if worklist.CLOSED in following else (),
        "seen": standing.number if standing else 0,
    }


def change(request: HttpRequest, assessment: Assessment, form: Any) -> bool:
    """Make the change that a form asks for, and say what came of it; whether it was made."""
    seen = str(form.get("seen", ""))
    asked = {
        "state": form.get("state", ""),
        "resolution": form.get("resolution") or None if form.get("state") == worklist.CLOSED else None,
        "seen": int(seen) if seen.isascii() and seen.isdigit() else None,
    }
    try:
        review = reviews.change_by_staff(
            by=f"staff:{request.user.pk}", assessment=assessment, request=read_review(asked)
        )
    except HipcareError as error:
        details = " ".join(problem.detail for problem in error.problems) or error.detail
        messages.error(request, f"{assessment.reference or assessment.pk}: {details}")
        return False
    told = f"{review.get_state_display()}. {review.get_resolution_display()}".strip(". ")
    messages.success(request, f"{assessment.reference or assessment.pk}: {told}.")
    return True


def waiting(assessment: Assessment) -> str:
    """For how long somebody waits, in words."""
    return timesince(assessment.created_at, timezone.now(), depth=1)


def _names(rows: Sequence[Review]) -> Iterator[str]:
    """Who made each change, as far as an account still tells."""
    ids = [row.by.removeprefix("staff:") for row in rows if row.by.startswith("staff:")]
    known = {f"staff:{pk}": user.get_username() for pk, user in get_user_model().objects.in_bulk(ids).items()}
    for row in rows:
        if row.by == reviews.BY_ANSWER:
            yield "the follow-up" if row.follow_up_id else "the assessment"
        else:
            yield known.get(row.by, "the partner" if row.by.startswith("client:") else row.by)
