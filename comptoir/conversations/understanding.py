"""A mail that was shown as unreadable has been read after all: its message says now what it says.

It stays where it is, because somebody may have answered or assigned it there; only its conversation takes its subject
and its contact, when it holds nothing else yet.
"""

from collections.abc import Iterable

from comptoir.channels.port import Incoming
from comptoir.conversations import attributing, receiving
from comptoir.conversations.models import Conversation, Message
from comptoir.conversations.writing_down import KeptFile, has_shown_files, write_down
from comptoir.foundation.transaction import Transaction
from comptoir.mail.quotes import preview


def understand(
    tx: Transaction,
    message: Message,
    incoming: Incoming,
    *,
    files: Iterable[KeptFile] = (),
    remote_images: int = 0,
) -> None:
    """Twice is once: a message that can be read is left alone. The same mail may have come again meanwhile, readable:
    then this one keeps its own external id."""
    if not message.is_unreadable:
        return
    kept = list(files)
    incoming, message.context = attributing.unfold(tx, incoming)
    if receiving.already_here(tx, message.channel_id, incoming) is None:
        message.external_id = incoming.external_id
    contact = attributing.contact_of(tx, incoming)
    write_down(tx, message, incoming, contact, files=kept, remote_images=remote_images)
    conversation = tx.find(Conversation, message.conversation_id)
    _name(tx, conversation, message)
    conversation.has_files = conversation.has_files or has_shown_files(kept)
    conversation.version += 1
    tx.record(
        "message.understood",
        conversation_id=conversation.id,
        message_id=message.id,
        channel_id=message.channel_id,
    )


def _name(tx: Transaction, conversation: Conversation, message: Message) -> None:
    others = tx.value(
        "SELECT 1 FROM messages WHERE conversation_id = :conversation AND id <> :message LIMIT 1",
        conversation=conversation.id,
        message=message.id,
    )
    if others is None:
        conversation.subject = message.subject
        conversation.contact_id = message.contact_id
        conversation.preview = preview(message.text) or message.subject
