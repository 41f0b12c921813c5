"""The gate to the world: what may pass it, and what it looks like outside. Only a reply that is being sent passes.

A note or an analysis has no way out, even if a job, a rule or a bug asks for it: the check stands here, beside the
transport, and once more where the letter is made.
"""

from datetime import datetime

from msgspec import Struct

from comptoir.channels.port import Outgoing, OutgoingFile, Person
from comptoir.conversations.models import Delivery, Kind, Message, ReplyBody
from comptoir.foundation.files import Files
from comptoir.foundation.jobs.port import GiveUp
from comptoir.foundation.transaction import Transaction

MAY_LEAVE = frozenset({Delivery.SENDING})
LEFT = frozenset({Delivery.SENT, Delivery.DELIVERED, Delivery.READ})


class NeverLeaves(GiveUp):
    """Somebody asked to send what must stay in the house. The job is dead at once, and visible."""


class KeptFile(Struct, frozen=True):
    name: str
    media_type: str
    file_key: str
    content_id: str = ""


class Letter(Struct, frozen=True):
    """A reply as its row says it, the same at every attempt; its files still in the store."""

    header_id: str
    at: datetime
    recipients: dict[str, list[list[str]]]
    subject: str
    text: str
    html: str
    chain: tuple[str, ...]
    files: tuple[KeptFile, ...]


def require_reply(message: Message) -> None:
    if message.kind != Kind.REPLY:
        raise NeverLeaves(f"Message {message.id} is a {message.kind}: it never leaves the house.")


def letter(tx: Transaction, message: Message, *, states: frozenset[Delivery]) -> Letter:
    """NeverLeaves unless it is a reply in one of `states`."""
    require_reply(message)
    if message.delivery not in states or message.header_id is None:
        raise NeverLeaves(f"Message {message.id} is {message.delivery}: it is not to be sent.")
    files = tx.rows(
        "SELECT name, media_type, file_key, CASE WHEN is_inline THEN content_id ELSE '' END FROM attachments"
        " WHERE message_id = :message ORDER BY id",
        message=message.id,
    )
    body = tx.session.get(ReplyBody, message.id)
    return Letter(
        header_id=message.header_id,
        at=message.at,
        recipients=message.recipients,
        subject=message.subject,
        text=body.text if body else message.text,
        html=body.html if body else "",
        chain=tuple(message.chain or ()),
        files=tuple(KeptFile(*file) for file in files),
    )


def with_files(letter: Letter, files: Files) -> Outgoing:
    """What the provider is given. Blocking; FileMissing when an attachment is gone from the store."""
    return Outgoing(
        header_id=letter.header_id,
        at=letter.at,
        sender=_people(letter, "from")[0],
        to=_people(letter, "to"),
        cc=_people(letter, "cc"),
        bcc=_people(letter, "bcc"),
        subject=letter.subject,
        text=letter.text,
        html=_page(letter.html),
        files=tuple(
            OutgoingFile(file.name, file.media_type, files.get(file.file_key), content_id=file.content_id)
            for file in letter.files
        ),
        in_reply_to=letter.chain[-1] if letter.chain else "",
        references=letter.chain,
    )


def _page(html: str) -> str:
    """A whole document: some mail programs guess the charset of a fragment."""
    head = '<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>'
    return f"{head}{html}</body></html>" if html else ""


def _people(letter: Letter, field: str) -> tuple[Person, ...]:
    return tuple(Person(address, name) for address, name in letter.recipients.get(field, ()))
