"""Webhooks for staff: endpoints (their secret is shown once), and deliveries, to look at and to send again."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from hipcare.errors import Conflict
from partners import webhook_selectors as selectors
from partners import webhooks
from partners.actions import webhook_deliveries, webhook_endpoints, webhook_events
from partners.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from partners.webhook_models import EventType


def _staff(request: HttpRequest) -> str:
    return f"staff:{request.user.pk}"


class WebhookEndpointForm(forms.ModelForm):
    """An endpoint, its events as boxes to tick."""

    event_types = forms.MultipleChoiceField(choices=EventType.choices, widget=forms.CheckboxSelectMultiple)
    enabled = forms.BooleanField(required=False, initial=True, help_text="Off: what falls due is dead.")

    class Meta:
        model = WebhookEndpoint
        fields = ["organisation", "url", "event_types", "include_same_day"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.instance._state.adding:
            self.fields["enabled"].initial = not self.instance.disabled

    def clean_url(self) -> str:
        """An address that may be spoken to, as far as its text tells."""
        url: str = self.cleaned_data["url"]
        if trouble := webhooks.trouble_with(url):
            raise forms.ValidationError(trouble)
        return url

    def clean(self) -> dict[str, Any]:
        """An address is registered once, and there are not too many."""
        cleaned: dict[str, Any] = super().clean() or {}
        is_new = self.instance._state.adding
        organisation = cleaned.get("organisation") if is_new else self.instance.organisation
        if organisation is None:
            return cleaned
        others = selectors.endpoints(organisation_id=organisation.pk).exclude(pk=self.instance.pk)
        if others.filter(url=cleaned.get("url")).exists():
            raise forms.ValidationError("This address is registered already.")
        if is_new and others.count() >= webhook_endpoints.MOST_ENDPOINTS:
            raise forms.ValidationError(f"There are {webhook_endpoints.MOST_ENDPOINTS} endpoints already.")
        return cleaned


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(admin.ModelAdmin):
    """Endpoints of organisations."""

    actions = ["rotate_secrets", "send_tests"]
    form = WebhookEndpointForm
    list_display = ["url", "organisation", "event_types", "include_same_day", "enabled", "disabled", "created_at"]
    list_filter = ["disabled", "organisation"]
    list_select_related = ["organisation"]

    @admin.display(boolean=True)
    def enabled(self, endpoint: WebhookEndpoint) -> bool:
        """Whether anything is sent to it."""
        return not endpoint.disabled

    def get_fields(self, request: HttpRequest, obj: WebhookEndpoint | None = None) -> Any:
        """A new endpoint is switched on."""
        return ["organisation", "url", "event_types", "include_same_day", *(["enabled"] if obj else [])]

    def get_readonly_fields(self, request: HttpRequest, obj: WebhookEndpoint | None = None) -> list[str]:
        """An endpoint does not move to another organisation."""
        return ["organisation"] if obj else []

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Through the actions; a new secret stays on the object until the page that shows it."""
        given: dict[str, Any] = {name: form.cleaned_data[name] for name in ("url", "event_types", "include_same_day")}
        if change:
            enabled = form.cleaned_data["enabled"]
            webhook_endpoints.change(endpoint=obj, enabled=enabled, by=_staff(request), **given)
        else:
            made, obj.secret = webhook_endpoints.create(
                organisation_id=obj.organisation_id, by=_staff(request), **given
            )
            obj.pk = made.pk

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """Show its secret."""
        return self._shown(request, [obj.secret])

    def delete_model(self, request: HttpRequest, obj: WebhookEndpoint) -> None:
        """Through the action."""
        webhook_endpoints.delete(endpoint=obj, by=_staff(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        """One after another, through the action."""
        for endpoint in queryset:
            self.delete_model(request, endpoint)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """Who may delete an endpoint may delete its deliveries with it."""
        told, counted, _, protected = super().get_deleted_objects(objs, request)
        return told, counted, set(), protected

    @admin.action(description="New secrets for selected; the old ones sign for another day", permissions=["change"])
    def rotate_secrets(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> HttpResponse:
        """Show the new ones."""
        by = _staff(request)
        return self._shown(request, [webhook_endpoints.rotate_secret(endpoint=e, by=by)[1] for e in queryset])

    @admin.action(description="Send a test event to selected", permissions=["change"])
    def send_tests(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        """How it went is told by the deliveries."""
        for endpoint in queryset:
            webhook_events.emit_test(endpoint=endpoint)
        self.message_user(request, "Under way: look at the webhook deliveries.")

    def _shown(self, request: HttpRequest, texts: list[str]) -> HttpResponse:
        """The one page that ever shows them; messages would keep them in a cookie."""
        context = {**self.admin_site.each_context(request), "title": "Signing secrets", "texts": texts}
        response = TemplateResponse(request, "admin/partners/webhookendpoint/issued.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response


class WebhookAttemptInline(admin.TabularInline):
    """The attempts of a delivery, to read."""

    model = WebhookAttempt
    fields = ["at", "outcome", "status"]
    readonly_fields = ["at", "outcome", "status"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody may."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody may."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Who sees the delivery sees them."""
        return True


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(admin.ModelAdmin):
    """Deliveries: to read, and to send again."""

    actions = ["send_again"]
    fields = [
        *("event_type", "endpoint", "organisation", "state", "attempt_count", "event_id", "about"),
        *("created_at", "due_at", "give_up_at", "ended_at"),
    ]
    inlines = [WebhookAttemptInline]
    list_display = ["created_at", "event_type", "endpoint", "state", "attempt_count", "due_at", "ended_at"]
    list_filter = ["state", "event_type", "organisation"]
    list_select_related = ["endpoint"]
    search_fields = ["=id", "=event_id", "=about"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Events make them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """The list is open to those who may send again; no single delivery can be edited."""
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """They go by themselves."""
        return False

    @admin.action(description="Send selected again", permissions=["change"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]) -> None:
        """Those that have ended."""
        sent = 0
        for delivery in queryset:
            try:
                webhook_deliveries.resend(delivery=delivery, by=_staff(request))
                sent += 1
            except Conflict as waits:
                self.message_user(request, f"{delivery}: {waits.detail}", messages.WARNING)
        self.message_user(request, f"{sent} sent again.")
