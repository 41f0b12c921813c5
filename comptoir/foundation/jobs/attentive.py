"""Procrastinate's worker, looking again when a lane is free.

PostgreSQL tells of jobs that were inserted; nobody tells that a job has ended and that the next one of its lane may run, and what
is told while the worker looks is forgotten when it has looked. Either way a lane went on at the next poll only: a job a second.
"""

import asyncio
from typing import Any

from procrastinate.jobs import Job
from procrastinate.worker import Worker


class AttentiveWorker(Worker):
    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._news = self._new_job_event = _News()

    async def _persist_job_status(self, job: Job, *given: Any, **named: Any) -> None:
        await super()._persist_job_status(job, *given, **named)
        if job.lock is not None:
            self._news.set()

    async def _fetch_and_process_jobs(self) -> None:
        told = -1
        while told != self._news.count and not self._stop_event.is_set():
            told = self._news.count
            await super()._fetch_and_process_jobs()  # type: ignore[no-untyped-call]


class _News(asyncio.Event):
    """Counts how often it was told, so that what comes while it is being cleared is not lost."""

    count = 0

    def set(self) -> None:
        self.count += 1
        super().set()
