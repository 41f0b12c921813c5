"""The queue inside SQLite: one small table in the same file, so that a job is committed with the rows that asked for it.

A worker leases the jobs it runs and renews the leases while they run; a lease that ends unrenewed means a dead worker.
SQLite has one writer, so two plain rules keep lanes in order: only the first job of a lane is ever `ready`, and whoever
finishes it makes the next one `ready` in the same transaction. Claiming reads one end of an index, whatever the table holds.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from comptoir.foundation.errors import NotFound
from comptoir.foundation.jobs.lease_worker import Worker
from comptoir.foundation.jobs.port import DeadJob, JobFunction
from comptoir.foundation.jobs.running import Timing
from comptoir.foundation.tables import Id, Moment, Packed, Table, from_ms, to_ms

if TYPE_CHECKING:
    from comptoir.foundation.services import Services
    from comptoir.foundation.transaction import Transaction

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
        self._workers: set[Worker] = set()

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
        worker = Worker(self.timing, services, functions, stop)
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
