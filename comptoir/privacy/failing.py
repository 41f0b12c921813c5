"""Nobody waits for ever for an export or an erasure: one that can no longer end says so, and may be asked to go on."""

import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

from comptoir.foundation.jobs.port import GiveUp, Job
from comptoir.foundation.services import Services
from comptoir.foundation.tables import to_ms
from comptoir.foundation.transaction import Transaction
from comptoir.privacy import asking
from comptoir.privacy.models import DataRequest

LONGEST = timedelta(days=1)  # all attempts of a job and their waits take less


@contextlib.asynccontextmanager
async def told(services: Services, job: Job, request_id: int) -> AsyncIterator[None]:
    """What fails in here for the last time fails the request."""
    try:
        yield
    except Exception as trouble:
        if job.is_last or isinstance(trouble, GiveUp):
            await services.database.write(lambda tx: asking.fail(tx, tx.find(DataRequest, request_id)))
        raise


async def fail_abandoned(services: Services) -> None:
    """Scheduled: a job that died with its worker every time told nobody."""
    await services.database.write(_fail_abandoned)


def _fail_abandoned(tx: Transaction) -> None:
    before = to_ms(tx.now - LONGEST)
    for (id,) in tx.rows("SELECT id FROM data_requests WHERE state = 'waiting' AND asked_at < :before", before=before):
        asking.fail(tx, tx.find(DataRequest, id))
