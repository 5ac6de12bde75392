"""`/releases/{v}/diff/{w}`: what changed from one release to another."""

from typing import Any

from django.http import HttpResponseBase
from drf_spectacular.utils import OpenApiExample, extend_schema
from pydantic import RootModel
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from conditions import selectors
from conditions.api.catalogue import ETAG, IF_NONE_MATCH, NOT_MODIFIED, Conditional
from triage.api import examples
from triage.engine import ENGINE_VERSION
from triage.release_diff import ReleaseDiff, release_diff
from triage.vignette_runs import VignetteFile, configured


class ReleaseDiffAnswer(RootModel[ReleaseDiff]):
    """Rows added, removed and changed, and vignettes that are answered otherwise."""


class ReleaseDiffView(Conditional, APIView):
    """Two published releases against each other."""

    required_scopes = ["knowledge:read"]

    @extend_schema(
        operation_id="get_release_diff",
        summary="What changed from one release to another",
        tags=["catalogue"],
        parameters=[IF_NONE_MATCH, ETAG],
        responses={200: ReleaseDiffAnswer, 304: NOT_MODIFIED},
        examples=[
            OpenApiExample("One weight", examples.RELEASE_DIFF, response_only=True, status_codes=["200"]),
        ],
    )
    def get(self, request: Request, version: str, other: str) -> HttpResponseBase:
        """By section the ids of rows that were added and removed, and those that changed with each field.

        `field` is a JSON pointer into the row; in lists the id of an entry stands for its position. `vignettes` are
        those whose rank of the truth, urgency or first cause is another; null, with the reason, where this server has
        none. The first answer can take up to a minute.
        """
        self.releases = [selectors.published_release_by_version(name) for name in (version, other)]
        return self._answer(request, lambda: Response(release_diff(*self.releases)))

    def etag_parts(self) -> list[str]:
        vignettes: Any = configured()
        told = vignettes.digest if isinstance(vignettes, VignetteFile) else vignettes
        return [*(release.digest for release in self.releases), told, ENGINE_VERSION]
