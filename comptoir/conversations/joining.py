"""Two contacts turn out to be one person, because the provider says so: what the second one wrote joins what the first one wrote.

It happens when somebody changes number and writes under the new one before we hear of the change.
"""

from comptoir.conversations import assigning, labelling, removing
from comptoir.conversations.models import Conversation, Status
from comptoir.customers import identifying
from comptoir.customers.models import Contact
from comptoir.foundation.transaction import Transaction


def join(tx: Transaction, keeper: Contact, other_id: int) -> None:
    """Everything of the other contact is the keeper's; one conversation for each number remains."""
    identifying.take_over(tx, keeper, other_id)
    rows = tx.rows(
        "SELECT o.id, (SELECT k.id FROM conversations k WHERE k.contact_id = :keeper AND k.channel_id = o.channel_id"
        " AND k.group_id IS NULL ORDER BY k.id LIMIT 1) FROM conversations o"
        " JOIN channels c ON c.id = o.channel_id AND c.kind = 'whatsapp'"
        " WHERE o.contact_id = :other AND o.group_id IS NULL ORDER BY o.id",
        keeper=keeper.id,
        other=other_id,
    )
    tx.execute("UPDATE messages SET contact_id = :keeper WHERE contact_id = :other", keeper=keeper.id, other=other_id)
    tx.execute(
        "UPDATE conversations SET contact_id = :keeper WHERE contact_id = :other", keeper=keeper.id, other=other_id
    )
    for gone_id, kept_id in rows:
        if kept_id is not None:
            _merge(tx, tx.find(Conversation, kept_id), tx.find(Conversation, gone_id))


def _merge(tx: Transaction, kept: Conversation, gone: Conversation) -> None:
    """The messages move, the lines of the timeline too; the empty one is no more."""
    moved = [id for (id,) in tx.rows("SELECT id FROM messages WHERE conversation_id = :gone ORDER BY id", gone=gone.id)]
    if gone.last_at > kept.last_at:
        kept.last_at, kept.preview = gone.last_at, gone.preview
        kept.preview_kind, kept.preview_what = gone.preview_kind, gone.preview_what
    kept.last_incoming_id = max(kept.last_incoming_id, gone.last_incoming_id)
    kept.waiting_since = min((at for at in (kept.waiting_since, gone.waiting_since) if at), default=None)
    kept.window_until = max((at for at in (kept.window_until, gone.window_until) if at), default=None)
    kept.failed_count += gone.failed_count
    kept.has_files = kept.has_files or gone.has_files
    assigning.inherit(tx, kept, gone)
    kept.version += 1
    if gone.status != Status.RESOLVED and kept.status != Status.OPEN:
        kept.status, kept.snoozed_until, kept.resolved_at = Status.OPEN, None, None
    pair = {"kept": kept.id, "gone": gone.id}
    tx.execute("UPDATE messages SET conversation_id = :kept WHERE conversation_id = :gone", **pair)
    tx.execute("UPDATE events SET conversation_id = :kept WHERE conversation_id = :gone", **pair)
    labelling.hand_over(tx, gone.id, kept.id)
    channel_id = gone.channel_id
    removing.remove(tx, gone, target=kept)
    for message_id in moved:
        tx.record("message.moved", conversation_id=kept.id, message_id=message_id, channel_id=channel_id)
