"""The catalogue of exercises and programmes, read-only."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import QuerySet

from conditions.api.catalogue import CatalogueView, catalogue
from exercises import selectors
from exercises.models import Exercise, Programme

from . import examples, filters, serializers

if TYPE_CHECKING:
    from conditions.models import Release


@catalogue("exercise", "exercises", entry=examples.EXERCISE, summary=examples.EXERCISE_SUMMARY)
class ExerciseView(CatalogueView):
    """Exercises with their dose; one by its id comes with its steps and with when it must not be done."""

    serializer_class = serializers.ExerciseSerializer
    list_serializer_class = serializers.ExerciseSummarySerializer
    filterset_class = filters.ExerciseFilterSet
    search_fields: ClassVar[tuple[str, ...]] = ("key", "name", "position")
    ordering_fields: ClassVar[tuple[str, ...]] = ("key", "name", "purpose")

    def rows(self, release: "Release") -> QuerySet[Exercise]:
        return selectors.exercises(release)

    def get_serializer_class(self) -> type[Any]:
        return self.list_serializer_class if self.action == "list" else self.serializer_class

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        if self.action == "retrieve" and not getattr(self, "swagger_fake_view", False):
            context["general_rules"] = selectors.general_rules(self.release)
        return context


@catalogue("programme", "programmes", entry=examples.PROGRAMME, summary=examples.PROGRAMME_SUMMARY)
class ProgrammeView(CatalogueView):
    """Programmes of exercises; one by its id comes with its phases, its stop rules and what to avoid."""

    serializer_class = serializers.ProgrammeSerializer
    list_serializer_class = serializers.ProgrammeSummarySerializer
    filterset_class = filters.ProgrammeFilterSet
    search_fields: ClassVar[tuple[str, ...]] = ("key", "name", "purpose")
    ordering_fields: ClassVar[tuple[str, ...]] = ("key", "name", "supervision")

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        if self.action == "retrieve" and not getattr(self, "swagger_fake_view", False):
            context["precautions"] = list(selectors.precautions(self.release))
        return context

    def rows(self, release: "Release") -> QuerySet[Programme]:
        in_full = self.action == "retrieve"
        return selectors.programmes_with_phases(release) if in_full else selectors.programmes(release)

    def get_serializer_class(self) -> type[Any]:
        return self.list_serializer_class if self.action == "list" else self.serializer_class
