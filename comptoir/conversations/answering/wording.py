"""What a reply says outside: the member's words, their signature, and the mail it answers or forwards. Decided when it is
written, so that every attempt sends the same. Only mails are ever quoted: a note has no way into this file.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from comptoir.channels.models import Channel
from comptoir.channels.port import Person
from comptoir.conversations import redirects
from comptoir.conversations.errors import UploadMissing
from comptoir.conversations.models import Attachment, Conversation, Delivery, Kind, Message, MessageHtml, ReplyBody
from comptoir.foundation.errors import NotFound
from comptoir.foundation.transaction import Transaction
from comptoir.mail import history, signatures
from comptoir.mail.history import Passage, Past
from comptoir.mail.html import clean, to_text
from comptoir.team import queries as team
from comptoir.team.access import can_see
from comptoir.team.models import Member

MAILS = (Kind.INCOMING, Kind.REPLY)
_FORM = re.compile(r"<(?!/?(?:div|br|p|span)\b)")


class Words(Struct, frozen=True):
    """The member's own: `html` is clean, and empty when they wrote plain text."""

    text: str
    html: str


def read(html: str, text: str, pictures: Sequence[Attachment]) -> Words:
    """What the editor gave. A picture that was pasted into it points at our upload; outside it is a part of the mail."""
    if not html.strip():
        return Words(text, "")
    at = {f"/api/attachments/{file.id}/preview": f"cid:{file.content_id}" for file in pictures}
    cleaned = clean(html, cid=at).html
    return Words(to_text(cleaned).strip(), cleaned)


def has_form(html: str) -> bool:
    """Whether there is more to it than lines of words: only then does the thread show it in a frame, as it left."""
    return bool(_FORM.search(html))


def pictures(html: str, files: Sequence[Attachment], domain: str) -> list[Attachment]:
    """Those of the uploads that the HTML shows: from now on parts of the mail rather than files beside it."""
    shown = [file for file in files if f"/api/attachments/{file.id}/preview" in html]
    for file in shown:
        file.is_inline = True
        file.content_id = f"picture-{file.id}@{domain}"
    return shown


def signature(tx: Transaction, channel: Channel) -> Passage:
    """The acting member's, filled; empty for the house itself and for who has none."""
    member = tx.session.get(Member, tx.actor.id) if tx.actor.kind == "member" and tx.actor.id else None
    if member is None or not member.signature:
        return Passage("", "")
    values = {
        "name": member.name,
        "email": member.email,
        "company": team.organisation_name(tx),
        "mailbox": channel.name,
    }
    html = signatures.filled(member.signature, values)
    return Passage(signatures.as_text(html), html)


def quoted(tx: Transaction, answered: Message | None) -> Passage:
    """The mail that is being answered, below the answer."""
    if answered is None or not is_known_outside(answered) or answered.is_unreadable:
        return Passage("", "")
    return history.quote(_past(tx, answered, {}), tx.actor.language)


def forwarded(tx: Transaction, origin_id: int | None, message_ids: Sequence[int], *, has_files: bool) -> Passage:
    """Mails of the conversation it comes from, oldest first, as `mails` finds them."""
    passages = []
    for message in mails(tx, origin_id, message_ids):
        pictures = _content_ids(tx, message) if has_files else {}
        passages.append(history.forward(_past(tx, message, pictures), tx.actor.language))
    return Passage("\n\n".join(p.text for p in passages), "<br>".join(p.html for p in passages))


def mails(tx: Transaction, conversation_id: int | None, message_ids: Sequence[int]) -> list[Message]:
    """Oldest first, without what has not left. NotFound unless each is a mail of that conversation that the member sees, and
    one of them at least has left."""
    found = [tx.find(Message, id) for id in dict.fromkeys(message_ids)]
    here = tx.session.get(Conversation, conversation_id) if conversation_id else None
    for message in found:
        if here is None or message.conversation_id != redirects.current(tx, here).id or message.kind not in MAILS:
            raise NotFound
        if not can_see(tx.actor, tx.find(Conversation, message.conversation_id)):
            raise NotFound
    left = [message for message in found if is_known_outside(message)]
    if found and not left:
        raise NotFound
    return sorted(left, key=lambda message: (message.at, message.id))


def is_known_outside(message: Message) -> bool:
    """A mail from outside, or of ours that left or is about to: not a note, nor what waits for its moment or failed."""
    is_waiting = message.scheduled_for is not None or message.delivery == Delivery.FAILED
    return message.kind in MAILS and not is_waiting


def keep(tx: Transaction, message: Message, words: Words, signature: Passage, below: Passage) -> None:
    """Write down what leaves, and (for the thread, and for taking it back) the words alone."""
    dashed = f"-- \n{signature.text}" if signature.text else ""
    text = "\n\n".join(part for part in (words.text, dashed, below.text) if part)
    html = ""
    if words.html:
        html = f"<div>{words.html}</div>"
        html += f"<br><div>-- <br>{signature.html}</div>" if signature.html else ""
        html += f"<br>{below.html}" if below.html else ""
        tx.add(MessageHtml(message_id=message.id, html=words.html))
    tx.add(ReplyBody(message_id=message.id, text=text, html=html))


def copy_files(tx: Transaction, message: Message, mails: Sequence[Message]) -> None:
    """The files of forwarded mails go along; their bytes are in the store once."""
    for mail in mails:
        tx.execute(
            "INSERT INTO attachments (message_id, name, media_type, size, file_key, content_id, is_inline, created_at)"
            " SELECT :message, name, media_type, size, file_key, content_id, is_inline, created_at FROM attachments"
            " WHERE message_id = :mail ORDER BY id",
            message=message.id,
            mail=mail.id,
        )


def claim_uploads(tx: Transaction, ids: Sequence[int]) -> list[Attachment]:
    """One's own uploads, not yet part of another message."""
    files = []
    for id in ids:
        upload = tx.session.get(Attachment, id)
        if upload is None or upload.message_id is not None or upload.member_id != tx.actor.id:
            raise UploadMissing
        files.append(upload)
    return files


def _past(tx: Transaction, message: Message, pictures: dict[str, str]) -> Past:
    sender = _people(message, "from")
    text, html = message.text, ""
    if message.kind == Kind.REPLY:
        body = tx.session.get(ReplyBody, message.id)
        text, html = (body.text, body.html) if body else (text, "")
    else:
        stored = tx.session.get(MessageHtml, message.id)
        html = stored.html if stored else ""
    return Past(
        at=_local(tx, message.at),
        sender=sender[0] if sender else Person(""),
        subject=message.subject,
        to=_people(message, "to"),
        cc=_people(message, "cc"),
        text=text,
        html=html,
        pictures=pictures,
    )


def _local(tx: Transaction, at: datetime) -> datetime:
    member = tx.session.get(Member, tx.actor.id) if tx.actor.kind == "member" and tx.actor.id else None
    return at.astimezone(ZoneInfo(member.timezone if member else "Europe/Paris"))


def _content_ids(tx: Transaction, message: Message) -> dict[str, str]:
    found = tx.rows("SELECT content_id FROM attachments WHERE message_id = :id AND content_id <> ''", id=message.id)
    return {content_id: f"cid:{content_id}" for (content_id,) in found}


def _people(message: Message, field: str) -> tuple[Person, ...]:
    return tuple(Person(address, name) for address, name in message.recipients.get(field, ()))
