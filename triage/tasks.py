"""What the worker does once a day. procrastinate finds this module by its name."""

from django.core.management import call_command
from procrastinate.contrib.django import app

from partners import queue

MAINTAIN = "hipcare.maintain"


@app.periodic(cron="11 3 * * *")
@app.task(name=MAINTAIN, queue=queue.QUEUE, queueing_lock=MAINTAIN)
def maintain(timestamp: int) -> None:
    """Partitions ahead, retention, empty partitions. Its user must own the tables; a timer may do it instead."""
    call_command("maintain")
