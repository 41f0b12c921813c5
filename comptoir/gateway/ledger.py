"""What the ledger holds: one entry to read, its bytes, and how many wait or could not be read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, BinaryIO, NamedTuple

from msgspec import Struct

from comptoir.channels.port import ChannelKind
from comptoir.foundation.files import Files
from comptoir.foundation.tables import from_ms
from comptoir.foundation.transaction import Transaction

KEPT = "kept"
READ = "read"
DOUBLED = "doubled"
UNREADABLE = "unreadable"
REPORTED = "reported"  # a bounce or a receipt: it joined the reply it is about
UNMATCHED = (
    "unmatched"  # one that is about nothing we know; kept, and read again by `comptoir replay --state unmatched`
)
SETTLED = frozenset({READ, DOUBLED, REPORTED})

# Names of jobs; here because keeping comes before reading.
READ_MAIL = "gateway.reading.read_mail"
READ_KEPT = "gateway.reading.read_kept"
HEAR = "gateway.hearing.hear_kept"


class Entry(Struct, frozen=True):
    """A row of the ledger, with its channel's provider. `body` is None when the bytes are in the file store."""

    id: int
    channel_id: int
    provider: str
    received_at: datetime
    state: str
    message_id: int | None
    body: bytes | None
    file_key: str | None
    is_sent: bool
    is_imported: bool


class Stats(Struct, frozen=True):
    """`waiting_since`: when the oldest mail not yet read was kept; None when nothing waits."""

    states: dict[str, int]
    waiting_since: datetime | None


ENTRY = (
    "SELECT l.id, l.channel_id, c.provider, l.received_at, l.state, l.message_id, l.body, l.file_key,"
    " l.is_sent, l.is_imported FROM ledger l JOIN channels c ON c.id = l.channel_id"
)


def find(tx: Transaction, id: int) -> Entry | None:
    row = tx.row(f"{ENTRY} WHERE l.id = :id", id=id)
    return None if row is None else _entry(*row)


def find_all(tx: Transaction, ids: Sequence[int]) -> list[Entry]:
    """Those that there are, by id."""
    rows = tx.rows(f"{ENTRY} WHERE l.id IN ({', '.join(str(int(id)) for id in ids)}) ORDER BY l.id")
    return [_entry(*row) for row in rows]


def unread(tx: Transaction, channel_id: int, *, is_imported: bool, limit: int) -> list[Entry]:
    """What a mailbox has brought in, of its news or of its history, and nobody has read, in the order in which it came."""
    rows = tx.rows(
        f"{ENTRY} WHERE l.state = :kept AND l.channel_id = :channel AND l.is_imported = :imported ORDER BY l.id LIMIT :limit",
        kept=KEPT,
        channel=channel_id,
        imported=is_imported,
        limit=limit,
    )
    return [_entry(*row) for row in rows]


def what_became_of(tx: Transaction, id: int) -> tuple[str, int | None] | None:
    """The state of an entry now, and its message; None when it is gone."""
    found = tx.row("SELECT state, message_id FROM ledger WHERE id = :id", id=id)
    return None if found is None else (found[0], found[1])


def _entry(*row: Any) -> Entry:
    ledger_id, channel_id, provider, received, state, message_id, body, file_key, is_sent, is_imported = row
    kept = None if body is None else bytes(body)
    return Entry(
        *(ledger_id, channel_id, provider, from_ms(received), state, message_id, kept, file_key),
        is_sent=bool(is_sent),
        is_imported=bool(is_imported),
    )


def bytes_of(entry: Entry, files: Files) -> bytes:
    """The mail as it came. Blocking when it is in the file store; FileMissing when it is gone from there."""
    if entry.body is not None:
        return entry.body
    assert entry.file_key is not None
    return files.get(entry.file_key)


def opened(entry: Entry, files: Files) -> bytes | BinaryIO:
    """The same; a large one is not read into memory, but opened."""
    return files.open(entry.file_key) if entry.body is None and entry.file_key else bytes_of(entry, files)


