"""The catalogue's addresses, relative to the base of the API."""

from rest_framework.routers import SimpleRouter

from . import views

router = SimpleRouter(trailing_slash=False)
router.register("releases", views.ReleaseView, basename="release")
router.register("conditions", views.ConditionView, basename="condition")
router.register("findings", views.FindingView, basename="finding")
router.register("measurements", views.MeasurementView, basename="measurement")
router.register("red-flags", views.RedFlagView, basename="red-flag")
router.register("composites", views.CompositeView, basename="composite")
router.register("outcome-measures", views.OutcomeMeasureView, basename="outcome-measure")
router.register("follow-up-timers", views.FollowUpTimerView, basename="follow-up-timer")
router.register("treatments", views.TreatmentView, basename="treatment")
router.register("prevention", views.PreventionTipView, basename="prevention-tip")
router.register("citations", views.CitationView, basename="citation")

urlpatterns = router.urls
