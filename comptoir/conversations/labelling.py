"""Put labels on a conversation, and take them off.

The row of the conversation names them, too (`label_ids`: ",3,9,"): a filter reads them in the index that it walks. Nobody else
writes either, but for labels that become one (labels/editing.py).
"""

from collections.abc import Sequence

from comptoir.conversations.models import Conversation
from comptoir.foundation.transaction import Transaction
from comptoir.labels.errors import LabelArchived
from comptoir.labels.models import Label


def label(tx: Transaction, conversation: Conversation, label: Label) -> None:
    if has(tx, conversation.id, label.id):
        return
    if label.archived_at is not None:
        raise LabelArchived(name=label.name)
    put(tx, conversation.id, [label.id])
    _changed(tx, conversation, "conversation.labelled", label)


def unlabel(tx: Transaction, conversation: Conversation, label: Label) -> None:
    if not has(tx, conversation.id, label.id):
        return
    take(tx, conversation.id, [label.id])
    _changed(tx, conversation, "conversation.unlabelled", label)


def has(tx: Transaction, conversation_id: int, label_id: int) -> bool:
    asked = "SELECT 1 FROM conversation_labels WHERE conversation_id = :conversation AND label_id = :label"
    return tx.value(asked, conversation=conversation_id, label=label_id) is not None


def put(tx: Transaction, conversation_id: int, label_ids: Sequence[int]) -> None:
    """Those that it has not. Added to what the row says now, not to what we read of it: two may label it at once."""
    for id in label_ids:
        tx.execute(
            "INSERT INTO conversation_labels (conversation_id, label_id) VALUES (:conversation, :label)",
            conversation=conversation_id,
            label=id,
        )
    tx.execute(
        "UPDATE conversations SET label_ids = label_ids || :more WHERE id = :conversation",
        more="".join(f"{int(id)}," for id in label_ids),
        conversation=conversation_id,
    )


def take(tx: Transaction, conversation_id: int, label_ids: Sequence[int]) -> None:
    """Those of them that it has."""
    for id in label_ids:
        tx.execute(
            "DELETE FROM conversation_labels WHERE conversation_id = :conversation AND label_id = :label",
            conversation=conversation_id,
            label=id,
        )
        tx.execute(
            "UPDATE conversations SET label_ids = replace(label_ids, :one, ',') WHERE id = :conversation",
            one=f",{int(id)},",
            conversation=conversation_id,
        )


def hand_over(tx: Transaction, source_id: int, target_id: int) -> list[int]:
    """Give the target what it has not of the other's; which ones."""
    found = tx.rows(
        "SELECT label_id FROM conversation_labels WHERE conversation_id = :source AND label_id NOT IN"
        " (SELECT label_id FROM conversation_labels WHERE conversation_id = :target) ORDER BY label_id",
        source=source_id,
        target=target_id,
    )
    ids = [id for (id,) in found]
    if ids:
        put(tx, target_id, ids)
    return ids


def _changed(tx: Transaction, conversation: Conversation, type: str, label: Label) -> None:
    conversation.version += 1
    tx.record(
        type,
        conversation_id=conversation.id,
        channel_id=conversation.channel_id,
        label_id=label.id,
        name=label.name,
    )
