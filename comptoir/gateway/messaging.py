"""A reply leaves through a number. Never twice: these providers know no key by which the same message would be one.

Where nobody can tell whether it left, it stays *sending* and waits for a status that carries our id. If none comes it is
*failed* as of unknown outcome, and only a member may send it again.
"""

import asyncio
import logging
from datetime import timedelta

import msgspec
from msgspec import Struct

from comptoir.channels import policy, refusals, watching
from comptoir.channels import queries as channels
from comptoir.channels.chat import ChatOutgoing, TemplateUse
from comptoir.channels.models import Channel
from comptoir.channels.policy import FileFacts
from comptoir.channels.port import Connection, OutgoingFile, Receipt, SendError
from comptoir.channels.refusals import Nature
from comptoir.conversations import delivering, reaching, receipting
from comptoir.conversations.answering import drafting
from comptoir.conversations.answering.schemas import DraftContent
from comptoir.conversations.models import Conversation, Delivery, Message
from comptoir.foundation.files import FileMissing
from comptoir.foundation.jobs.port import Job, RetryLater, job_name
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Event, Transaction
from comptoir.gateway import approvals, inquiring, links
from comptoir.gateway.pacing import back_off, paces
from comptoir.providers import NUMBERS

log = logging.getLogger(__name__)

SECONDS = 120.0  # for one attempt, an upload of 100 MB included
HOPING = timedelta(minutes=2)  # for a status, before a member is asked
OUTCOME_UNKNOWN = "unknown_outcome"
MOST_TRIES = 3  # of a message that was accepted and then failed for a passing reason


class KeptFile(Struct, frozen=True):
    id: int
    name: str
    media_type: str
    file_key: str


class Bubble(Struct, frozen=True):
    """A message taken in hand, its file still in the store."""

    message_id: int
    provider: str
    connection: Connection
    outgoing: ChatOutgoing
    file: KeptFile | None


def claim(tx: Transaction, services: Services, message: Message, channel: Channel) -> Bubble | None:
    """The message, when it is to leave now. RetryLater while its number is paused; the policy is asked once more."""
    if message.delivery == Delivery.SENDING:  # interrupted: nobody knows whether it left
        if message.error_code != OUTCOME_UNKNOWN:
            _doubt(tx, message, "")
        return None
    wait = paces.place(channel.id, tx.now)
    if wait is not None and message.delivery == Delivery.QUEUED:
        raise RetryLater("its number is paused", wait)
    if not delivering.start(tx, message):
        return None
    message.external_id = None  # of an attempt before this one
    file = _file(tx, message)
    code = _refusal(tx, message, channel, file)
    if code is not None:
        delivering.failed(tx, message, code=code, detail="")
        return None
    return Bubble(
        message_id=message.id,
        provider=channel.provider,
        connection=channels.connection_of(channel, services.secrets),
        outgoing=_outgoing(tx, services, message, channel),
        file=file[0] if file else None,
    )


async def deliver(services: Services, job: Job, bubble: Bubble) -> None:
    provider = NUMBERS[bubble.provider]
    try:
        outgoing = await _with_file(services, bubble)
        async with asyncio.timeout(SECONDS):
            receipt = await provider.send(bubble.connection, outgoing)
    except FileMissing:
        await _fail(services, bubble.message_id, "file_missing", "")
    except TimeoutError:
        await services.database.write(lambda tx: _doubt(tx, tx.find(Message, bubble.message_id), ""))
    except SendError as error:
        await _refused(services, job, bubble, error)
    except Exception as error:
        log.exception("message %s could not be sent", bubble.message_id)
        detail = f"{type(error).__name__}: {error}"
        await services.database.write(lambda tx: _doubt(tx, tx.find(Message, bubble.message_id), detail))
    else:
        await services.database.write(lambda tx: _sent(tx, bubble, receipt))


async def give_up_hoping(services: Services, job: Job) -> None:
    """`message_id`: no status came for a message of unknown outcome; a member decides."""

    def work(tx: Transaction) -> None:
        message = tx.session.get(Message, job.args["message_id"])
        if message is not None and message.delivery == Delivery.SENDING and message.error_code == OUTCOME_UNKNOWN:
            delivering.failed(tx, message, code=OUTCOME_UNKNOWN, detail=message.error_detail or "")

    await services.database.write(work)


async def follow_failure(services: Services, job: Job) -> None:
    """Reaction to message.failed, at once or by a later status: the window closes, the number is in trouble, the list of
    templates is fetched anew; what failed for a passing reason is sent again, a few times."""
    await services.database.write(lambda tx: _follow(tx, tx.find(Event, int(job.args["event_id"]))))


def _follow(tx: Transaction, event: Event) -> None:
    message = tx.session.get(Message, event.message_id) if event.message_id else None
    channel = tx.session.get(Channel, message.channel_id) if message is not None else None
    if message is None or channel is None or channel.provider not in NUMBERS or message.delivery != Delivery.FAILED:
        return
    code = message.error_code or ""
    if code == "window_closed":
        delivering.close_window(tx, message)
        _give_back(tx, message)
    if code in refusals.STOPPING:
        watching.in_trouble(tx, channel, code=code, detail=message.error_detail or "", side="api")
    if code in refusals.ABOUT_TEMPLATES:
        tx.enqueue(job_name(approvals.sync), {"channel_id": channel.id}, key=f"templates:{channel.id}")
    was_accepted = message.external_id is not None
    if was_accepted and refusals.nature(code) != Nature.NEVER and _tries(tx, message) < MOST_TRIES:
        delivering.retry(tx, message)


