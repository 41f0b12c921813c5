"""What became of a reply: queued -> sending -> sent -> delivered -> read, or failed. Forward only, except by a retry."""

from collections.abc import Sequence

from comptoir.channels.port import Refusal
from comptoir.conversations import reporting
from comptoir.conversations.errors import AlreadyLeft, NotFailed
from comptoir.conversations.models import Conversation, Delivery, Kind, Message
from comptoir.conversations.search import index
from comptoir.foundation.transaction import Transaction


def start(tx: Transaction, message: Message) -> bool:
    """Claim a queued reply for sending; false when it is no longer to be sent (sent already, discarded, or no reply at all).

    A message found *sending* was interrupted between the server and us: it is claimed again, and the caller must look
    whether it left before it sends.
    """
    if message.kind != Kind.REPLY or message.delivery not in (
        Delivery.QUEUED,
        Delivery.SENDING,
    ):
        return False
    if message.delivery == Delivery.QUEUED:
        message.delivery = Delivery.SENDING
        _record(tx, message, "message.sending")
    return True


def sent(tx: Transaction, message: Message, *, refused: Sequence[Refusal] = ()) -> None:
    """The server took it. Recipients that it refused are kept beside, each with the server's reason."""
    if message.delivery != Delivery.SENDING:
        return
    message.delivery = Delivery.SENT
    message.error_code = message.error_detail = None
    message.refusals = [[refusal.address, refusal.reason] for refusal in refused] or None
    reporting.settle(message)  # a bounce may have been quicker than the server's answer to us
    if message.delivery == Delivery.FAILED:
        _count_failures(tx, message, +1)
    _record(tx, message, "message.sent")


def failed(tx: Transaction, message: Message, *, code: str, detail: str) -> None:
    """It did not leave, and trying again by itself will not help: red, counted on its conversation, with the reason."""
    if message.delivery not in (Delivery.QUEUED, Delivery.SENDING):
        return
    message.delivery = Delivery.FAILED
    message.error_code = code
    message.error_detail = detail[:2000]
    _count_failures(tx, message, +1)
    _record(tx, message, "message.failed", code=code)


def delayed(tx: Transaction, message: Message, *, code: str, detail: str) -> None:
    """It did not leave this time and will be tried again: queued, with the reason so far."""
    if message.delivery != Delivery.SENDING:
        return
    message.delivery = Delivery.QUEUED
    message.error_code = code
    message.error_detail = detail[:2000]
    _record(tx, message, "message.delayed", code=code)


def retry(tx: Transaction, message: Message) -> None:
    """Send a failed reply again: the same bytes, the same Message-ID."""
    _require_failed(message)
    message.delivery = Delivery.QUEUED
    message.error_code = message.error_detail = None
    message.refusals = None
    message.receipts = None
    _count_failures(tx, message, -1)
    _record(tx, message, "message.queued")


def discard(tx: Transaction, message: Message) -> None:
    """Remove a reply that never left the house. One that came back did leave."""
    _require_failed(message)
    if message.receipts:
        raise AlreadyLeft
    _count_failures(tx, message, -1)
    conversation_id, channel_id, message_id = (
        message.conversation_id,
        message.channel_id,
        message.id,
    )
    index.remove(tx, message_id)
    tx.execute("UPDATE attachments SET message_id = NULL WHERE message_id = :id", id=message_id)
    tx.remove(message)
    tx.record(
        "message.discarded",
        conversation_id=conversation_id,
        message_id=message_id,
        channel_id=channel_id,
    )


def _require_failed(message: Message) -> None:
    if message.kind != Kind.REPLY or message.delivery != Delivery.FAILED:
        raise NotFailed


def _count_failures(tx: Transaction, message: Message, change: int) -> None:
    conversation = tx.find(Conversation, message.conversation_id)
    conversation.failed_count = max(0, conversation.failed_count + change)
    conversation.version += 1


def _record(tx: Transaction, message: Message, type: str, **data: object) -> None:
    tx.record(
        type,
        conversation_id=message.conversation_id,
        message_id=message.id,
        channel_id=message.channel_id,
        **data,
    )
