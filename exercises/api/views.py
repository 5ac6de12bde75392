"""The catalogue of exercises and programmes, read-only."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request

from conditions.api.catalogue import ETAG, IF_NONE_MATCH, NOT_MODIFIED, RELEASE, CatalogueView, catalogue
from exercises import selectors
from exercises.models import Exercise, Programme
from hipcare.api.schema import extensions

from . import examples, filters, serializers
from .svg import MEDIA_TYPE, SvgRenderer

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

    @extend_schema(
        operation_id="get_exercise_drawing",
        summary="The drawing of one exercise",
        tags=["catalogue"],
        parameters=[RELEASE, IF_NONE_MATCH, ETAG],
        responses={(200, MEDIA_TYPE): {"type": "string"}, 304: NOT_MODIFIED},
        examples=[OpenApiExample("Drawing", examples.DRAWING_SVG, response_only=True, media_type=MEDIA_TYPE)],
        extensions=extensions(problems=["unavailable"]),
    )
    @action(detail=True, renderer_classes=[SvgRenderer])
    def drawing(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A line drawing as SVG, its title and description inside; 404 in a release without drawings."""
        return self._answer(request, lambda: HttpResponse(self._picture(), content_type=MEDIA_TYPE))

    def _picture(self) -> str:
        return selectors.picture_of(self.get_object())


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
