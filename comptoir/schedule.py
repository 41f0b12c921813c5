"""What the clock makes happen: every so many seconds, a function. Each may run late, twice or in two processes at once."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from comptoir.conversations import early, waking
from comptoir.conversations.handling import scheduling
from comptoir.demo import living
from comptoir.foundation.services import Services
from comptoir.foundation.waiting import wait_within
from comptoir.gateway import approvals, digests, retelling
from comptoir.notifications import dismissing
from comptoir.privacy import expiring, failing

log = logging.getLogger(__name__)


class Task(NamedTuple):
    seconds: float
    function: Callable[[Services], Awaitable[None]]


SCHEDULE: Sequence[Task] = (
    Task(4.0, living.go_on),
    Task(20.0, waking.wake_due),
    Task(10.0, scheduling.leave_due),
    Task(300.0, digests.send_due),
    Task(3600.0, approvals.refresh),
    Task(3600.0, retelling.ask_all),
    Task(86400.0, early.expire),
    Task(3600.0, dismissing.forget_old),
    Task(3600.0, expiring.remove_expired),
    Task(3600.0, failing.fail_abandoned),
)


async def run(services: Services, stop: asyncio.Event) -> None:
    """Run every task of the schedule until `stop`; one that fails is logged and runs again at its next time."""
    await asyncio.gather(*(_repeat(services, task, stop) for task in SCHEDULE))


async def _repeat(services: Services, task: Task, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            await task.function(services)
        except Exception:
            log.exception("%s failed; it runs again in %s s", task.function.__name__, task.seconds)
        await wait_within(stop, task.seconds)
