"""`GET /metrics`, for Prometheus. In production it exists only with `HIPCARE_METRICS_TOKEN`."""

import hmac

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from prometheus_client import CONTENT_TYPE_LATEST
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from hipcare import errors, metrics
from hipcare.api.public import PublicView


class _Text(BaseRenderer):
    """For content negotiation alone; problems are JSON as everywhere."""

    media_type, format = "text/plain", "txt"


@extend_schema(exclude=True)
class MetricsView(PublicView):
    """For the operator's own monitoring, not for partners; its token is not one of theirs."""

    renderer_classes = [_Text]

    def get(self, request: Request) -> HttpResponse:
        """The metrics."""
        if not settings.HIPCARE_METRICS:
            raise errors.NotFound()
        token = settings.HIPCARE_METRICS_TOKEN
        given = request.META.get("HTTP_AUTHORIZATION", "")
        if token and not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
            raise errors.NotAuthenticated()
        return HttpResponse(metrics.exposition(), content_type=CONTENT_TYPE_LATEST)
