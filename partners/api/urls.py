"""Addresses of identity; they are where the standards want them, outside the version of the API."""

from django.urls import path

from partners.api.discovery import AuthorizationServerView, KeysView, SmartConfigurationView
from partners.api.oauth import TokenView

urlpatterns = [
    path("oauth/token", TokenView.as_view(), name="oauth-token"),
    path(".well-known/jwks.json", KeysView.as_view(), name="jwks"),
    path(
        ".well-known/oauth-authorization-server", AuthorizationServerView.as_view(), name="oauth-authorization-server"
    ),
    path(".well-known/smart-configuration", SmartConfigurationView.as_view(), name="smart-configuration"),
]
