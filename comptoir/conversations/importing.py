"""The past lands quietly: mail that was in the mailbox before it was connected, from the customer or from us.

It is searched and read like any other, and it starts nothing: not unread, not waiting, in conversations that are resolved,
under an event of its own that no rule and no figure looks at. History comes newest first, so an older mail may give its
conversation its beginning: its date and its subject.
"""

from comptoir.conversations.models import Conversation, Message
from comptoir.foundation.transaction import Transaction
from comptoir.mail.quotes import preview


def land(tx: Transaction, conversation: Conversation, message: Message, *, has_files: bool) -> None:
    """What a message of the past does to its conversation; one event. The message is inserted."""
    if message.at >= conversation.last_at:
        conversation.preview = preview(message.text) or message.subject
        conversation.preview_kind = message.kind
        conversation.last_at = min(message.at, tx.now)
    if message.at < conversation.created_at:
        conversation.created_at = message.at
        conversation.subject = message.subject or conversation.subject
    if conversation.contact_id is None:
        conversation.contact_id = message.contact_id
    conversation.has_files = conversation.has_files or has_files
    conversation.version += 1
    tx.record(
        "message.imported",
        conversation_id=conversation.id,
        message_id=message.id,
        channel_id=conversation.channel_id,
    )
