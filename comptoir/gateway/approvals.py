"""Keep the list of each number's templates as its provider has it: every hour, on demand, and when a refusal hints at it."""

import logging

from comptoir.channels import queries as channels
from comptoir.channels.models import Channel
from comptoir.channels.port import Connection, ConnectionTrouble
from comptoir.foundation.jobs.port import Job, RetryLater, job_name
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Event, Transaction
from comptoir.gateway.pacing import back_off
from comptoir.providers import NUMBERS
from comptoir.templates import syncing
from comptoir.templates.syncing import Synced

log = logging.getLogger(__name__)


async def sync(services: Services, job: Job) -> None:
    """`channel_id`: fetch its whole list. Trouble is tried again, and then left to the next hour."""
    try:
        await sync_now(services, int(job.args["channel_id"]))
    except ConnectionTrouble as trouble:
        if job.attempt < 4:
            raise RetryLater(str(trouble), back_off(job.attempt)) from trouble
        log.warning("the templates of channel %s could not be fetched: %s", job.args["channel_id"], trouble)


async def begin(services: Services, job: Job) -> None:
    """Reaction to channel.connected: a number's templates are there before anybody asks for one."""

    def work(tx: Transaction) -> None:
        channel_id = tx.find(Event, int(job.args["event_id"])).channel_id
        channel = tx.session.get(Channel, channel_id) if channel_id else None
        if channel is not None and channel.provider in NUMBERS:
            tx.enqueue(job_name(sync), {"channel_id": channel.id}, key=f"templates:{channel.id}")

    await services.database.write(work)


async def sync_now(services: Services, channel_id: int) -> Synced | None:
    """What changed; None for a channel that has no templates (any more). ConnectionTrouble when its provider does not answer."""

    def look(tx: Transaction) -> tuple[str, Connection] | None:
        channel = tx.session.get(Channel, channel_id)
        if channel is None or channel.disconnected_at is not None or channel.provider not in NUMBERS:
            return None
        return channel.provider, channels.connection_of(channel, services.secrets)

    known = await services.database.read(look)
    if known is None:
        return None
    found = await NUMBERS[known[0]].templates(known[1])
    return await services.database.write(lambda tx: syncing.sync(tx, tx.find(Channel, channel_id), found))


async def refresh(services: Services) -> None:
    """Every hour: one job for each number."""

    def work(tx: Transaction) -> None:
        for channel in channels.numbers(tx):
            tx.enqueue(job_name(sync), {"channel_id": channel.id}, key=f"templates:{channel.id}")

    await services.database.write(work)
