"""A sample customer's own mail: what they wrote to the sample mailboxes, and the answers that reached them."""

from comptoir.demo import stage
from comptoir.demo.phone.schemas import PhoneMail, PhoneMailbox, PhoneMailThread
from comptoir.foundation.tables import from_ms
from comptoir.foundation.transaction import Transaction

MOST_THREADS, MOST_MAILS = 20, 30


def mailboxes(tx: Transaction) -> list[PhoneMailbox]:
    """To whom they can write."""
    found = tx.rows(
        "SELECT id, name, address FROM channels WHERE provider = :demo AND disconnected_at IS NULL ORDER BY id",
        demo=stage.PROVIDER,
    )
    return [PhoneMailbox(*row) for row in found]


def threads(tx: Transaction, address: str) -> list[PhoneMailThread]:
    """Newest first."""
    found = tx.rows(
        "SELECT c.id, c.channel_id, ch.name, c.subject FROM conversations c JOIN channels ch ON ch.id = c.channel_id"
        " JOIN contacts ct ON ct.id = c.contact_id WHERE ch.provider = :demo AND ch.disconnected_at IS NULL"
        f" AND ct.address = :address ORDER BY c.last_at DESC LIMIT {MOST_THREADS}",
        demo=stage.PROVIDER,
        address=address,
    )
    return [PhoneMailThread(id, channel_id, name, subject, _mails(tx, id)) for id, channel_id, name, subject in found]


def _mails(tx: Transaction, conversation_id: int) -> list[PhoneMail]:
    found = tx.rows(
        "SELECT id, kind, at, text FROM messages WHERE conversation_id = :id AND (kind = 'incoming'"
        f" OR (kind = 'reply' AND delivery IN ('sent', 'delivered', 'read'))) ORDER BY id DESC LIMIT {MOST_MAILS}",
        id=conversation_id,
    )
    return [PhoneMail(id, kind == "incoming", from_ms(at), text) for id, kind, at, text in reversed(found)]
