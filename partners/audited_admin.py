"""Pages of the admin that show records: who looked at what is in the audit trail, and who was refused."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse

from partners.actions import audit
from partners.models import Outcome

_LONGEST_ID = 128


class AuditedPages(ModelAdmin):
    """Mixin: the list, a search in it, and the page of one record leave a row each; there is no page without."""

    audited_as: str
    """The kind of thing, as in the trail of the API."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The list. What was searched for is not recorded: it can name somebody."""
        action = "searched" if request.GET.get("q") else "listed"
        return self.recorded(request, action, lambda: super(AuditedPages, self).changelist_view(request, extra_context))

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any) -> Any:
        """The page of one record; shown or refused."""
        page = super().changeform_view
        try:
            return page(request, object_id, *args, **kwargs)
        except PermissionDenied:
            self.record(request, "read", resource_id=self._id_in(object_id), outcome=Outcome.REFUSED)
            raise

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """The page of a record that was found."""
        shown: Any = kwargs.get("obj")
        if shown is not None:
            owner = getattr(shown, "organisation_id", None)
            self.record(request, "read", resource_id=str(shown.pk), organisation_id=owner)
        return super().render_change_form(request, context, *args, **kwargs)

    def recorded(self, request: HttpRequest, verb: str, show: Callable[[], HttpResponse]) -> HttpResponse:
        """A page that shows many records."""
        try:
            page = show()
        except PermissionDenied:
            self.record(request, verb, outcome=Outcome.REFUSED)
            raise
        self.record(request, verb)
        return page

    def record(
        self,
        request: HttpRequest,
        verb: str,
        *,
        resource_id: str = "",
        organisation_id: UUID | None = None,
        outcome: Outcome = Outcome.SUCCEEDED,
    ) -> None:
        """One row; of the organisation whose record it is, so that it is in its trail too."""
        audit.record_by_staff(
            by=f"staff:{request.user.pk}",
            action=f"{self.audited_as}.{verb}",
            resource_type=self.audited_as,
            resource_id=resource_id,
            organisation_id=organisation_id,
            outcome=outcome,
        )

    def _id_in(self, object_id: str | None) -> str:
        """The id in the address, if it can be one: anything can be typed there."""
        try:
            return str(self.model._meta.pk.to_python(unquote(object_id or "")))[:_LONGEST_ID]
        except ValidationError:
            return ""
