"""Put labels on a conversation, and take them off."""

from comptoir.conversations.models import Conversation, ConversationLabel
from comptoir.foundation.transaction import Transaction
from comptoir.labels.errors import LabelArchived
from comptoir.labels.models import Label


def label(tx: Transaction, conversation: Conversation, label: Label) -> None:
    if tx.session.get(ConversationLabel, (conversation.id, label.id)) is not None:
        return
    if label.archived_at is not None:
        raise LabelArchived(name=label.name)
    tx.add(ConversationLabel(conversation_id=conversation.id, label_id=label.id))
    _changed(tx, conversation, "conversation.labelled", label)


def unlabel(tx: Transaction, conversation: Conversation, label: Label) -> None:
    put = tx.session.get(ConversationLabel, (conversation.id, label.id))
    if put is None:
        return
    tx.remove(put)
    _changed(tx, conversation, "conversation.unlabelled", label)


def _changed(tx: Transaction, conversation: Conversation, type: str, label: Label) -> None:
    conversation.version += 1
    tx.record(
        type,
        conversation_id=conversation.id,
        channel_id=conversation.channel_id,
        label_id=label.id,
        name=label.name,
    )
