"""Keep what came in before anyone tries to understand it: once, whole, in the same commit as the place reached in the mailbox."""

from collections.abc import Sequence

from comptoir.channels.models import MailboxCursor
from comptoir.channels.port import Cursor, RawMail
from comptoir.foundation.files import Files
from comptoir.foundation.tables import to_ms
from comptoir.foundation.transaction import Transaction
from comptoir.gateway.ledger import KEPT, ask_to_read

INLINE = 256 * 1024  # a larger body goes to the file store, so that the table stays quick to copy and to vacuum


def put_aside(files: Files, raw: bytes) -> str | None:
    """Before the transaction: keep a large body in the file store; its key. None when the row can hold it. Blocking."""
    return files.put(raw) if len(raw) > INLINE else None


def keep(tx: Transaction, channel_id: int, mail: RawMail, *, file_key: str | None) -> int | None:
    """The mail's ledger row, the cursor and the job that will read it: all or nothing. None when it was already kept."""
    is_imported = mail.is_imported or _is_past(tx, channel_id, mail)
    rows = tx.rows(
        "INSERT INTO ledger (channel_id, key, received_at, kept_at, size, body, file_key, state, is_sent, is_imported)"
        " VALUES (:channel, :key, :received, :now, :size, :body, :file, :state, :sent, :imported)"
        " ON CONFLICT (channel_id, key) DO NOTHING RETURNING id",
        channel=channel_id,
        key=key_of(mail.folder, mail.uidvalidity, mail.uid),
        received=to_ms(mail.received_at),
        now=to_ms(tx.now),
        size=len(mail.raw),
        body=None if file_key else mail.raw,
        file=file_key,
        state=KEPT,
        sent=mail.is_sent,
        imported=is_imported,
    )
    if not mail.is_imported:
        _reach(tx, channel_id, mail)
    if not rows:
        return None
    if not mail.is_sent and not is_imported:
        tx.execute(
            "UPDATE channels SET last_received_at = :at WHERE id = :channel AND coalesce(last_received_at, 0) < :at",
            channel=channel_id,
            at=to_ms(mail.received_at),
        )
    ask_to_read(tx, channel_id, is_imported=is_imported)
    return int(rows[0][0])


def start_at(tx: Transaction, channel_id: int, folder: str, cursor: Cursor, *, known_upto: int) -> None:
    """A folder seen for the first time, or in a new epoch: where its reading begins."""
    place = tx.session.get(MailboxCursor, (channel_id, folder))
    if place is None:
        place = MailboxCursor(channel_id=channel_id, folder=folder, since=tx.now)
    place.uidvalidity = cursor.uidvalidity
    place.first_uid = place.last_uid = cursor.last_uid
    place.known_upto = known_upto
    tx.add(place)


def missing(tx: Transaction, channel_id: int, folder: str, uidvalidity: int, uids: Sequence[int]) -> list[int]:
    """Which of the mails that the server shows should be in the ledger and are not."""
    place = tx.session.get(MailboxCursor, (channel_id, folder))
    if place is None or place.uidvalidity != uidvalidity:
        return []
    after = [uid for uid in uids if place.first_uid < uid <= place.last_uid]
    return unkept(tx, channel_id, folder, uidvalidity, after)


def unkept(tx: Transaction, channel_id: int, folder: str, uidvalidity: int, uids: Sequence[int]) -> list[int]:
    """Those of these mails that the ledger does not hold."""
    return [
        uid
        for uid in uids
        if tx.value(
            "SELECT 1 FROM ledger WHERE channel_id = :channel AND key = :key",
            channel=channel_id,
            key=key_of(folder, uidvalidity, uid),
        )
        is None
    ]


def key_of(folder: str, uidvalidity: int, uid: int) -> str:
    """What makes a mail one and the same in its channel, within the 200 characters of the column."""
    return f"{uidvalidity}:{uid}:{folder[:150]}"


def _is_past(tx: Transaction, channel_id: int, mail: RawMail) -> bool:
    """A folder read again in a new epoch also shows what was there before the mailbox was connected: it is no news."""
    found = tx.value(
        "SELECT 1 FROM mailbox_cursors WHERE channel_id = :channel AND folder = :folder AND uidvalidity = :uidvalidity"
        " AND since > :received AND known_upto >= :uid",
        channel=channel_id,
        folder=mail.folder,
        uidvalidity=mail.uidvalidity,
        received=to_ms(mail.received_at),
        uid=mail.uid,
    )
    return found is not None


def _reach(tx: Transaction, channel_id: int, mail: RawMail) -> None:
    """Forward only: an old watcher that is about to stop cannot take the cursor back."""
    tx.execute(
        "UPDATE mailbox_cursors SET last_uid = :uid WHERE channel_id = :channel AND folder = :folder"
        " AND uidvalidity = :uidvalidity AND last_uid < :uid",
        channel=channel_id,
        folder=mail.folder,
        uidvalidity=mail.uidvalidity,
        uid=mail.uid,
    )
