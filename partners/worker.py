"""The worker: takes jobs out of the queue and does them, several at a time, until it is told to stop."""

from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from partners import queue

STOPS_WITHIN_SECONDS = 15.0
CONCURRENCY = 4


async def run(*, concurrency: int = CONCURRENCY, wait: bool = True, handle_signals: bool = True) -> None:
    """Work until SIGTERM or SIGINT, finishing what is under way; without `wait`, until nothing is due."""
    connector = app.connector
    assert isinstance(connector, DjangoConnector)  # noqa: S101 - what procrastinate sets up under Django
    with app.replace_connector(connector.get_worker_connector()):
        async with app.open_async():
            await app.run_worker_async(
                queues=[queue.QUEUE],
                concurrency=concurrency,
                wait=wait,
                listen_notify=wait,
                install_signal_handlers=handle_signals,
                shutdown_graceful_timeout=STOPS_WITHIN_SECONDS,
                # What was done stands in our own tables, and a job that failed is made anew by the sweep.
                delete_jobs="always",
            )
