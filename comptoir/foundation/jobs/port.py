"""What a queue of jobs promises, whichever engine keeps it (tests/foundation/test_promises_jobs.py runs against both).

A job is enqueued in the caller's own transaction; is run at least once, at or after its moment; is retried with back-off;
runs one at a time and in order within its lane, where a job that waits for its next attempt holds its lane; is taken over by
another process when its worker dies; and is kept, visible, when it has failed for good. So every job is idempotent.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct

if TYPE_CHECKING:
    from comptoir.foundation.services import Services
    from comptoir.foundation.transaction import Transaction


class Job(Struct, frozen=True):
    """One run of one job. `attempt` starts at 1; `is_last` says that a failure now would be for good."""

    id: int
    name: str
    args: Mapping[str, Any]
    attempt: int
    is_last: bool = False


class DeadJob(Struct, frozen=True):
    """A job that failed for good, kept until someone revives or drops it."""

    id: int
    name: str
    args: Mapping[str, Any]
    attempts: int
    error: str
    failed_at: datetime


class RetryLater(Exception):
    """Raised by a job to be run again after `wait` instead of the usual back-off."""

    def __init__(self, reason: str, wait: timedelta) -> None:
        super().__init__(reason)
        self.wait = wait


class GiveUp(Exception):
    """Raised by a job that knows that no other attempt can help: dead at once."""


JobFunction = Callable[["Services", Job], Awaitable[None]]


def job_name(function: JobFunction) -> str:
    """`gateway.sending.send`: where to read what a job does."""
    return f"{function.__module__.removeprefix('comptoir.')}.{function.__name__}"


class Queue(Protocol):
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
        """Inside the caller's transaction: a rollback leaves nothing. The same `key` while one waits for its first
        attempt is one job; one that waits for another attempt has given up its key."""

    async def work(
        self,
        services: "Services",
        functions: Mapping[str, JobFunction],
        stop: asyncio.Event,
    ) -> None:
        """Run jobs until `stop` is set, then let the running ones end."""

    def wake(self) -> None:
        """Something was enqueued and committed in this process: look now rather than at the next poll."""

    def dead(self, tx: "Transaction") -> list[DeadJob]: ...
    def revive(self, tx: "Transaction", id: int) -> None: ...
    def waiting(self, tx: "Transaction") -> int:
        """How many jobs are due and not done: what `comptoir doctor` looks at."""
