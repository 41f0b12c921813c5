"""Which conversations may one be merged with? Its contact's others first; whatever is looked for, in the same mailbox."""

from comptoir.channels.models import Channel
from comptoir.channels.port import ChannelKind
from comptoir.conversations.models import Conversation
from comptoir.conversations.rows import rows_of
from comptoir.conversations.schemas import ConversationRow
from comptoir.conversations.search import searching
from comptoir.foundation.transaction import Transaction
from comptoir.team.access import visible

MOST = 12


def candidates(tx: Transaction, conversation: Conversation, query: str) -> list[ConversationRow]:
    """The newest first. Through a number only the same person's: answers go to them."""
    if not query.strip():
        return _theirs(tx, conversation)
    rows = {hit.conversation.id: hit.conversation for hit in searching.search(tx, query).hits}
    is_mail = tx.find(Channel, conversation.channel_id).kind == ChannelKind.EMAIL
    fits = [
        row
        for row in rows.values()
        if row.id != conversation.id
        and row.channel_id == conversation.channel_id
        and (is_mail or row.contact_id == conversation.contact_id)
    ]
    return fits[:MOST]


def _theirs(tx: Transaction, conversation: Conversation) -> list[ConversationRow]:
    found = tx.rows(
        "SELECT c.id FROM conversations c WHERE c.contact_id = :contact AND c.channel_id = :channel AND c.id <> :id"
        f" AND {visible(tx.actor)} AND c.status <> 'merged' AND c.group_id IS NULL"
        f" ORDER BY c.last_at DESC, c.id DESC LIMIT {MOST}",
        contact=conversation.contact_id,
        channel=conversation.channel_id,
        id=conversation.id,
    )
    ids = [id for (id,) in found]
    return sorted(rows_of(tx, ids), key=lambda row: ids.index(row.id))
