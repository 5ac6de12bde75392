"""The queue of work for `manage.py run_worker`: procrastinate, whose jobs are rows of our own database.

A job holds the id of what is to be done and nothing else; what is to be done stands in tables of ours. A job that is
lost is therefore put into the queue again, and one too many does nothing.
"""

from collections.abc import Sequence
from uuid import UUID

from procrastinate.contrib.django import app
from procrastinate.types import JSONDict

QUEUE = "webhooks"
DELIVER, SWEEP = "webhooks.deliver", "webhooks.sweep"


def prompt(delivery_ids: Sequence[UUID]) -> None:
    """Have these deliveries tried as soon as the current transaction is committed."""
    app.configure_task(DELIVER, queue=QUEUE).batch_defer(*arguments(delivery_ids))


def arguments(delivery_ids: Sequence[UUID]) -> list[JSONDict]:
    """The arguments of a job for each of the deliveries."""
    return [{"delivery_id": str(delivery_id)} for delivery_id in delivery_ids]
