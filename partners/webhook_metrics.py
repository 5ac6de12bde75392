"""How the delivery of webhooks stands, for Prometheus and for `check_webhooks`; read from the database when asked."""

from collections.abc import Iterator

from django.db import DatabaseError
from django.utils import timezone
from prometheus_client.metrics_core import GaugeMetricFamily

from partners import webhook_selectors as selectors


def lag_seconds() -> float:
    """For how long the delivery that waits longest has been due."""
    due = selectors.oldest_due()
    return 0.0 if due is None else max(0.0, (timezone.now() - due).total_seconds())


def collect() -> Iterator[GaugeMetricFamily]:
    """Deliveries by state, and the lag; nothing while the database is away."""
    try:
        counted, lag = selectors.deliveries_by_state(), lag_seconds()
    except DatabaseError:
        return
    states = GaugeMetricFamily("hipcare_webhook_deliveries", "Deliveries that are kept, by state.", labels=["state"])
    for state, count in counted.items():
        states.add_metric([state], count)
    yield states
    yield GaugeMetricFamily("hipcare_webhook_lag_seconds", "How long the oldest due delivery has waited.", value=lag)
