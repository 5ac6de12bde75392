"""What the worker does. procrastinate finds this module by its name."""

from datetime import datetime
from uuid import UUID

from asgiref.sync import sync_to_async
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from partners import queue
from partners.actions import webhook_deliveries


class TryAgain(Exception):
    """A delivery is to be tried again at a time."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self.at = at


class WhenDue(BaseRetryStrategy):
    """The job of a delivery comes again when that is due; after a fault of ours the sweep makes another one."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to run the job again."""
        return RetryDecision(retry_at=exception.at) if isinstance(exception, TryAgain) else None


@app.task(name=queue.DELIVER, queue=queue.QUEUE, retry=WhenDue())
def deliver(*, delivery_id: str) -> None:
    """Try one delivery."""
    again = webhook_deliveries.attempt(delivery_id=UUID(delivery_id))
    if again is not None:
        raise TryAgain(again)


@app.periodic(cron="* * * * *")
@app.task(name=queue.SWEEP, queue=queue.QUEUE, queueing_lock=queue.SWEEP, pass_context=True)
async def sweep(context: JobContext, timestamp: int) -> None:
    """Every minute: take up the jobs of workers that died, and the deliveries that have no job; delete old ones."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs(queue=queue.QUEUE):
        await jobs.retry_job(job)
    ids = await sync_to_async(webhook_deliveries.take_overdue)()
    if ids:
        await deliver.batch_defer_async(*queue.arguments(ids))
    await sync_to_async(webhook_deliveries.delete_old)()
