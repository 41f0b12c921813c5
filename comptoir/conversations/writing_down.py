"""A mail into its rows: the message, its HTML, its files, what it answers, and the index of the search."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from comptoir.channels.port import Incoming, Person
from comptoir.conversations import awaiting
from comptoir.conversations.models import Attachment, Message, MessageHtml
from comptoir.conversations.search import index
from comptoir.customers.models import Contact
from comptoir.foundation.transaction import Transaction
from comptoir.mail import threads


class KeptFile(Struct, frozen=True):
    """A file of the message whose bytes are already in the store."""

    name: str
    media_type: str
    size: int
    file_key: str
    content_id: str = ""
    is_inline: bool = False


def write_down(
    tx: Transaction,
    message: Message,
    incoming: Incoming,
    contact: Contact | None,
    *,
    files: Sequence[KeptFile],
    remote_images: int,
) -> None:
    """What a mail says, into its row, its HTML, its files and the index: for a new message, or one that can be read at last."""
    message.at = incoming.at
    message.contact_id = contact.id if contact else None
    message.header_id = incoming.header_id or None
    message.is_automatic = incoming.is_automatic
    message.is_unreadable = False
    message.error_code = message.error_detail = None
    message.has_html = bool(incoming.html)
    message.protection = incoming.protection or None
    message.remote_images = remote_images
    message.recipients = _envelope(incoming)
    message.chain = list(threads.reply_references(next(iter(incoming.in_reply_to), ""), incoming.references)) or None
    message.subject = incoming.subject
    message.text = incoming.text
    tx.add(message)
    if incoming.html:
        tx.add(MessageHtml(message_id=message.id, html=incoming.html))
    _attach(tx, message, files)
    if incoming.header_id:
        awaiting.arrived(tx, message)
    awaiting.note(tx, message, [*incoming.references, *incoming.in_reply_to])
    people = [incoming.sender, *incoming.to, *incoming.cc]
    index.add(tx, message, people=people, files=[file.name for file in files], has_files=has_shown_files(files))


def has_shown_files(files: Sequence[KeptFile]) -> bool:
    """Whether any is a file of its own, not a picture within the text."""
    return any(not file.is_inline for file in files)


def _envelope(incoming: Incoming) -> dict[str, list[list[str]]]:
    """Who it is from and to, as `Message.recipients` keeps it."""

    def pairs(people: Iterable[Person]) -> list[list[str]]:
        return [[person.address, person.name] for person in people]

    return {
        "from": pairs([incoming.sender]),
        "to": pairs(incoming.to),
        "cc": pairs(incoming.cc),
        "bcc": pairs(incoming.bcc),
        "reply_to": pairs(incoming.reply_to),
        "delivered_to": [[address, ""] for address in incoming.delivered_to],
    }


def _attach(tx: Transaction, message: Message, files: Sequence[KeptFile]) -> None:
    if files:
        tx.add(
            *(
                Attachment(
                    message_id=message.id,
                    name=file.name,
                    media_type=file.media_type,
                    size=file.size,
                    file_key=file.file_key,
                    content_id=file.content_id,
                    is_inline=file.is_inline,
                    created_at=tx.now,
                )
                for file in files
            )
        )
