"""Turn the customers' clock forward: all that was said on the sample numbers becomes so much older.

The emulated providers go by their own clock, which is really turned. Comptoir lives on the clock on the wall, as it always
does, and nobody may write in its future; so its past moves back instead. Both then agree on how old everything is, and a
window that closes does so by the very rule that closes it in earnest.
"""

from datetime import timedelta

from comptoir.demo import numbers
from comptoir.foundation.transaction import Transaction

MOMENTS = {
    "conversations": ("created_at", "resolved_at", "waiting_since", "last_at", "window_until"),
    "messages": ("created_at", "at", "edited_at", "revoked_at"),
}
SHOWN = 30  # messages of each conversation that an open thread is told of


def age(tx: Transaction, *, by: timedelta) -> None:
    """Every conversation of the sample numbers, its messages and its activities."""
    ids = ", ".join(str(channel.id) for channel in numbers.channels(tx))
    if not ids:
        return
    for table, columns in MOMENTS.items():
        moves = ", ".join(f"{column} = {column} - :ms" for column in columns)
        tx.execute(f"UPDATE {table} SET {moves} WHERE channel_id IN ({ids})", ms=_ms(by))
    theirs = f"SELECT id FROM conversations WHERE channel_id IN ({ids})"
    tx.execute(f"UPDATE events SET at = at - :ms WHERE conversation_id IN ({theirs})", ms=_ms(by))
    tx.session.expire_all()
    for conversation_id, channel_id in tx.rows(f"SELECT id, channel_id FROM conversations WHERE channel_id IN ({ids})"):
        _tell(tx, conversation_id, channel_id)


def _tell(tx: Transaction, conversation_id: int, channel_id: int) -> None:
    """The newest messages are what an open thread shows."""
    newest = tx.rows(
        f"SELECT id FROM messages WHERE conversation_id = :id ORDER BY id DESC LIMIT {SHOWN}", id=conversation_id
    )
    for (message_id,) in newest:
        tx.record("message.aged", conversation_id=conversation_id, message_id=message_id, channel_id=channel_id)


def _ms(by: timedelta) -> int:
    return int(by.total_seconds() * 1000)
