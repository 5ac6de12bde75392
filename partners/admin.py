"""Partners for staff: organisations, clients, tokens (shown once, then only revoked) and the audit trail (to read)."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from partners import selectors
from partners.actions import clients, organisations, tokens
from partners.models import AccessToken, AuditEvent, Client, Organisation, Scope


def _staff(request: HttpRequest) -> str:
    return f"staff:{request.user.pk}"


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    """Organisations; none is deleted, for its audit trail and assessments name it."""

    list_display = ["name", "active", "created_at"]
    search_fields = ["name"]

    def has_delete_permission(self, request: HttpRequest, obj: Organisation | None = None) -> bool:
        """Nobody may."""
        return False

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:
        """Through the actions."""
        if change:
            organisations.change(organisation=obj, name=obj.name, active=obj.active, by=_staff(request))
        else:
            obj.pk = organisations.create(name=obj.name, by=_staff(request)).pk

    def get_fields(self, request: HttpRequest, obj: Organisation | None = None) -> Any:
        """A new organisation is active."""
        return ["name", "active"] if obj else ["name"]


class ClientForm(forms.ModelForm):
    """A client, its scopes as boxes to tick."""

    scopes = forms.MultipleChoiceField(choices=Scope.choices, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = Client
        fields = ["organisation", "name", "scopes", "active"]


@admin.register(Client)
class ClientAdmin(admin.ModelAdmin):
    """Clients of organisations; none is deleted."""

    form = ClientForm
    list_display = ["name", "organisation", "active", "scopes"]
    list_filter = ["active"]
    list_select_related = ["organisation"]
    search_fields = ["name", "organisation__name"]

    def has_delete_permission(self, request: HttpRequest, obj: Client | None = None) -> bool:
        """Nobody may."""
        return False

    def save_model(self, request: HttpRequest, obj: Client, form: Any, change: bool) -> None:
        """Through the actions."""
        by = _staff(request)
        if change:
            clients.change(client=obj, name=obj.name, scopes=obj.scopes, active=obj.active, by=by)
        else:
            obj.pk = clients.create(organisation=obj.organisation, name=obj.name, scopes=obj.scopes, by=by).pk

    def get_fields(self, request: HttpRequest, obj: Client | None = None) -> Any:
        """A new client is active."""
        return ["organisation", "name", "scopes", *(["active"] if obj else [])]

    def get_readonly_fields(self, request: HttpRequest, obj: Client | None = None) -> list[str]:
        """A client does not move to another organisation."""
        return ["organisation"] if obj else []


@admin.register(AccessToken)
class AccessTokenAdmin(admin.ModelAdmin):
    """Tokens: issued and shown once, never changed, revoked from the list."""

    actions = ["revoke"]
    fields = ["client", "expires_at"]
    list_display = ["prefix", "client", "created_at", "expires_at", "revoked_at", "last_used_at"]
    search_fields = ["prefix", "client__name", "client__organisation__name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[AccessToken]:
        """With client and organisation."""
        return selectors.tokens()

    def has_change_permission(self, request: HttpRequest, obj: AccessToken | None = None) -> bool:
        """The list is open to those who may revoke; no single token can be edited."""
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: AccessToken | None = None) -> bool:
        """Nobody may."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Issue the token; its text stays on the object until the page that shows it."""
        token, obj.text = tokens.issue(client=obj.client, by=_staff(request), expires_at=obj.expires_at)
        obj.pk, obj.prefix = token.pk, token.prefix

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """The one page that ever shows the token; messages would keep it in a cookie."""
        context = {**self.admin_site.each_context(request), "title": "Access token issued", "text": obj.text}
        response = TemplateResponse(request, "admin/partners/accesstoken/issued.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response

    @admin.action(description="Revoke selected access tokens", permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[AccessToken]) -> None:
        """Revoke for good."""
        for token in queryset:
            tokens.revoke(token=token, by=_staff(request))
        self.message_user(request, f"{len(queryset)} access token(s) revoked.")


@admin.register(AuditEvent)
class AuditEventAdmin(admin.ModelAdmin):
    """The audit trail, to read."""

    list_display = ["at", "action", "resource_type", "resource_id", "outcome", "organisation_id", "actor", "request_id"]
    list_filter = ["action", "outcome"]
    search_fields = ["=resource_id", "=request_id"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody may."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody may."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody may."""
        return False
