"""Where everything is mounted. The version of the API is in its path, once, here."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from hipcare.api.health import LivenessView, ReadinessView
from hipcare.api.metrics import MetricsView
from hipcare.api.public import LandingView, ProblemTypeView
from hipcare.api.schema import DocsView, SchemaView

api_v1: list[URLPattern | URLResolver] = [
    path("schema", SchemaView.as_view(), name="schema"),
    path("docs", DocsView.as_view(), name="docs"),
    path("", include("triage.api.urls")),
    path("", include("conditions.api.urls")),
    path("", include("exercises.api.urls")),
    path("", include("partners.api.versioned_urls")),
    path("", include("partners.api.webhook_urls")),
]

urlpatterns = [
    path("", LandingView.as_view(), name="landing"),
    path("healthz", LivenessView.as_view(), name="healthz"),
    path("readyz", ReadinessView.as_view(), name="readyz"),
    path("metrics", MetricsView.as_view(), name="metrics"),
    path("problems/<slug:slug>", ProblemTypeView.as_view(), name="problem-type"),
    path("", include("partners.api.urls")),
    path("api/v1/", include(api_v1)),
    path("admin/", admin.site.urls),
]

handler400 = "hipcare.api.problem.bad_request"
handler403 = "hipcare.api.problem.permission_denied"
handler404 = "hipcare.api.problem.page_not_found"
handler500 = "hipcare.api.problem.server_error"
