"""What became of a reply: queued -> sending -> sent -> delivered -> read, or failed. Forward only, except by a retry."""

from collections.abc import Sequence

from comptoir.channels.port import Refusal
from comptoir.conversations import reporting
from comptoir.conversations.errors import AlreadyLeft, NotFailed
from comptoir.conversations.models import Conversation, Delivery, Kind, Message
from comptoir.conversations.search import index
from comptoir.conversations.telling import count_failures, tell
from comptoir.foundation.tables import to_ms
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
        if not _claim(tx, message):
            return False
        tell(tx, message, "message.sending")
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
        count_failures(tx, message, +1)
    tell(tx, message, "message.sent")


def failed(tx: Transaction, message: Message, *, code: str, detail: str) -> None:
    """It did not leave, and trying again by itself will not help: red, counted on its conversation, with the reason."""
    if message.delivery not in (Delivery.QUEUED, Delivery.SENDING):
        return
    message.delivery = Delivery.FAILED
    message.error_code = code
    message.error_detail = detail[:2000]
    count_failures(tx, message, +1)
    tell(tx, message, "message.failed", code=code)


def delayed(tx: Transaction, message: Message, *, code: str, detail: str) -> None:
    """It did not leave this time and will be tried again: queued, with the reason so far."""
    if message.delivery != Delivery.SENDING:
        return
    message.delivery = Delivery.QUEUED
    message.error_code = code
    message.error_detail = detail[:2000]
    tell(tx, message, "message.delayed", code=code)


def in_doubt(tx: Transaction, message: Message, *, code: str, detail: str) -> None:
    """Nobody can tell whether it left: still *sending*, with the reason, until a status or a member says more."""
    if message.delivery != Delivery.SENDING:
        return
    message.error_code = code
    message.error_detail = detail[:2000]
    tell(tx, message, "message.in_doubt", code=code)


def close_window(tx: Transaction, message: Message) -> None:
    """The provider says that free words no longer reach this customer, whatever our own count says."""
    conversation = tx.find(Conversation, message.conversation_id)
    if conversation.window_until is not None and conversation.window_until > tx.now:
        conversation.window_until = tx.now
        conversation.version += 1
        tell(tx, message, "conversation.window_closed")


def retry(tx: Transaction, message: Message) -> None:
    """Send a failed reply again: the same bytes, the same Message-ID."""
    _require_failed(message)
    message.delivery = Delivery.QUEUED
    message.error_code = message.error_detail = None
    message.refusals = None
    message.receipts = None
    count_failures(tx, message, -1)
    tell(tx, message, "message.queued")


def discard(tx: Transaction, message: Message) -> None:
    """Remove a reply that never left the house. One that came back did leave."""
    _require_failed(message)
    if message.receipts:
        raise AlreadyLeft
    count_failures(tx, message, -1)
    tell(tx, message, "message.discarded")
    remove(tx, message)


def remove(tx: Transaction, message: Message) -> None:
    """Its row and all that hangs on it. Its author's uploads are uploads again; copies of forwarded files go."""
    index.remove(tx, message.id)
    for statement in (
        "DELETE FROM attachments WHERE message_id = :id AND member_id IS NULL",
        "UPDATE attachments SET message_id = NULL, is_inline = false, content_id = '' WHERE message_id = :id",
        "DELETE FROM message_html WHERE message_id = :id",
        "DELETE FROM reply_bodies WHERE message_id = :id",
    ):
        tx.execute(statement, id=message.id)
    tx.remove(message)


def _claim(tx: Transaction, message: Message) -> bool:
    """Conditional, because who wrote it may be taking it back at this very moment."""
    claimed = tx.execute(
        "UPDATE messages SET delivery = 'sending', held_until = NULL WHERE id = :id AND delivery = 'queued'"
        " AND (held_until IS NULL OR held_until <= :now)",
        id=message.id,
        now=to_ms(tx.now),
    )
    if claimed:
        tx.session.refresh(message)
    return bool(claimed)


def _require_failed(message: Message) -> None:
    if message.kind != Kind.REPLY or message.delivery != Delivery.FAILED:
        raise NotFailed
