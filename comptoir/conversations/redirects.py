"""Where a conversation is now: one that was merged into another is shown, answered and found as that one."""

from datetime import datetime

from comptoir.conversations.models import Conversation
from comptoir.foundation.tables import to_ms
from comptoir.foundation.transaction import Transaction


def current(tx: Transaction, conversation: Conversation) -> Conversation:
    """Itself, unless it was merged; that one may have been merged in its turn."""
    while conversation.merged_into_id is not None:
        conversation = tx.find(Conversation, conversation.merged_into_id)
    return conversation


def is_merged(tx: Transaction, source_id: int, at: datetime) -> bool:
    """By the merge of that moment, which can then be undone."""
    found = tx.value("SELECT 1 FROM conversation_merges WHERE source_id = :id AND at = :at", id=source_id, at=to_ms(at))
    return found is not None


def sources_of(tx: Transaction, conversation_id: int) -> list[int]:
    """Every conversation that is in this one now: what was done to it belongs to this one's timeline."""
    found = tx.rows(
        "WITH RECURSIVE sources (id) AS (SELECT id FROM conversations WHERE merged_into_id = :id UNION"
        " SELECT c.id FROM conversations c JOIN sources s ON c.merged_into_id = s.id) SELECT id FROM sources",
        id=conversation_id,
    )
    return [id for (id,) in found]
