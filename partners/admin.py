"""Partners for staff: organisations, clients, credentials (shown once, then rotated or revoked), the keys that sign
short-lived tokens, and the audit trail (to read).
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from procrastinate.contrib.django.models import ProcrastinateJob

from hipcare.errors import InvalidInput
from partners import client_keys, selectors, webhook_admin
from partners.actions import clients, organisations, signing_keys, tokens
from partners.audited_admin import AuditedPages
from partners.models import AccessToken, AuditEvent, Client, Organisation, Scope, SigningKey

__all__ = ["webhook_admin"]

# Its rows say nothing that the deliveries do not say better.
admin.site.unregister(ProcrastinateJob)


def _staff(request: HttpRequest) -> str:
    return f"staff:{request.user.pk}"


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    """Organisations; none is deleted, for its audit trail and assessments name it."""

    list_display = ["name", "active", "retention_days", "created_at"]
    search_fields = ["name"]

    def has_delete_permission(self, request: HttpRequest, obj: Organisation | None = None) -> bool:
        """Nobody may."""
        return False

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:
        """Through the actions."""
        if change:
            organisations.change(organisation=obj, name=obj.name, active=obj.active, by=_staff(request))
            if "retention_days" in form.changed_data:
                organisations.set_retention(organisation=obj, days=obj.retention_days, by=_staff(request))
        else:
            created = organisations.create(name=obj.name, retention_days=obj.retention_days, by=_staff(request))
            obj.pk = created.pk

    def get_fields(self, request: HttpRequest, obj: Organisation | None = None) -> Any:
        """A new organisation is active."""
        return ["name", "retention_days", *(["active"] if obj else [])]


class ClientForm(forms.ModelForm):
    """A client, its scopes as boxes to tick."""

    scopes = forms.MultipleChoiceField(choices=Scope.choices, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = Client
        fields = ["organisation", "name", "scopes", "active", "jwks", "jwks_url", "read_limit", "write_limit"]

    def clean_jwks(self) -> Any:
        """Public keys that can sign assertions, or nothing."""
        jwks = self.cleaned_data["jwks"]
        if jwks is not None:
            try:
                client_keys.read_key_set(jwks)
            except ValueError as trouble:
                raise forms.ValidationError(str(trouble)) from None
        return jwks

    def clean_jwks_url(self) -> str:
        """An address that is https, or nothing."""
        url: str = self.cleaned_data["jwks_url"]
        if url and (trouble := client_keys.trouble_with(url)):
            raise forms.ValidationError(trouble)
        return url


@admin.register(Client)
class ClientAdmin(admin.ModelAdmin):
    """Clients of organisations; none is deleted."""

    actions = ["end_short_lived_tokens"]
    form = ClientForm
    list_display = ["name", "organisation", "active", "scopes", "id"]
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
        if {"jwks", "jwks_url"} & {*form.changed_data}:
            clients.set_keys(client=obj, by=by, jwks=obj.jwks, jwks_url=obj.jwks_url)
        if {"read_limit", "write_limit"} & {*form.changed_data}:
            clients.set_limits(client=obj, by=by, read=obj.read_limit, write=obj.write_limit)

    def get_fields(self, request: HttpRequest, obj: Client | None = None) -> Any:
        """A new client is active."""
        keys_and_limits = ["jwks", "jwks_url", "read_limit", "write_limit"]
        return ["organisation", "name", "scopes", *(["active"] if obj else []), *keys_and_limits]

    def get_readonly_fields(self, request: HttpRequest, obj: Client | None = None) -> list[str]:
        """A client does not move to another organisation."""
        return ["organisation"] if obj else []

    @admin.action(description="End the short-lived tokens of selected clients", permissions=["change"])
    def end_short_lived_tokens(self, request: HttpRequest, queryset: QuerySet[Client]) -> None:
        """They may ask for new ones; a client that is switched off may not."""
        for client in queryset:
            clients.end_short_lived_tokens(client=client, by=_staff(request))
        self.message_user(request, f"The tokens of {len(queryset)} client(s) have ended.")


@admin.register(AccessToken)
class AccessTokenAdmin(admin.ModelAdmin):
    """API keys and client secrets: issued and shown once, never changed, rotated and revoked from the list."""

    actions = ["rotate", "revoke"]
    fields = ["client", "kind", "expires_at"]
    list_display = ["prefix", "kind", "client", "created_at", "expires_at", "revoked_at", "last_used_at"]
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
        by, kind = _staff(request), obj.kind
        token, obj.text = tokens.issue(client=obj.client, by=by, expires_at=obj.expires_at, kind=kind)
        obj.pk, obj.prefix = token.pk, token.prefix

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """Show it."""
        return self._shown(request, [obj.text])

    def _shown(self, request: HttpRequest, texts: list[str]) -> HttpResponse:
        """The one page that ever shows them; messages would keep them in a cookie."""
        context = {**self.admin_site.each_context(request), "title": "Credentials issued", "texts": texts}
        response = TemplateResponse(request, "admin/partners/accesstoken/issued.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response

    @admin.action(description="Rotate selected: issue new ones, the old ones expire in a day", permissions=["change"])
    def rotate(self, request: HttpRequest, queryset: QuerySet[AccessToken]) -> HttpResponse | None:
        """Show the new ones, or say that one cannot be rotated any more."""
        try:
            with transaction.atomic():
                return self._shown(request, [tokens.rotate(token=t, by=_staff(request))[1] for t in queryset])
        except InvalidInput as refused:
            self.message_user(request, refused.problems[0].detail, messages.ERROR)
            return None

    @admin.action(description="Revoke selected", permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[AccessToken]) -> None:
        """Revoke for good."""
        for token in queryset:
            tokens.revoke(token=token, by=_staff(request))
        self.message_user(request, f"{len(queryset)} revoked.")


@admin.register(SigningKey)
class SigningKeyAdmin(admin.ModelAdmin):
    """The keys that sign short-lived tokens: to look at and to rotate."""

    actions = ["rotate"]
    list_display = ["kid", "algorithm", "created_at", "retired_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """By rotating alone."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: SigningKey | None = None) -> bool:
        """The list is open to those who may rotate; no single key can be edited or read."""
        return obj is None and super().has_change_permission(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: SigningKey | None = None) -> bool:
        """The list."""
        return obj is None and super().has_view_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: SigningKey | None = None) -> bool:
        """Nobody may."""
        return False

    @admin.action(description="Sign with a new key from now on", permissions=["change"])
    def rotate(self, request: HttpRequest, queryset: QuerySet[SigningKey]) -> None:
        """Whichever is selected."""
        try:
            self.message_user(request, f"Signing with {signing_keys.rotate().kid}.")
        except InvalidInput as refused:
            self.message_user(request, refused.problems[0].detail, messages.ERROR)


@admin.register(AuditEvent)
class AuditEventAdmin(AuditedPages):
    """The audit trail, to read."""

    audited_as = "audit_event"
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
