"""The queue inside SQLite: one small table in the same file, so that a job is committed with the rows that asked for it.

A worker leases the jobs it runs and renews the leases while they run; a lease that ends unrenewed means a dead worker.
SQLite has one writer, so two plain rules keep lanes in order: only the first job of a lane is ever `ready`, and whoever
finishes it makes the next one `ready` in the same transaction. Claiming reads one end of an index, whatever the table holds.
"""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from comptoir.foundation.errors import NotFound
from comptoir.foundation.jobs.port import DeadJob, Job, JobFunction
from comptoir.foundation.jobs.running import Outcome, Timing, crashed, run
from comptoir.foundation.tables import Id, Moment, Packed, Table, from_ms, to_ms

if TYPE_CHECKING:
    from comptoir.foundation.services import Services
    from comptoir.foundation.transaction import Transaction

log = logging.getLogger(__name__)

DEAD_SHOWN = 1000


class StoredJob(Table):
    """`state`: held (behind another job of its lane), ready (waits for `run_at`), running (leased) or dead. Done is deleted."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_due", "state", "run_at", "id"),
        Index("ix_jobs_leased", "leased_until", sqlite_where=text("state = 'running'")),
        Index("ix_jobs_lane", "lane", "id", sqlite_where=text("lane IS NOT NULL AND state <> 'dead'")),
        Index("ix_jobs_key", "key", sqlite_where=text("key IS NOT NULL AND state IN ('ready', 'held')")),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(128))
    args: Mapped[dict[str, Any]] = mapped_column(Packed)
    state: Mapped[str] = mapped_column(String(8))
    lane: Mapped[str | None] = mapped_column(String(128))
    key: Mapped[str | None] = mapped_column(String(256))
    run_at: Mapped[datetime] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None] = mapped_column(Moment)
    lease: Mapped[str | None] = mapped_column(String(16))
    error: Mapped[str | None] = mapped_column(Text)
    failed_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)


class LeaseQueue:
    def __init__(self, timing: Timing | None = None) -> None:
        self.timing = timing or Timing()
        self._workers: set[_Worker] = set()

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
        run_at = to_ms(at or tx.now)
        if key is not None and _joins_waiting(tx, key, run_at):
            return
        tx.execute(
            "INSERT INTO jobs (name, args, state, lane, key, run_at, attempts, created_at) VALUES (:name, :args,"
            " CASE WHEN EXISTS (SELECT 1 FROM jobs WHERE lane = :lane AND state <> 'dead') THEN 'held' ELSE 'ready' END,"
            " :lane, :key, :run_at, 0, :now)",
            name=name,
            args=msgspec.json.encode(args).decode(),
            lane=lane,
            key=key,
            run_at=run_at,
            now=to_ms(tx.now),
        )

    async def work(self, services: "Services", functions: Mapping[str, JobFunction], stop: asyncio.Event) -> None:
        worker = _Worker(self.timing, services, functions, stop)
        self._workers.add(worker)
        try:
            await worker.work()
        finally:
            self._workers.discard(worker)

    def wake(self) -> None:
        for worker in tuple(self._workers):
            worker.wake_from_thread()

    def dead(self, tx: "Transaction") -> list[DeadJob]:
        """The newest first, at most a thousand."""
        found = tx.rows(
            "SELECT id, name, args, attempts, error, failed_at FROM jobs WHERE state = 'dead'"
            " ORDER BY failed_at DESC, id DESC LIMIT :limit",
            limit=DEAD_SHOWN,
        )
        return [
            DeadJob(id, name, msgspec.json.decode(args), attempts, error or "", from_ms(failed_at))
            for id, name, args, attempts, error, failed_at in found
        ]

    def revive(self, tx: "Transaction", id: int) -> None:
        """Back to its first attempt; behind the job that its lane is busy with, if there is one."""
        revived = tx.execute(
            "UPDATE jobs SET attempts = 0, run_at = :now, key = NULL, error = NULL, failed_at = NULL,"
            " state = CASE WHEN EXISTS (SELECT 1 FROM jobs AS other WHERE other.lane = jobs.lane AND other.state <> 'dead')"
            " THEN 'held' ELSE 'ready' END WHERE id = :id AND state = 'dead'",
            id=id,
            now=to_ms(tx.now),
        )
        if not revived:
            raise NotFound
        tx.has_jobs = True

    def waiting(self, tx: "Transaction") -> int:
        return int(
            tx.value(
                "SELECT count(*) FROM jobs WHERE state IN ('ready', 'held', 'running') AND run_at <= :now",
                now=to_ms(tx.now),
            )
        )


class _Claimed(msgspec.Struct):
    job: Job
    lane: str | None
    lease: str


class _Worker:
    """One write settles what has ended and claims what is next, so that a busy worker pays one fsync for both."""

    def __init__(
        self, timing: Timing, services: "Services", functions: Mapping[str, JobFunction], stop: asyncio.Event
    ) -> None:
        self._timing = timing
        self._services = services
        self._functions = functions
        self._stop = stop
        self._loop = asyncio.get_running_loop()
        self._awake = asyncio.Event()
        self._running: dict[asyncio.Task[Outcome], _Claimed] = {}
        self._ended: list[tuple[_Claimed, Outcome]] = []

    def wake_from_thread(self) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has just closed
            self._loop.call_soon_threadsafe(self._awake.set)

    async def work(self) -> None:
        beside = [asyncio.create_task(self._wake_at_stop()), asyncio.create_task(self._keep_leases())]
        try:
            while not self._stop.is_set() or self._running or self._ended:
                self._awake.clear()
                await self._rest(await self._turn())
        finally:
            for task in (*beside, *self._running):
                task.cancel()

    async def _turn(self) -> datetime | None:
        """Settle and claim, if there is anything to settle or to claim; when the next job will be due."""
        ended, self._ended = self._ended, []
        free = 0 if self._stop.is_set() else self._timing.concurrency - len(self._running)
        try:
            if not ended:
                next_at = await self._services.database.read(_next_due) if free else None
                if next_at is None or next_at > self._services.clock():
                    return next_at
            claims, next_at = await self._services.database.write(
                partial(_settle_and_claim, timing=self._timing, ended=ended, limit=free)
            )
        except Exception:
            log.exception("the queue of jobs cannot be reached; looking again in %s s", self._timing.poll)
            self._ended = ended + self._ended
            await asyncio.sleep(self._timing.poll)
            return None
        for claimed in claims:
            self._start(claimed)
        return next_at

    def _start(self, claimed: _Claimed) -> None:
        task = asyncio.create_task(run(self._functions, self._services, claimed.job, self._timing))
        self._running[task] = claimed
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[Outcome]) -> None:
        claimed = self._running.pop(task)
        if task.cancelled():
            wait = self._timing.back_off(claimed.job.attempt)
            outcome = Outcome("The job was cancelled.", None if claimed.job.is_last else wait)
        else:
            outcome = task.result()
        self._ended.append((claimed, outcome))
        self._awake.set()

    async def _rest(self, next_at: datetime | None) -> None:
        """Until something ends, is enqueued or is due; a poll apart at the most, for what other processes enqueue."""
        wait = self._timing.poll
        if next_at is not None and len(self._running) < self._timing.concurrency and not self._stop.is_set():
            wait = min(wait, max((next_at - self._services.clock()).total_seconds(), 0.001))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._awake.wait(), wait)

    async def _wake_at_stop(self) -> None:
        await self._stop.wait()
        self._awake.set()

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(self._timing.lease / 3)
            if self._running:
                try:
                    await self._renew()
                except Exception:
                    log.exception("the leases of running jobs could not be renewed")

    async def _renew(self) -> None:
        held = {(claimed.job.id, claimed.lease): task for task, claimed in self._running.items()}
        kept = await self._services.database.write(partial(_extend, timing=self._timing, held=list(held)))
        for lease in held.keys() - kept:
            held[lease].cancel()  # another worker has this job now, or it has just ended


def _joins_waiting(tx: "Transaction", key: str, run_at: int) -> bool:
    """Whether a job of that key already waits for its first attempt; the earlier of the two moments wins."""
    found = tx.row(
        "SELECT id, run_at FROM jobs WHERE key = :key AND state IN ('ready', 'held') AND attempts = 0 LIMIT 1", key=key
    )
    if found is None:
        return False
    id, waits_until = found
    if run_at < waits_until:
        tx.execute("UPDATE jobs SET run_at = :run_at WHERE id = :id", run_at=run_at, id=id)
    return True


def _next_due(tx: "Transaction") -> datetime | None:
    found = tx.value(
        "SELECT min(moment) FROM (SELECT (SELECT min(run_at) FROM jobs WHERE state = 'ready') AS moment"
        " UNION ALL SELECT (SELECT min(leased_until) FROM jobs WHERE state = 'running'))"
    )
    return None if found is None else from_ms(found)


def _settle_and_claim(
    tx: "Transaction", *, timing: Timing, ended: list[tuple[_Claimed, Outcome]], limit: int
) -> tuple[list[_Claimed], datetime | None]:
    for claimed, outcome in ended:
        _settle(tx, claimed, outcome)
    return (_claim(tx, timing, limit) if limit else []), _next_due(tx)


def _claim(tx: "Transaction", timing: Timing, limit: int) -> list[_Claimed]:
    _recover(tx, timing)
    lease = secrets.token_hex(8)
    found = tx.rows(
        "UPDATE jobs SET state = 'running', attempts = attempts + 1, leased_until = :until, lease = :lease WHERE id IN"
        " (SELECT id FROM jobs WHERE state = 'ready' AND run_at <= :now ORDER BY run_at, id LIMIT :limit)"
        " RETURNING run_at, id, name, args, attempts, lane",
        until=to_ms(tx.now + timedelta(seconds=timing.lease)),
        lease=lease,
        now=to_ms(tx.now),
        limit=limit,
    )
    return [
        _Claimed(Job(id, name, msgspec.json.decode(args), attempts, attempts >= timing.attempts), lane, lease)
        for _, id, name, args, attempts, lane in sorted(found)
    ]


def _recover(tx: "Transaction", timing: Timing) -> None:
    """Give back what dead workers held. Attempts are counted at the claim, so what kills its worker dies in the end."""
    expired = tx.rows(
        "SELECT id, lane, lease, attempts FROM jobs WHERE state = 'running' AND leased_until <= :now", now=to_ms(tx.now)
    )
    for id, lane, lease, attempts in expired:
        wait = timing.back_off_after_crash(attempts) if attempts < timing.attempts else None
        _settle(tx, _Claimed(Job(id, "", {}, attempts), lane, lease), Outcome(crashed(attempts), wait))


def _extend(tx: "Transaction", *, timing: Timing, held: list[tuple[int, str]]) -> set[tuple[int, str]]:
    until = to_ms(tx.now + timedelta(seconds=timing.lease))
    renew = "UPDATE jobs SET leased_until = :until WHERE id = :id AND lease = :lease"
    return {(id, lease) for id, lease in held if tx.execute(renew, until=until, id=id, lease=lease)}


def _settle(tx: "Transaction", claimed: _Claimed, outcome: Outcome) -> None:
    """Write down how a run ended, unless its lease was lost: then it is another worker's to say."""
    fence = {"id": claimed.job.id, "lease": claimed.lease}
    if outcome.error is None:
        is_ours = tx.execute("DELETE FROM jobs WHERE id = :id AND lease = :lease", **fence)
    elif outcome.again_after is not None:
        tx.execute(
            "UPDATE jobs SET state = 'ready', run_at = :run_at, error = :error, leased_until = NULL, lease = NULL"
            " WHERE id = :id AND lease = :lease",
            run_at=to_ms(tx.now + outcome.again_after),
            error=outcome.error,
            **fence,
        )
        return
    else:
        is_ours = tx.execute(
            "UPDATE jobs SET state = 'dead', failed_at = :now, error = :error, leased_until = NULL, lease = NULL"
            " WHERE id = :id AND lease = :lease",
            now=to_ms(tx.now),
            error=outcome.error,
            **fence,
        )
    if is_ours and claimed.lane is not None:
        tx.execute(
            "UPDATE jobs SET state = 'ready' WHERE state = 'held' AND id ="
            " (SELECT min(id) FROM jobs WHERE lane = :lane AND state <> 'dead')",
            lane=claimed.lane,
        )
