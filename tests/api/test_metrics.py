"""`/metrics`: what is counted, what never is, and who may read it."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as HttpClient
from prometheus_client.parser import text_string_to_metric_families

from hipcare.environment import BASE_DIRECTORY
from tests.api.test_bad_input import case
from tests.api.test_problems import assert_problem

TOKEN = "t" * 20
ACCEPT = "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"


def samples(http: HttpClient, **headers: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    response = http.get("/metrics", headers={"accept": ACCEPT, **headers})
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/plain")
    families = text_string_to_metric_families(response.content.decode())
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in families for s in family.samples}


def value(http: HttpClient, name: str, **labels: str) -> float:
    return samples(http).get((name, tuple(sorted(labels.items()))), 0.0)


def test_requests_are_counted_by_route_and_status_class(api: HttpClient) -> None:
    counted = {"route": "assessment-detail", "status": "4xx"}
    before = value(api, "hipcare_requests_total", **counted)
    unknown = uuid4()
    for _ in range(2):
        assert api.get(f"/api/v1/assessments/{unknown}").status_code == 404
    assert value(api, "hipcare_requests_total", **counted) == before + 2
    assert value(api, "hipcare_request_seconds_count", route="assessment-detail") >= 2
    text = api.get("/metrics").content.decode()
    assert str(unknown) not in text
    assert "/api/" not in text


def test_assessments_are_counted_by_urgency(api: HttpClient) -> None:
    answer = api.post("/api/v1/assessments", case(), content_type="application/json").json()
    before = value(api, "hipcare_assessments_total", urgency=answer["urgency"]["level"])
    api.post("/api/v1/assessments", case(), content_type="application/json")
    assert value(api, "hipcare_assessments_total", urgency=answer["urgency"]["level"]) == before + 1
    (info,) = [labels for name, labels in samples(api) if name == "hipcare_info"]
    told = dict(info)
    assert (told["release"], told["engine_version"]) == (answer["knowledge"]["version"], answer["engine_version"])


@pytest.mark.django_db
def test_with_a_token_it_is_wanted(anyone: HttpClient, settings: Any) -> None:
    settings.HIPCARE_METRICS_TOKEN = TOKEN
    for header in ({}, {"authorization": "Bearer wrong"}, {"authorization": "é"}):
        assert_problem(anyone.get("/metrics", headers=header), 401, "not-authenticated")
    assert samples(anyone, authorization=f"Bearer {TOKEN}")


def test_switched_off_it_is_not_there(anyone: HttpClient, settings: Any) -> None:
    settings.HIPCARE_METRICS = False
    assert_problem(anyone.get("/metrics"), 404, "not-found")


def test_processes_count_together(tmp_path: Path) -> None:
    count = "import django; django.setup(); from hipcare import metrics; metrics.count_assessment('routine')"
    ask = "import django; django.setup(); from hipcare import metrics; print(metrics.exposition().decode())"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "hipcare.settings",
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    }
    done = [
        subprocess.run(
            [sys.executable, "-c", program], cwd=BASE_DIRECTORY, env=environment, capture_output=True, check=False
        )
        for program in (count, count, ask)
    ]
    assert [each.returncode for each in done] == [0, 0, 0], done[-1].stderr
    assert 'hipcare_assessments_total{urgency="routine"} 2.0' in done[-1].stdout.decode()