def in_state(tx: Transaction, state: str, *, after: int = 0, limit: int = 500) -> list[int]:
    """Ids in order, a page at a time."""
    rows = tx.rows(
        "SELECT id FROM ledger WHERE state = :state AND id > :after ORDER BY id LIMIT :limit",
        state=state,
        after=after,
        limit=limit,
    )
    return [id for (id,) in rows]


def ask_to_read(tx: Transaction, channel_id: int, *, is_imported: bool) -> None:
    """The job that reads what a mailbox has brought in: one that waits is enough for all that comes meanwhile."""
    tx.enqueue(
        READ_KEPT,
        {"channel_id": channel_id, "is_imported": is_imported},
        lane=lane_of(channel_id, is_imported=is_imported),
        key=f"{READ_KEPT}:{channel_id}:{'history' if is_imported else 'news'}",
    )


def read_unmatched_again(tx: Transaction, channel_id: int) -> None:
    """The news of replies that nothing was known of, now that more is known."""
    rows = tx.rows(
        "SELECT id FROM ledger WHERE state = :unmatched AND channel_id = :channel ORDER BY id",
        unmatched=UNMATCHED,
        channel=channel_id,
    )
    for entry in channels_of(tx, [id for (id,) in rows]):
        read_again(tx, *entry)


def channels_of(tx: Transaction, ids: Sequence[int]) -> list[tuple[int, int, str, bool]]:
    """(ledger id, channel id, the channel's kind, is it history) of those that exist."""
    which = "SELECT l.id, l.channel_id, c.kind, l.is_imported FROM ledger l JOIN channels c ON c.id = l.channel_id WHERE l.id = :id"
    found = [tx.row(which, id=id) for id in ids]
    return [(row[0], row[1], row[2], bool(row[3])) for row in found if row is not None]


def read_again(tx: Transaction, id: int, channel_id: int, kind: str, is_imported: bool) -> None:
    """The job that reads an entry, behind whatever its channel has to read now."""
    if kind == ChannelKind.EMAIL:
        lane = lane_of(channel_id, is_imported=is_imported)
        tx.enqueue(READ_MAIL, {"ledger_id": id}, lane=lane, key=f"{READ_MAIL}:{id}")
    else:
        tx.enqueue(HEAR, {"ledger_ids": [id]}, lane=lane_of(channel_id), key=f"{HEAR}:{id}")


def stats(tx: Transaction) -> Stats:
    """For `comptoir doctor`: it walks an index of every entry, so not for a screen."""
    states = dict.fromkeys((KEPT, READ, DOUBLED, REPORTED, UNMATCHED, UNREADABLE), 0)
    states.update((state, count) for state, count in tx.rows("SELECT state, count(*) FROM ledger GROUP BY state"))
    oldest = tx.value("SELECT kept_at FROM ledger WHERE state = :kept ORDER BY id LIMIT 1", kept=KEPT)
    return Stats(states, None if oldest is None else from_ms(oldest))


class Settled(NamedTuple):
    """What became of an entry."""

    id: int
    state: str
    message_id: int | None
    error: str | None = None


def settle(tx: Transaction, id: int, *, state: str, message_id: int | None, error: str | None = None) -> None:
    """Write down what became of an entry."""
    settle_all(tx, [Settled(id, state, message_id, error)])


def settle_all(tx: Transaction, settled: Sequence[Settled]) -> None:
    tx.execute_all(
        "UPDATE ledger SET state = :state, message_id = :message, error = :error WHERE id = :id",
        [
            {
                "id": one.id,
                "state": one.state,
                "message": one.message_id,
                "error": one.error[:2000].replace("\x00", "") if one.error else None,
            }
            for one in settled
        ],
    )


def lane_of(channel_id: int, *, is_imported: bool = False) -> str:
    """A mailbox's mails are read one at a time, in the order they were kept; its history beside them, out of their way."""
    return f"history:{channel_id}" if is_imported else f"channel:{channel_id}"
