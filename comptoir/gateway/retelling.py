"""Ask a provider what its calls did not bring: at the start, every hour. Some give up calling when nobody answers (Twilio).

What is new goes into the ledger as a call would have, under the provider's id: asked for twice, or called with meanwhile, it
is here once.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from comptoir.channels import queries as channels
from comptoir.channels.models import Channel
from comptoir.channels.port import Connection, ConnectionTrouble, Retelling, Retold
from comptoir.foundation.jobs.port import Job, RetryLater, job_name
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.gateway import catching
from comptoir.gateway.catching import Call
from comptoir.gateway.pacing import back_off
from comptoir.providers import NUMBERS

log = logging.getLogger(__name__)

AGAIN = timedelta(days=1)  # looked at each time: calls are lost one by one, too
BEFORE_SILENCE = timedelta(hours=1)
MOST = timedelta(days=7)
ATTEMPTS = 4


async def ask_all(services: Services) -> None:
    """Scheduled: one job for each number whose provider can be asked."""

    def work(tx: Transaction) -> None:
        for channel in channels.numbers(tx):
            if isinstance(NUMBERS.get(channel.provider), Retelling):
                tx.enqueue(job_name(ask_again), {"channel_id": channel.id}, key=f"retelling:{channel.id}")

    await services.database.write(work)


async def ask_again(services: Services, job: Job) -> None:
    """`channel_id`. Trouble is tried again, and then left to the next hour."""
    channel_id = int(job.args["channel_id"])
    asked = await services.database.read(lambda tx: _question(tx, services, channel_id))
    if asked is None:
        return
    provider, connection, since = asked
    try:
        retold = await provider.retell(connection, since)
    except ConnectionTrouble as trouble:
        if job.attempt < ATTEMPTS:
            raise RetryLater(str(trouble), back_off(job.attempt)) from trouble
        log.warning("channel %s could not be asked what it missed: %s", channel_id, trouble)
        return
    await services.database.write(lambda tx: _keep_new(tx, channel_id, retold))


def _question(tx: Transaction, services: Services, channel_id: int) -> tuple[Retelling, Connection, datetime] | None:
    channel = tx.session.get(Channel, channel_id)
    provider = NUMBERS.get(channel.provider) if channel is not None and channel.disconnected_at is None else None
    if channel is None or not isinstance(provider, Retelling):
        return None
    last = channel.last_webhook_at or channel.created_at
    since = max(channel.created_at, tx.now - MOST, min(tx.now - AGAIN, last - BEFORE_SILENCE))
    return provider, channels.connection_of(channel, services.secrets), since


def _keep_new(tx: Transaction, channel_id: int, retold: Sequence[Retold]) -> None:
    new = [one for one in retold if not _is_here(tx, channel_id, one.external_id)]
    catching.keep_calls(tx, [Call(channel_id, one.body, f"retold:{one.external_id}", None) for one in new])


def _is_here(tx: Transaction, channel_id: int, external_id: str) -> bool:
    found = tx.value(
        "SELECT 1 FROM messages WHERE channel_id = :channel AND external_id = :external",
        channel=channel_id,
        external=external_id,
    )
    return found is not None
