"""The queue on PostgreSQL: procrastinate, with our promises (docs/decisions/0002-jobs.md).

A job is deferred on the caller's own connection, so it is committed with the rows that asked for it; a lane is procrastinate's
lock, a key its queueing lock. Workers send heartbeats; each one looks for jobs whose worker has gone silent and takes them
over. What procrastinate does not keep, why a job failed, is in `job_failures`.
"""

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec
import psycopg
from procrastinate import App, JobContext, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job as StoredJob
from procrastinate.jobs import Status
from procrastinate.retry import BaseRetryStrategy
from procrastinate.schema import SchemaManager

from comptoir.foundation.errors import NotFound
from comptoir.foundation.jobs.attentive import AttentiveWorker
from comptoir.foundation.jobs.port import DeadJob, Job, JobFunction
from comptoir.foundation.jobs.running import Outcome, Timing, crashed, run
from comptoir.foundation.tables import from_ms, to_ms

if TYPE_CHECKING:
    from comptoir.foundation.services import Services
    from comptoir.foundation.transaction import Transaction

log = logging.getLogger(__name__)

QUEUE = "comptoir"
DEAD_SHOWN = 1000

FAILURES = "CREATE TABLE job_failures (job_id bigint PRIMARY KEY, error text NOT NULL, failed_at bigint NOT NULL)"


def schema() -> tuple[str, ...]:
    """What the migration runs."""
    return (SchemaManager.get_schema(), FAILURES)


class ProcrastinateQueue:
    def __init__(self, timing: Timing | None = None) -> None:
        self.timing = timing or Timing()

    def enqueue(
        self,
        tx: "Transaction",
        name: str,
        args: Mapping[str, Any],
        *,
        lane: str | None = None,
        at: datetime | None = None,
        key: str | None = None,
    ) -> None:
        if key is not None and _joins_waiting(tx, key, at):
            return
        tx.execute(
            "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(:queue, :name, 0, :lane, :key, CAST(:args AS jsonb), :at)]"
            "::procrastinate_job_to_defer_v1[])",
            queue=QUEUE,
            name=name,
            lane=lane,
            key=key,
            args=msgspec.json.encode(args).decode(),
            at=at,
        )

    async def work(self, services: "Services", functions: Mapping[str, JobFunction], stop: asyncio.Event) -> None:
        """Procrastinate's worker ends when it cannot reach its database; then another one begins."""
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                try:
                    await self._work_until_failure(services, functions, stopping)
                except (ConnectorException, psycopg.Error):
                    log.exception("the queue of jobs cannot be reached; looking again in %s s", self.timing.poll)
                await asyncio.wait({stopping}, timeout=self.timing.poll)
        finally:
            stopping.cancel()

    async def _work_until_failure(
        self, services: "Services", functions: Mapping[str, JobFunction], stopping: "asyncio.Task[bool]"
    ) -> None:
        app = App(connector=PsycopgConnector(conninfo=services.database.url, min_size=1, max_size=4))
        for name, function in functions.items():
            _register(app, name, function, services, self.timing)
        async with app.open_async():
            worker = asyncio.create_task(
                AttentiveWorker(  # type: ignore[no-untyped-call]
                    app,
                    queues=[QUEUE],
                    concurrency=self.timing.concurrency,
                    fetch_job_polling_interval=self.timing.poll,
                    abort_job_polling_interval=3600.0,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                    update_heartbeat_interval=self.timing.lease / 3,
                    stalled_worker_timeout=self.timing.lease,
                ).run()
            )
            recovering = asyncio.create_task(self._recover(app, services))
            try:
                await asyncio.wait({worker, stopping}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                worker.cancel()  # it takes no more jobs, and ends when the running ones have
                recovering.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await worker

    def wake(self) -> None:
        """Nothing to do: PostgreSQL itself tells every worker, of this process and of others."""

    def dead(self, tx: "Transaction") -> list[DeadJob]:
        """The newest first, at most a thousand."""
        found = tx.rows(
            "SELECT j.id, j.task_name, CAST(j.args AS text), j.attempts, coalesce(f.error, ''), coalesce(f.failed_at, 0)"
            " FROM procrastinate_jobs j LEFT JOIN job_failures f ON f.job_id = j.id WHERE j.status = 'failed'"
            " ORDER BY j.id DESC LIMIT :limit",
            limit=DEAD_SHOWN,
        )
        return [
            DeadJob(id, name, msgspec.json.decode(args), attempts, error, from_ms(failed_at))
            for id, name, args, attempts, error, failed_at in found
        ]

    def revive(self, tx: "Transaction", id: int) -> None:
        """Back to its first attempt, in its old place: before what its lane holds."""
        revived = tx.execute(
            "UPDATE procrastinate_jobs SET status = 'todo', attempts = 0, scheduled_at = NULL, queueing_lock = NULL"
            " WHERE id = :id AND status = 'failed'",
            id=id,
        )
        if not revived:
            raise NotFound
        tx.execute("DELETE FROM job_failures WHERE job_id = :id", id=id)
        tx.has_jobs = True

    def waiting(self, tx: "Transaction") -> int:
        return int(
            tx.value(
                "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
                " AND (scheduled_at IS NULL OR scheduled_at <= now())"
            )
        )

    async def _recover(self, app: App, services: "Services") -> None:
        """Take over what dead workers held. What kills its worker again and again is dead in the end."""
        while True:
            await asyncio.sleep(self.timing.lease / 3)
            try:
                stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=self.timing.lease)
                for job in stalled:
                    await self._take_over(app, services, job)
            except ConnectorException:
                log.warning("silent workers could not be looked for; it is tried again", exc_info=True)

    async def _take_over(self, app: App, services: "Services", job: StoredJob) -> None:
        assert job.id is not None
        attempt = job.attempts + 1
        with contextlib.suppress(ConnectorException):  # another worker was quicker
            if attempt < self.timing.attempts:
                await _release_key(services, job)
                await app.job_manager.retry_job(job, _now() + self.timing.back_off_after_crash(attempt))
                return
            await _write_failure(services, job.id, crashed(attempt))
            await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)


