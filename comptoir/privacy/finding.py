"""Everything that is held on a contact or a customer, wherever it lies.

Tables are asked what they are: whatever hangs on a message or on a conversation is found by its columns, so that a table
that is added tomorrow is exported and erased too.
"""

from collections.abc import Iterator, Sequence

import msgspec
from msgspec import Struct

from comptoir.foundation.tables import Table
from comptoir.foundation.transaction import Event, Transaction
from comptoir.privacy.models import DataRequest

# Dealt with one by one: what they hold is more than rows that hang on something.
APART = frozenset(
    {"events", "ledger", "messages", "conversations", "contacts", "customers", "attachments", "data_requests"}
)


class Scope(Struct, frozen=True):
    """`conversation_ids`: wholly theirs. `message_ids`: what they wrote among others, in a group or in somebody else's
    conversation. `names`: addresses and numbers by which they are known, as bytes of a payload would hold them."""

    contact_ids: tuple[int, ...]
    customer_ids: tuple[int, ...]
    conversation_ids: tuple[int, ...]
    message_ids: tuple[int, ...]
    names: tuple[str, ...]


def asked(tx: Transaction, event_id: int) -> tuple[DataRequest, Scope] | None:
    """What an event asks for, and whom it is about; None once it is done."""
    request = tx.find(DataRequest, tx.find(Event, event_id).data["request_id"])
    return (request, scope(tx, request.subject, request.subject_id)) if request.state == "waiting" else None


def scope(tx: Transaction, subject: str, id: int) -> Scope:
    """With everybody who was merged into them, by however many steps."""
    customer_ids = with_merged(tx, "customers", [id]) if subject == "customer" else []
    people = [id]
    if subject == "customer":
        people = _ids(tx, f"SELECT id FROM contacts WHERE customer_id IN ({numbers(customer_ids)})")
    contact_ids = with_merged(tx, "contacts", people)
    among = numbers(contact_ids)
    whole = _ids(tx, f"SELECT id FROM conversations WHERE contact_id IN ({among}) AND group_id IS NULL ORDER BY id")
    wrote = tx.rows(f"SELECT id, conversation_id FROM messages WHERE contact_id IN ({among}) ORDER BY id")
    names = tx.rows(f"SELECT DISTINCT value FROM identities WHERE contact_id IN ({among})")
    theirs = set(whole)
    return Scope(
        tuple(contact_ids),
        tuple(customer_ids),
        tuple(whole),
        tuple(id for id, conversation_id in wrote if conversation_id not in theirs),
        tuple(value for (value,) in names if len(value) > 5),
    )


def with_merged(tx: Transaction, table: str, ids: Sequence[int]) -> list[int]:
    """These rows, and all that were merged into them."""
    return _ids(
        tx,
        f"WITH RECURSIVE merged (id) AS (SELECT id FROM {table} WHERE id IN ({numbers(ids)}) UNION"
        f" SELECT t.id FROM {table} t JOIN merged m ON t.merged_into_id = m.id) SELECT id FROM merged ORDER BY id",
    )


def forwards_of(tx: Transaction, conversation_ids: Sequence[int], message_ids: Sequence[int]) -> list[int]:
    """Our mails that showed any of these messages to a third party, in the side conversations of these conversations."""
    shown = set(message_ids)
    found = tx.rows(
        "SELECT m.id, m.context FROM conversations c JOIN messages m ON m.conversation_id = c.id"
        f" WHERE c.origin_id IN ({numbers(conversation_ids)}) AND m.kind = 'reply' AND m.context IS NOT NULL"
    )
    return [
        id
        for id, context in found
        if not shown.isdisjoint((msgspec.json.decode(context).get("forwarded") or {}).get("message_ids", ()))
    ]


def _ids(tx: Transaction, query: str) -> list[int]:
    return [id for (id,) in tx.rows(query)]


def messages_of(tx: Transaction, conversation_ids: Sequence[int]) -> list[int]:
    return _ids(tx, f"SELECT id FROM messages WHERE conversation_id IN ({numbers(conversation_ids)}) ORDER BY id")


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
