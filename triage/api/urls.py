"""Where the assessments are, under `/api/v1/`."""

from django.urls import path

from triage.api.follow_ups import FollowUpsView, FollowUpView, TrajectoryChartView, TrajectoryView
from triage.api.interview import NextQuestionsView
from triage.api.outcomes import OutcomeView
from triage.api.programme import ProgrammeCalendarView, ProgrammePageView, ProgrammeView
from triage.api.release_diff import ReleaseDiffView
from triage.api.replay import ReplayView
from triage.api.reviews import ReviewView
from triage.api.views import AboutView, AssessmentsView, AssessmentView
from triage.api.what_if import WhatIfView

urlpatterns = [
    path("assessments", AssessmentsView.as_view(), name="assessment-list"),
    path("assessments/<uuid:assessment_id>", AssessmentView.as_view(), name="assessment-detail"),
    path("assessments/<uuid:assessment_id>/follow-ups", FollowUpsView.as_view(), name="follow-up-list"),
    path(
        "assessments/<uuid:assessment_id>/follow-ups/<uuid:follow_up_id>",
        FollowUpView.as_view(),
        name="follow-up-detail",
    ),
    path("assessments/<uuid:assessment_id>/outcome", OutcomeView.as_view(), name="outcome"),
    path("assessments/<uuid:assessment_id>/replay", ReplayView.as_view(), name="replay"),
    path("assessments/<uuid:assessment_id>/review", ReviewView.as_view(), name="review"),
    path("assessments/<uuid:assessment_id>/trajectory", TrajectoryView.as_view(), name="trajectory"),
    path("assessments/<uuid:assessment_id>/trajectory.svg", TrajectoryChartView.as_view(), name="trajectory-chart"),
    path("assessments/<uuid:assessment_id>/programme", ProgrammeView.as_view(), name="assessment-programme"),
    path(
        "assessments/<uuid:assessment_id>/programme/page", ProgrammePageView.as_view(), name="assessment-programme-page"
    ),
    path(
        "assessments/<uuid:assessment_id>/programme/calendar",
        ProgrammeCalendarView.as_view(),
        name="assessment-programme-calendar",
    ),
    path("interview/next", NextQuestionsView.as_view(), name="interview-next"),
    path("what-if", WhatIfView.as_view(), name="what-if"),
    path("releases/<str:version>/diff/<str:other>", ReleaseDiffView.as_view(), name="release-diff"),
    path("about", AboutView.as_view(), name="about"),
]
