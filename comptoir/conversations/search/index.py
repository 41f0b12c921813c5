"""Put a message into the full-text index, in the transaction that inserts it, and take it out again.

All of one unit go in together, at its end: FTS5 writes out what it holds in memory before whichever statement comes next, and
a mail that is indexed alone costs it fifteen times as much as one of ten.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

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
    found = document(
        message.recipients,
        subject=message.subject,
        text=message.text,
        at=message.at,
        people=people,
        files=files,
        has_files=bool(files) if has_files is None else has_files,
    )
    put(tx, message.channel_id, message.id, found)


def document(
    recipients: Mapping[str, Any],
    *,
    subject: str,
    text: str,
    at: datetime,
    people: Iterable[Person],
    files: Sequence[str],
    has_files: bool,
) -> str:
    """All by which a message is found, but its channel."""
    facts = words.facts(
        sender=_named(recipients, "from"),
        recipients=_named(recipients, "to", "cc", "bcc"),
        subject=subject,
        has_files=has_files,
        at=at,
    )
    who = [said for person in people for said in (person.name, person.address)]
    return f"{facts} {words.document(subject, *who, text, *files)}"


def _named(recipients: Mapping[str, Any], *fields: str) -> str:
    return " ".join(text for field in fields for pair in recipients.get(field, ()) for text in pair)


def put(tx: Transaction, channel_id: int, message_id: int, document: str) -> None:
    """Found from the end of this unit on."""
    tx.put_off(_put_all, (channel_id, message_id, document))


def _put_all(tx: Transaction, documents: Sequence[tuple[int, int, str]]) -> None:
    tx.execute_all(
        "INSERT INTO message_search (rowid, words, channel) VALUES (:id, :words, :channel)"
        if tx.is_sqlite
        else "INSERT INTO message_search (message_id, words)"
        " VALUES (:id, to_tsvector('simple', :words || ' ' || :channel)) ON CONFLICT (message_id) DO NOTHING",
        [{"id": id, "words": found, "channel": channel_word(channel_id)} for channel_id, id, found in documents],
    )


def moved(tx: Transaction, message_id: int, *, before: datetime, at: datetime) -> None:
    """It is found under the day at which it is now."""
    gone, here = words.days(before), words.days(at)
    if gone == here:
        return
    tx.catch_up()
    if not tx.is_sqlite:
        tx.execute(
            "UPDATE message_search SET words = ts_delete(words, :gone::text[]) || to_tsvector('simple', :here)"
            " WHERE message_id = :id",
            gone=gone,
            here=" ".join(here),
            id=message_id,
        )
        return
    known = tx.value("SELECT words FROM message_search WHERE rowid = :id", id=message_id) or ""
    kept = [word for word in known.split(" ") if word not in gone]
    tx.execute(
        "UPDATE message_search SET words = :words WHERE rowid = :id", words=" ".join([*here, *kept]), id=message_id
    )


def remove(tx: Transaction, message_id: int) -> None:
    tx.catch_up()
    column = "rowid" if tx.is_sqlite else "message_id"
    tx.execute(f"DELETE FROM message_search WHERE {column} = :id", id=message_id)


def channel_word(channel_id: int) -> str:
    """Looks like no word that anybody writes."""
    return f"zzchannel{channel_id}zz"
