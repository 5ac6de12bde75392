"""The API, and bare Django views that parse the same body, insert the same bytes or none, and return the same bytes."""

import json
import os
from pathlib import Path

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt  # noqa: TID251 - a bare view to measure against

from hipcare.urls import urlpatterns as project_urlpatterns

ANSWER = Path(os.environ["BENCH_ANSWER"]).read_bytes() if "BENCH_ANSWER" in os.environ else b"{}"
TABLE = "bench_baseline"


@csrf_exempt
def bare(request: HttpRequest) -> HttpResponse:
    """Parse the body and return the answer."""
    json.loads(request.body)
    return HttpResponse(ANSWER, content_type="application/json")


@csrf_exempt
def bare_with_insert(request: HttpRequest) -> HttpResponse:
    """Parse the body, insert body and answer, and return the answer."""
    json.loads(request.body)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {TABLE} (request, answer) VALUES (%s, %s)", [request.body, ANSWER])  # noqa: S608
    return HttpResponse(ANSWER, content_type="application/json")


urlpatterns = [
    path("bench/bare", bare),
    path("bench/bare-with-insert", bare_with_insert),
    *project_urlpatterns,
]
