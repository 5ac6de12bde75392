"""Addresses of partners under the version of the API."""

from django.urls import path

from partners.api.audit_events import AuditEventsView

urlpatterns = [path("audit-events", AuditEventsView.as_view(), name="audit-event-list")]
