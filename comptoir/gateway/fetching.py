"""Files of received messages, fetched from their provider as soon as the message is shown: a provider forgets them in days.

Each file is a job of its own, outside the conversation's lane: a film of 16 MB holds up no reply.
"""

import asyncio
from datetime import timedelta

import msgspec
from msgspec import Struct

from comptoir.channels import queries as channels
from comptoir.channels.chat import MediaRef
from comptoir.channels.models import Channel
from comptoir.channels.port import Connection, MediaTrouble
from comptoir.conversations import completing
from comptoir.conversations.models import Attachment, Message
from comptoir.foundation.jobs.port import Job, RetryLater, job_name
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.providers import NUMBERS

# Before attempt 2, 3 ...: about nine hours in all; after that a member may ask again.
WAITS = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 3600, 28800))


class _Wanted(Struct, frozen=True):
    provider: str
    connection: Connection
    ref: MediaRef


async def fetch_files(services: Services, job: Job) -> None:
    """`message_id`: one job for each of its files that is still at the provider's."""

    def work(tx: Transaction) -> None:
        waiting = tx.rows(
            "SELECT id FROM attachments WHERE message_id = :message AND fetching = :waiting ORDER BY id",
            message=job.args["message_id"],
            waiting=completing.WAITING,
        )
        for (id,) in waiting:
            tx.enqueue(job_name(fetch), {"attachment_id": id}, key=f"fetch:{id}")

    await services.database.write(work)


async def fetch(services: Services, job: Job) -> None:
    """`attachment_id`: into the store, whole and verified; or failed with a reason."""
    id = int(job.args["attachment_id"])
    wanted = await services.database.read(lambda tx: _wanted(tx, services, id))
    if wanted is None:
        return
    try:
        media = await NUMBERS[wanted.provider].fetch(wanted.connection, wanted.ref)
    except MediaTrouble as trouble:
        code = trouble.code
        if not trouble.permanent and not job.is_last and job.attempt <= len(WAITS):
            raise RetryLater(str(trouble), WAITS[job.attempt - 1]) from trouble
        await services.database.write(lambda tx: completing.failed(tx, tx.find(Attachment, id), code=code))
        return
    key = await asyncio.to_thread(services.files.put, media.content)

    def work(tx: Transaction) -> None:
        size, media_type = len(media.content), media.media_type
        completing.arrived(tx, tx.find(Attachment, id), file_key=key, size=size, media_type=media_type)

    await services.database.write(work)


def _wanted(tx: Transaction, services: Services, attachment_id: int) -> _Wanted | None:
    file = tx.session.get(Attachment, attachment_id)
    if file is None or file.fetching != completing.WAITING or file.message_id is None or not file.remote:
        return None
    channel = tx.find(Channel, tx.find(Message, file.message_id).channel_id)
    if channel.disconnected_at is not None or channel.provider not in NUMBERS:
        return None
    connection = channels.connection_of(channel, services.secrets)
    return _Wanted(channel.provider, connection, msgspec.convert(file.remote, MediaRef))