def _give_back(tx: Transaction, message: Message) -> None:
    """The words that WhatsApp did not take are their author's draft again, beside the way out: a template."""
    if message.member_id is not None and message.text and _template(message) is None:
        conversation = tx.find(Conversation, message.conversation_id)
        drafting.give_back(tx, conversation, message.member_id, DraftContent(text=message.text))


def _tries(tx: Transaction, message: Message) -> int:
    return int(
        tx.value(
            "SELECT count(*) FROM events WHERE conversation_id = :conversation AND type = 'message.failed'"
            " AND message_id = :message",
            conversation=message.conversation_id,
            message=message.id,
        )
    )


def _refusal(tx: Transaction, message: Message, channel: Channel, file: list[KeptFile]) -> str | None:
    if channel.disconnected_at is not None:
        return "channel_disconnected"
    sizes = dict(tx.rows("SELECT id, size FROM attachments WHERE message_id = :id", id=message.id))
    return policy.may_send(
        channel.provider,
        window_until=tx.find(Conversation, message.conversation_id).window_until,
        now=tx.now,
        is_template=_template(message) is not None,
        words=message.text,
        files=[FileFacts(one.name, one.media_type, sizes[one.id]) for one in file],
    )


def _outgoing(tx: Transaction, services: Services, message: Message, channel: Channel) -> ChatOutgoing:
    our_id = receipting.our_id(message.id)
    conversation = tx.find(Conversation, message.conversation_id)
    quoted = tx.session.get(Message, message.quoted_id) if message.quoted_id else None
    template = _template(message)
    key = channel.settings.get("webhook_key", "")
    return ChatOutgoing(
        our_id=our_id,
        to=reaching.party(tx, conversation, channel),
        group_id=conversation.group_id or "",
        words="" if template is not None else message.text,
        is_voice=bool(message.content and message.content.get("type") == "voice"),
        quoted_id=(quoted.external_id or "") if quoted is not None else "",
        template=template,
        callback_url=f"{services.settings.base_url}/api/webhooks/{channel.provider}/{key}?our_id={our_id}",
    )


def _template(message: Message) -> TemplateUse | None:
    kept = (message.context or {}).get("template")
    return None if kept is None else msgspec.convert(kept, TemplateUse, strict=False)


def _file(tx: Transaction, message: Message) -> list[KeptFile]:
    found = tx.rows(
        "SELECT id, name, media_type, file_key FROM attachments WHERE message_id = :message ORDER BY id",
        message=message.id,
    )
    return [KeptFile(*file) for file in found]


async def _with_file(services: Services, bubble: Bubble) -> ChatOutgoing:
    if bubble.file is None:
        return bubble.outgoing
    content = await asyncio.to_thread(services.files.get, bubble.file.file_key)
    token = links.sign(services.secrets, bubble.file.id, services.clock())
    url = f"{services.settings.base_url}{links.PATH}{token}"
    file = OutgoingFile(bubble.file.name, bubble.file.media_type, content, url)
    template = bubble.outgoing.template
    if template is None:
        return msgspec.structs.replace(bubble.outgoing, file=file)
    return msgspec.structs.replace(bubble.outgoing, template=msgspec.structs.replace(template, header_file=file))


def _sent(tx: Transaction, bubble: Bubble, receipt: Receipt) -> None:
    """A status may have come before this answer: what it said stays true."""
    message = tx.find(Message, bubble.message_id)
    message.external_id = receipt.external_id
    delivering.sent(tx, message)
    receipting.catch_up(tx, message)
    inquiring.ask_later(tx, message, bubble.provider)


def _doubt(tx: Transaction, message: Message, detail: str) -> None:
    delivering.in_doubt(tx, message, code=OUTCOME_UNKNOWN, detail=detail)
    tx.enqueue(job_name(give_up_hoping), {"message_id": message.id}, at=tx.now + HOPING, key=f"hoping:{message.id}")


async def _refused(services: Services, job: Job, bubble: Bubble, error: SendError) -> None:
    if error.unknown:
        await services.database.write(lambda tx: _doubt(tx, tx.find(Message, bubble.message_id), error.detail))
        return
    most = refusals.ATTEMPTS.get(error.code, job.attempt + 1)
    if error.permanent or job.is_last or job.attempt >= most:
        await _fail(services, bubble.message_id, error.code, error.detail)
        return
    wait = back_off(job.attempt)
    if refusals.nature(error.code) == Nature.NUMBER:
        paces.pause(bubble.connection.channel_id, services.clock() + wait)

    def work(tx: Transaction) -> None:
        message = tx.find(Message, bubble.message_id)
        delivering.delayed(tx, message, code=error.code, detail=error.detail)

    await services.database.write(work)
    raise RetryLater(f"{error.code}: {error.detail}", wait)


async def _fail(services: Services, message_id: int, code: str, detail: str) -> None:
    def work(tx: Transaction) -> None:
        delivering.failed(tx, tx.find(Message, message_id), code=code, detail=detail)

    await services.database.write(work)
