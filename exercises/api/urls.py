"""The addresses of this app, relative to the base of the API."""

from rest_framework.routers import SimpleRouter

from . import views

router = SimpleRouter(trailing_slash=False)
router.register("exercises", views.ExerciseView, basename="exercise")
router.register("programmes", views.ProgrammeView, basename="programme")

urlpatterns = router.urls