class _Failed(Exception):
    """Carries the outcome of a run to procrastinate's question: again, and when?"""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.error)
        self.outcome = outcome


class _AsDecided(BaseRetryStrategy):
    def get_retry_decision(self, *, exception: BaseException, job: StoredJob) -> RetryDecision | None:
        if not isinstance(exception, _Failed) or exception.outcome.again_after is None:
            return None
        return RetryDecision(retry_at=_now() + exception.outcome.again_after)


def _register(app: App, name: str, function: JobFunction, services: "Services", timing: Timing) -> None:
    async def task(context: JobContext, /, **args: Any) -> None:
        assert context.job.id is not None
        attempt = context.job.attempts + 1
        job = Job(context.job.id, name, args, attempt, attempt >= timing.attempts)
        outcome = await run({name: function}, services, job, timing)
        if outcome.error is None:
            return
        if outcome.again_after is None:
            await _write_failure(services, job.id, outcome.error)
        else:
            await _release_key(services, context.job)
        raise _Failed(outcome)

    app.task(name=name, queue=QUEUE, pass_context=True, retry=_AsDecided())(task)


async def _write_failure(services: "Services", job_id: int, error: str) -> None:
    def work(tx: "Transaction") -> None:
        tx.execute(
            "INSERT INTO job_failures (job_id, error, failed_at) VALUES (:id, :error, :now)"
            " ON CONFLICT (job_id) DO UPDATE SET error = excluded.error, failed_at = excluded.failed_at",
            id=job_id,
            error=error.replace("\x00", ""),
            now=to_ms(_now()),
        )

    await services.database.write(work)


async def _release_key(services: "Services", job: StoredJob) -> None:
    """Before a next attempt: another job of the key may wait by now, and procrastinate lets only one of them wait."""
    if job.queueing_lock is not None:
        release = "UPDATE procrastinate_jobs SET queueing_lock = NULL WHERE id = :id"
        await services.database.write(lambda tx: tx.execute(release, id=job.id))


def _joins_waiting(tx: "Transaction", key: str, at: datetime | None) -> bool:
    """Whether a job of that key already waits for its first attempt; the earlier of the two moments wins. Locked: it must not
    begin before what it is asked to see is committed."""
    found = tx.value(
        "SELECT id FROM procrastinate_jobs WHERE queueing_lock = :key AND status = 'todo' FOR UPDATE", key=key
    )
    if found is None:
        return False
    tx.execute(
        "UPDATE procrastinate_jobs SET scheduled_at = CAST(:at AS timestamptz) WHERE id = :id"
        " AND scheduled_at > coalesce(CAST(:at AS timestamptz), now())",
        at=at,
        id=found,
    )
    return True


def _now() -> datetime:
    """The queue's own time is PostgreSQL's, and so the machine's: a job's moment is compared with now() there."""
    return datetime.now(UTC)
