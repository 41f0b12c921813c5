"""Replies leave here, and nothing else does. The same bytes at every attempt; never twice when it can be known.

Replies of one conversation leave in order, as long as that costs seconds: what cannot leave at its second attempt steps out of
the lane and waits by itself, for a day if need be, while later ones pass (docs/decisions/0011-answering.md).

Replies of one conversation leave in order, as long as that costs seconds: one that cannot leave after its second attempt
steps out of the lane and waits by itself (docs/decisions/0011-answering.md).

Interrupted between the last byte and the server's answer, nobody can know whether a mail left: it stays *sending*, and the
next attempt looks for it among the sent mail before it sends.
"""

import asyncio
import logging
from datetime import timedelta

import msgspec
from msgspec import Struct

from comptoir.channels import queries as channels
from comptoir.channels.models import Channel
from comptoir.channels.port import ChannelKind, Connection, ConnectionTrouble, Outgoing, Receipt, SendError
from comptoir.conversations import delivering
from comptoir.conversations.models import Delivery, Message
from comptoir.foundation.files import FileMissing
from comptoir.foundation.jobs.port import Job, RetryLater, job_name
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.gateway import leaving, messaging
from comptoir.gateway.leaving import Letter
from comptoir.providers import PROVIDERS

log = logging.getLogger(__name__)

SECONDS = 300.0  # for one attempt, whatever its size; after that nobody knows whether it left

# Before attempt 2, 3 ...: nearly a day in ten attempts, as mail servers do.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (0.25, 1, 5, 15, 60, 120, 240, 360, 600))
IN_LANE = 1  # so many waits hold the conversation's lane

OUTCOME_UNKNOWN = "unknown_outcome"  # given up without knowing whether it left
UNEXPECTED = "unexpected"  # our own mistake, perhaps after it left
IN_DOUBT = frozenset({OUTCOME_UNKNOWN, UNEXPECTED})


class _Claimed(Struct, frozen=True):
    """`is_in_doubt`: an earlier attempt ended without an answer, so it may have left."""

    letter: Letter
    provider: str
    connection: Connection
    is_in_doubt: bool


async def send(services: Services, job: Job) -> None:
    """`message_id`: a queued reply leaves, or fails with a reason, or waits for its next attempt. `attempts`: how many were
    made before this job."""
    message_id = job.args["message_id"]
    claimed = await services.database.write(lambda tx: _claim(tx, services, message_id))
    if claimed is None:
        return
    if isinstance(claimed, messaging.Bubble):
        await messaging.deliver(services, job, claimed)
        return
    try:
        outgoing = await asyncio.to_thread(leaving.with_files, claimed.letter, services.files)
        receipt = await _deliver(claimed, outgoing)
    except FileMissing:
        await _fail(services, message_id, code="file_missing", detail="")
    except SendError as error:
        await _put_off(services, job, error)
    except Exception as error:
        log.exception("message %s could not be sent", message_id)
        await _fail(services, message_id, code=UNEXPECTED, detail=f"{type(error).__name__}: {error}")
    else:
        await services.database.write(lambda tx: _sent(tx, message_id, receipt))


async def file_copy(services: Services, job: Job) -> None:
    """`message_id`: put a copy of what was sent among the sent mail, unless the host has done so itself."""
    message_id = job.args["message_id"]

    def look(tx: Transaction) -> tuple[Letter, str, Connection] | None:
        message = tx.session.get(Message, message_id)
        channel = tx.session.get(Channel, message.channel_id) if message else None
        if message is None or channel is None or channel.disconnected_at is not None:
            return None
        return (
            leaving.letter(tx, message, states=leaving.LEFT),
            channel.provider,
            channels.connection_of(channel, services.secrets),
        )

    found = await services.database.read(look)
    if found is None:
        return
    letter, provider, connection = found
    outgoing = await asyncio.to_thread(leaving.with_files, letter, services.files)
    await PROVIDERS[provider].file_copy(connection, outgoing)


def _claim(tx: Transaction, services: Services, message_id: int) -> _Claimed | messaging.Bubble | None:
    """Take a queued reply in hand. A note asked for by mistake stops here, loudly; a reply no longer to be sent, quietly."""
    message = tx.session.get(Message, message_id)
    if message is None:
        return None
    leaving.require_reply(message)
    channel = tx.find(Channel, message.channel_id)
    if channel.kind == ChannelKind.WHATSAPP:
        return messaging.claim(tx, services, message, channel)
    is_in_doubt = message.delivery == Delivery.SENDING or _failed_in_doubt(tx, message)
    if not delivering.start(tx, message):
        return None
    if channel.disconnected_at is not None:
        delivering.failed(tx, message, code="channel_disconnected", detail="")
        return None
    return _Claimed(
        letter=leaving.letter(tx, message, states=leaving.MAY_LEAVE),
        provider=channel.provider,
        connection=channels.connection_of(channel, services.secrets),
        is_in_doubt=is_in_doubt,
    )


def _failed_in_doubt(tx: Transaction, message: Message) -> bool:
    """It was given up, and a member tries again, but it may have left."""
    data = tx.value(
        "SELECT data FROM events WHERE conversation_id = :conversation AND message_id = :message"
        " AND type = 'message.failed' ORDER BY id DESC LIMIT 1",
        conversation=message.conversation_id,
        message=message.id,
    )
    return data is not None and msgspec.json.decode(data).get("code") in IN_DOUBT


async def _deliver(claimed: _Claimed, outgoing: Outgoing) -> Receipt:
    provider = PROVIDERS[claimed.provider]
    if claimed.is_in_doubt:
        try:
            if await provider.find_sent(claimed.connection, outgoing.header_id):
                return Receipt(external_id=outgoing.header_id)
        except ConnectionTrouble as trouble:
            raise SendError(trouble.code, trouble.detail, permanent=False, unknown=True) from trouble
    try:
        async with asyncio.timeout(SECONDS):
            return await provider.send(claimed.connection, outgoing)
    except TimeoutError:
        raise SendError("timeout", "", permanent=False, unknown=True) from None


async def _put_off(services: Services, job: Job, error: SendError) -> None:
    message_id = job.args["message_id"]
    attempt = int(job.args.get("attempts", 0)) + job.attempt
    if error.permanent or job.is_last or attempt > len(WAITS):
        code = OUTCOME_UNKNOWN if error.unknown and not error.permanent else error.code
        await _fail(services, message_id, code=code, detail=error.detail)
        return

    wait = WAITS[attempt - 1]

    def work(tx: Transaction) -> None:
        if not error.unknown:
            delivering.delayed(tx, tx.find(Message, message_id), code=error.code, detail=error.detail)
        if attempt > IN_LANE:
            tx.enqueue(job_name(send), {"message_id": message_id, "attempts": attempt}, at=tx.now + wait)

    await services.database.write(work)
    if attempt <= IN_LANE:
        raise RetryLater(f"{error.code}: {error.detail}", wait)


async def _fail(services: Services, message_id: int, *, code: str, detail: str) -> None:
    def work(tx: Transaction) -> None:
        delivering.failed(tx, tx.find(Message, message_id), code=code, detail=detail)

    await services.database.write(work)


def _sent(tx: Transaction, message_id: int, receipt: Receipt) -> None:
    message = tx.find(Message, message_id)
    if message.delivery != Delivery.SENDING:
        return
    delivering.sent(tx, message, refused=receipt.refused)
    if receipt.size_limit is not None:
        tx.find(Channel, message.channel_id).size_limit = receipt.size_limit
    tx.enqueue(job_name(file_copy), {"message_id": message_id}, key=f"file_copy:{message_id}")
