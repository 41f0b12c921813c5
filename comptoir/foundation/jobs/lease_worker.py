"""The worker of the queue inside SQLite: it leases what is due, runs it, renews the leases, and settles what has ended.

Every statement that moves a job from one state to the next is here, fenced by its lease, so that no two workers can end one run.
"""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from comptoir.foundation.jobs.port import Job, JobFunction
from comptoir.foundation.jobs.running import Outcome, Timing, crashed, run
from comptoir.foundation.tables import from_ms, to_ms
from comptoir.foundation.waiting import wait_within

if TYPE_CHECKING:
    from comptoir.foundation.services import Services
    from comptoir.foundation.transaction import Transaction

log = logging.getLogger(__name__)


class _Claimed(msgspec.Struct):
    job: Job
    lane: str | None
    lease: str


class Worker:
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
        await wait_within(self._awake, wait)

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
