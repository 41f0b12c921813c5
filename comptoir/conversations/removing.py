"""A conversation whose messages are all somewhere else now is no more: what hangs on it goes along, or away."""

from comptoir.conversations.models import Conversation
from comptoir.foundation.transaction import Transaction
from comptoir.team.access import Holding


def remove(tx: Transaction, conversation: Conversation, *, target: Conversation) -> None:
    """Drafts go where the messages went, unless their member writes there already; how far it was read says nothing there."""
    pair = {"id": conversation.id, "target": target.id}
    held = Holding(conversation.channel_id, conversation.assignee_id, conversation.team_id)
    tx.execute("UPDATE awaited_mails SET conversation_id = :target WHERE conversation_id = :id", **pair)
    tx.execute(
        "UPDATE drafts SET conversation_id = :target WHERE conversation_id = :id AND NOT EXISTS (SELECT 1 FROM drafts there"
        " WHERE there.conversation_id = :target AND there.member_id = drafts.member_id AND there.mode = drafts.mode)",
        **pair,
    )
    tx.execute("UPDATE conversations SET merged_into_id = :target WHERE merged_into_id = :id", **pair)
    tx.execute("UPDATE conversation_merges SET target_id = :target WHERE target_id = :id", **pair)
    tx.execute("UPDATE conversations SET continued_by_id = :target WHERE continued_by_id = :id", **pair)
    tx.execute("UPDATE conversations SET origin_id = NULL WHERE origin_id = :id", id=conversation.id)
    tx.execute("UPDATE notifications SET conversation_id = :target WHERE conversation_id = :id", **pair)
    for table in ("drafts", "mutes", "participants", "readings", "conversation_labels", "bulk_items"):
        tx.execute(f"DELETE FROM {table} WHERE conversation_id = :id", id=conversation.id)
    tx.remove(conversation)
    tx.record(
        "conversation.removed",
        conversation_id=pair["id"],
        channel_id=held.channel_id,
        was_assignee_id=held.assignee_id,
        was_team_id=held.team_id,
    )
