"""What both engines share: the timings, the back-off, and what one run of a job means for its next one."""

import logging
import random
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from comptoir.foundation.jobs.port import GiveUp, Job, JobFunction, RetryLater

if TYPE_CHECKING:
    from comptoir.foundation.services import Services

log = logging.getLogger(__name__)

ERROR_LENGTH = 2000


class Timing(Struct, frozen=True, kw_only=True):
    """Seconds, except the two counts. A worker that has not renewed its lease for `lease` is taken for dead."""

    lease: float = 20.0
    poll: float = 1.0
    first_wait: float = 5.0
    longest_wait: float = 3600.0
    jitter: float = 0.2
    attempts: int = 10
    concurrency: int = 16

    def back_off(self, attempt: int) -> timedelta:
        """How long to wait after `attempt` (from 1) failed; spread, so that what failed together does not return together."""
        wait = min(self.first_wait * 2 ** (attempt - 1), self.longest_wait)
        return timedelta(seconds=wait * random.uniform(1 - self.jitter, 1 + self.jitter))

    def back_off_after_crash(self, attempt: int) -> timedelta:
        """The first crash is usually a restart: no wait. Later ones wait, so a job that kills its worker stops taking others along."""
        return self.back_off(attempt - 1) if attempt > 1 else timedelta(0)


class Outcome(NamedTuple):
    """Done when both are None; dead when there is only an error."""

    error: str | None = None
    again_after: timedelta | None = None


DONE = Outcome()


async def run(functions: Mapping[str, JobFunction], services: "Services", job: Job, timing: Timing) -> Outcome:
    """Run one job; whatever it raises becomes an outcome (a cancellation passes through)."""
    try:
        function = functions.get(job.name)
        if function is None:
            raise LookupError(f"this version knows no job named {job.name}")
        await function(services, job)
    except GiveUp as reason:
        log.error("job %s %s gave up: %s", job.id, job.name, reason)
        return Outcome(describe(reason))
    except RetryLater as reason:
        return _again(job, reason, reason.wait)
    except Exception as error:
        log.warning("job %s %s failed (attempt %s)", job.id, job.name, job.attempt, exc_info=error)
        return _again(job, error, timing.back_off(job.attempt))
    return DONE


def describe(error: BaseException) -> str:
    reason = str(error) if isinstance(error, GiveUp | RetryLater) else f"{type(error).__name__}: {error}"
    return reason[:ERROR_LENGTH]


def crashed(attempts: int) -> str:
    return f"The worker stopped in the middle of this job {attempts} times."


def _again(job: Job, error: BaseException, wait: timedelta) -> Outcome:
    if not job.is_last:
        return Outcome(describe(error), wait)
    log.error("job %s %s is dead after %s attempts: %s", job.id, job.name, job.attempt, describe(error))
    return Outcome(describe(error))
