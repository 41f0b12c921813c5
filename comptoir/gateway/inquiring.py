"""Ask a provider what became of a message that it took and has said nothing of since: its calls may have found nobody here.

Twilio calls once or twice for each status and gives up, but tells the state of a message that is asked for by its id; Meta
calls again for days, and cannot be asked. The answer goes into the ledger as the call would have, so it only moves a message
forward, and once. The questions wait in the queue of jobs: what fell due while nobody ran is asked at the start.
"""

import hashlib
import logging
from datetime import timedelta

from comptoir.channels import queries as channels
from comptoir.channels.models import Channel
from comptoir.channels.port import Connection, ConnectionTrouble, Inquiring
from comptoir.conversations.models import Delivery, Message
from comptoir.foundation.jobs.port import Job, RetryLater, job_name
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.gateway import catching
from comptoir.gateway.catching import Call
from comptoir.providers import NUMBERS

log = logging.getLogger(__name__)

WAITS = tuple(timedelta(minutes=minutes) for minutes in (5, 30, 120, 480, 1440))  # a phone may be off for long


def ask_later(tx: Transaction, message: Message, provider: str) -> None:
    """It has just been taken: in five minutes, if nothing more is known by then."""
    if isinstance(NUMBERS.get(provider), Inquiring) and message.delivery == Delivery.SENT:
        tx.enqueue(job_name(ask), {"message_id": message.id}, at=tx.now + WAITS[0], key=f"inquiring:{message.id}")


async def ask(services: Services, job: Job) -> None:
    """`message_id`. Nothing new yet, or trouble: again, later and later; then it stays as it is."""
    message_id = int(job.args["message_id"])
    asked = await services.database.read(lambda tx: _question(tx, services, message_id))
    if asked is None:
        return
    provider, connection, external_id = asked
    try:
        body = await provider.inquire(connection, external_id)
        reason = "nothing new is known of it"
    except ConnectionTrouble as trouble:
        body, reason = None, str(trouble)
    if body is not None:
        key = f"inquired:{hashlib.sha256(body).hexdigest()}"
        call = Call(connection.channel_id, body, key, None)
        await services.database.write(lambda tx: catching.keep_calls(tx, [call]))
    elif job.attempt < len(WAITS) and not job.is_last:
        raise RetryLater(reason, WAITS[job.attempt])
    else:
        log.info("what became of message %s is not known: %s", message_id, reason)


def _question(tx: Transaction, services: Services, message_id: int) -> tuple[Inquiring, Connection, str] | None:
    """None when there is nothing to ask any more."""
    message = tx.session.get(Message, message_id)
    channel = tx.session.get(Channel, message.channel_id) if message is not None else None
    if message is None or channel is None or channel.disconnected_at is not None:
        return None
    provider = NUMBERS.get(channel.provider)
    if message.delivery != Delivery.SENT or message.external_id is None or not isinstance(provider, Inquiring):
        return None
    return provider, channels.connection_of(channel, services.secrets), message.external_id
