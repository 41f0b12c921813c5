"""Put a message into the full-text index, in the transaction that inserts it, and take it out again."""

from collections.abc import Iterable, Sequence

from comptoir.channels.port import Person
from comptoir.conversations.models import Message
from comptoir.conversations.search import words
from comptoir.foundation.transaction import Transaction

SCHEMA = {
    "sqlite": (
        'CREATE VIRTUAL TABLE message_search USING fts5(words, channel, tokenize = "unicode61 remove_diacritics 0",'
        " prefix = '2 3 4')",
        "CREATE VIRTUAL TABLE message_search_words USING fts5vocab(message_search, instance)",
    ),
    "postgresql": (
        "CREATE TABLE message_search (message_id bigint PRIMARY KEY, words tsvector NOT NULL)",
        "CREATE INDEX ix_message_search_words ON message_search USING gin (words) WITH (fastupdate = off)",
    ),
}


def add(
    tx: Transaction,
    message: Message,
    *,
    people: Iterable[Person],
    files: Sequence[str],
    has_files: bool | None = None,
) -> None:
    """Subject, addresses and names, words, file names, what the operators ask for, and (as a word of its own) the channel.
    `has_files`: whether any of them is more than a picture within the text."""
    who = [text for person in people for text in (person.name, person.address)]
    facts = words.facts(
        sender=_named(message, "from"),
        recipients=_named(message, "to", "cc", "bcc"),
        subject=message.subject,
        has_files=bool(files) if has_files is None else has_files,
        at=message.at,
    )
    put(
        tx,
        message.id,
        message.channel_id,
        f"{facts} {words.document(message.subject, *who, message.text, *files)}",
    )


def _named(message: Message, *fields: str) -> str:
    return " ".join(text for field in fields for pair in message.recipients.get(field, ()) for text in pair)


def put(tx: Transaction, message_id: int, channel_id: int, document: str) -> None:
    tx.execute(
        "INSERT INTO message_search (rowid, words, channel) VALUES (:id, :words, :channel)"
        if tx.is_sqlite
        else "INSERT INTO message_search (message_id, words)"
        " VALUES (:id, to_tsvector('simple', :words || ' ' || :channel)) ON CONFLICT (message_id) DO NOTHING",
        id=message_id,
        words=document,
        channel=channel_word(channel_id),
    )


def remove(tx: Transaction, message_id: int) -> None:
    column = "rowid" if tx.is_sqlite else "message_id"
    tx.execute(f"DELETE FROM message_search WHERE {column} = :id", id=message_id)


def channel_word(channel_id: int) -> str:
    """Looks like no word that anybody writes."""
    return f"zzchannel{channel_id}zz"
