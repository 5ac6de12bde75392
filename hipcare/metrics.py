"""What is counted for Prometheus: requests by route and status class, how long they took, assessments by urgency.

No label holds an id, a path or anything that a caller chose. Several worker processes count into files of one
directory, `PROMETHEUS_MULTIPROC_DIR`, which `hipcare.server` makes; whichever worker is asked adds them up. Without
the variable each process tells its own figures.
"""

import os
from collections.abc import Iterator, Mapping

from django.conf import settings
from django.utils.module_loading import import_string
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import InfoMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

import hipcare

DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_registry = CollectorRegistry()
_requests = Counter("hipcare_requests", "Requests answered.", ["route", "status"], registry=_registry)
_seconds = Histogram("hipcare_request_seconds", "Time to answer.", ["route"], buckets=_BUCKETS, registry=_registry)
_assessments = Counter("hipcare_assessments", "Cases assessed.", ["urgency"], registry=_registry)


def count_request(route: str, status: int, seconds: float) -> None:
    """One request, by the name of its route."""
    if settings.HIPCARE_METRICS:
        _requests.labels(route, f"{status // 100}xx").inc()
        _seconds.labels(route).observe(seconds)


def count_assessment(urgency: str) -> None:
    """One case that was assessed."""
    if settings.HIPCARE_METRICS:
        _assessments.labels(urgency).inc()


def exposition() -> bytes:
    """Everything counted, as Prometheus reads it."""
    counted = _registry
    if os.environ.get(DIRECTORY):
        counted = CollectorRegistry()
        MultiProcessCollector(counted)
    told = CollectorRegistry()
    told.register(_Info())
    told.register(_Collected())
    return generate_latest(counted) + generate_latest(told)


class _Info(Collector):
    """What answers: read when asked, because a label once counted would stay after the next release."""

    def collect(self) -> Iterator[InfoMetricFamily]:
        """The version of the software, and what the apps say (`HIPCARE_METRICS_INFO`)."""
        labels: dict[str, str] = {"version": hipcare.__version__}
        for path in settings.HIPCARE_METRICS_INFO:
            more: Mapping[str, str] = import_string(path)()
            labels |= more
        yield InfoMetricFamily("hipcare", "What answers.", value=labels)


class _Collected(Collector):
    """What the apps read from the database when asked (`HIPCARE_METRICS_COLLECTED`)."""

    def collect(self) -> Iterator[Metric]:
        """Their figures."""
        for path in settings.HIPCARE_METRICS_COLLECTED:
            yield from import_string(path)()
