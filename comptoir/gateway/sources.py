"""The source of a message, to download: what came, byte for byte, or what a reply of ours looks like outside."""

from msgspec import Struct

from comptoir.conversations.models import Delivery, Kind, Message
from comptoir.foundation.errors import NotFound
from comptoir.foundation.files import Files
from comptoir.foundation.transaction import Transaction
from comptoir.gateway import leaving, ledger
from comptoir.gateway.leaving import Letter
from comptoir.gateway.ledger import Entry
from comptoir.mail.mime import compose


class Source(Struct, frozen=True):
    """Where to find it: in the ledger, or to be composed."""

    entry: Entry | None
    letter: Letter | None


def source(tx: Transaction, message: Message) -> Source:
    """NotFound for what has no source: notes, analyses."""
    if message.ledger_id is not None:
        return Source(ledger.find(tx, message.ledger_id), None)
    if message.kind != Kind.REPLY:
        raise NotFound
    return Source(None, leaving.letter(tx, message, states=frozenset(Delivery)))


def bytes_of(source: Source, files: Files) -> bytes:
    """Blocking. Bcc recipients are not in it: they are not in the mail."""
    if source.entry is not None:
        return ledger.bytes_of(source.entry, files)
    if source.letter is None:
        raise NotFound
    return compose(leaving.with_files(source.letter, files))
