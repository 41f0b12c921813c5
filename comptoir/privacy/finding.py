"""Everything that is held on a contact or a customer, wherever it lies.

Tables are asked what they are: whatever hangs on a message or on a conversation is found by its columns, so that a table
that is added tomorrow is exported and erased too.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from comptoir.foundation.tables import Table
from comptoir.foundation.transaction import Event, Transaction
from comptoir.privacy.models import DataRequest

# Dealt with one by one: what they hold is more than rows that hang on something.
APART = frozenset(
    {"events", "ledger", "messages", "conversations", "contacts", "customers", "attachments", "data_requests"}
)


class Scope(Struct, frozen=True):
    """`conversation_ids`: wholly theirs. `message_ids`: what they wrote among others, in a group. `names`: addresses and
    numbers by which they are known, as bytes of a payload would hold them."""

    contact_ids: tuple[int, ...]
    customer_id: int | None
    conversation_ids: tuple[int, ...]
    message_ids: tuple[int, ...]
    names: tuple[str, ...]


def asked(tx: Transaction, event_id: int) -> tuple[DataRequest, Scope] | None:
    """What an event asks for, and whom it is about; None once it is done."""
    request = tx.find(DataRequest, tx.find(Event, event_id).data["request_id"])
    return (request, scope(tx, request.subject, request.subject_id)) if request.state == "waiting" else None


def scope(tx: Transaction, subject: str, id: int) -> Scope:
    where = "id = :id OR merged_into_id = :id" if subject == "contact" else "customer_id = :id"
    contact_ids = tuple(row[0] for row in tx.rows(f"SELECT id FROM contacts WHERE {where}", id=id))
    among = numbers(contact_ids)
    whole = tx.rows(f"SELECT id FROM conversations WHERE contact_id IN ({among}) AND group_id IS NULL ORDER BY id")
    said = tx.rows(
        "SELECT m.id FROM messages m JOIN conversations c ON c.id = m.conversation_id"
        f" WHERE c.group_id IS NOT NULL AND m.contact_id IN ({among})"
    )
    names = tx.rows(f"SELECT DISTINCT value FROM identities WHERE contact_id IN ({among})")
    return Scope(
        contact_ids,
        id if subject == "customer" else None,
        tuple(row[0] for row in whole),
        tuple(row[0] for row in said),
        tuple(value for (value,) in names if len(value) > 5),
    )


def messages_of(tx: Transaction, conversation_ids: Sequence[int]) -> list[int]:
    return [
        id
        for (id,) in tx.rows(
            f"SELECT id FROM messages WHERE conversation_id IN ({numbers(conversation_ids)}) ORDER BY id"
        )
    ]


def hanging_on(table: str) -> Iterator[tuple[str, str]]:
    """Tables, and their column that names a row of `messages`, `conversations`, `contacts` or `customers`; those that hang on
    others first."""
    own = f"{table.removesuffix('s')}_id"
    for one in reversed(Table.metadata.sorted_tables):
        if one.name in APART:
            continue
        for column in one.columns:
            keys = {key.target_fullname for key in column.foreign_keys}
            if f"{table}.id" in keys or column.name == own:
                yield one.name, column.name


def file_columns() -> Iterator[tuple[str, str]]:
    """Where the keys of kept files are."""
    for one in Table.metadata.sorted_tables:
        if "file_key" in one.columns:
            yield one.name, "file_key"


def unused(tx: Transaction, keys: Sequence[str]) -> list[str]:
    """Of these keys, those that nothing names any more: one content may be several people's file."""
    return [
        key
        for key in dict.fromkeys(keys)
        if key and not any(tx.value(f"SELECT 1 FROM {t} WHERE {c} = :key LIMIT 1", key=key) for t, c in file_columns())
    ]


def numbers(ids: Sequence[int]) -> str:
    """Our own ids, as SQL."""
    return ", ".join(str(int(id)) for id in ids) or "NULL"
