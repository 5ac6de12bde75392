"""Where the assessments are, under `/api/v1/`."""

from django.urls import path

from triage.api.views import AboutView, AssessmentsView, AssessmentView

urlpatterns = [
    path("assessments", AssessmentsView.as_view(), name="assessment-list"),
    path("assessments/<uuid:assessment_id>", AssessmentView.as_view(), name="assessment-detail"),
    path("about", AboutView.as_view(), name="about"),
]
