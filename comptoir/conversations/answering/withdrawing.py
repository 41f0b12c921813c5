"""Take back a reply that is still held: it becomes a draft again, with its words, its files and its recipients.

The job that sends and the member who takes back both claim the message by the same conditional UPDATE: one of them wins.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from comptoir.conversations import delivering, resolving
from comptoir.conversations.answering import drafting
from comptoir.conversations.answering.schemas import DraftContent, DraftView
from comptoir.conversations.errors import TooLate
from comptoir.conversations.models import Conversation, Message, MessageHtml
from comptoir.conversations.schemas import Forwarded, Recipient, TemplateChoice
from comptoir.foundation.errors import NotAllowed
from comptoir.foundation.tables import from_ms
from comptoir.foundation.transaction import Transaction
from comptoir.mail.html import clean
from comptoir.mail.quotes import preview


def withdraw(tx: Transaction, message: Message) -> DraftView:
    """Only by who wrote it, and only while it is held: TooLate after that."""
    if message.member_id is None or message.member_id != tx.actor.id:
        raise NotAllowed
    give_back(tx, message)
    conversation = tx.find(Conversation, message.conversation_id)
    about: dict[str, Any] = {
        "conversation_id": conversation.id,
        "message_id": message.id,
        "channel_id": conversation.channel_id,
    }
    if message.scheduled_for is not None:
        tx.record("message.unscheduled", **about, why="cancelled", member_id=message.member_id)
    else:
        if conversation.is_resolved:
            resolving.reopen(tx, conversation)
        tx.record("message.withdrawn", **about)
    return next(draft for draft in drafting.drafts_of(tx, conversation) if draft.mode == "reply")


def give_back(tx: Transaction, message: Message) -> None:
    """A held reply is its author's draft again, whoever acts. It records only the draft."""
    held = "delivery = 'queued' AND held_until IS NOT NULL"
    if not tx.execute(f"UPDATE messages SET held_until = NULL WHERE id = :id AND {held}", id=message.id):
        raise TooLate
    conversation = tx.find(Conversation, message.conversation_id)
    content = _content(tx, message)
    delivering.remove(tx, message)
    _as_it_was(tx, conversation)
    if message.member_id is not None:
        drafting.give_back(tx, conversation, message.member_id, content)


def _content(tx: Transaction, message: Message) -> DraftContent:
    words = tx.session.get(MessageHtml, message.id)
    files = tx.rows(
        "SELECT id, content_id FROM attachments WHERE message_id = :id AND member_id IS NOT NULL ORDER BY id",
        id=message.id,
    )
    pictures = {content_id: f"/api/attachments/{id}/preview" for id, content_id in files if content_id}
    context: Mapping[str, Any] = message.context or {}
    given = context.get("forwarded")
    template = _template(message, [id for id, _ in files])
    return DraftContent(
        text=message.text,
        html=clean(words.html, cid=pictures).html if words else "",
        to=_recipients(message, "to"),
        cc=_recipients(message, "cc"),
        bcc=_recipients(message, "bcc"),
        subject=message.subject,
        sender=message.recipients["from"][0][0],
        attachment_ids=[] if template else [id for id, content_id in files if not content_id],
        forwarded=Forwarded(given["message_ids"], given["has_files"]) if given else None,
        in_reply_to_id=_answered(tx, message),
        template=template,
    )


def _template(message: Message, file_ids: Sequence[int]) -> TemplateChoice | None:
    """With the values that its author gave it; the only file is its header's."""
    used = (message.context or {}).get("template")
    if used is None or message.content is None:
        return None
    return TemplateChoice(
        template_id=message.content["template_id"],
        values=used["values"],
        header_values=used.get("header_values", {}),
        button_values=used.get("button_values", {}),
        header_attachment_id=next(iter(file_ids), None),
    )


def _answered(tx: Transaction, message: Message) -> int | None:
    """The mail of its conversation that it names last."""
    found: int | None = tx.value(
        "SELECT id FROM messages WHERE channel_id = :channel AND header_id = :header AND conversation_id = :conversation",
        channel=message.channel_id,
        header=next(reversed(message.chain or ()), ""),
        conversation=message.conversation_id,
    )
    return found


def _recipients(message: Message, field: str) -> list[Recipient]:
    return [Recipient(address, name) for address, name in message.recipients.get(field, ())]


def _as_it_was(tx: Transaction, conversation: Conversation) -> None:
    """The line of the list without that reply: what is last now, and since when the customer waits again."""
    last = tx.row(
        "SELECT kind, text, at, subject FROM messages WHERE conversation_id = :id AND scheduled_for IS NULL"
        " ORDER BY at DESC, id DESC LIMIT 1",
        id=conversation.id,
    )
    kind, text, at, subject = last or (None, "", None, "")
    conversation.preview = preview(text) or subject
    conversation.preview_kind = kind
    if at is not None:
        conversation.last_at = from_ms(at)
    waiting = tx.value(
        "SELECT min(at) FROM messages WHERE conversation_id = :id AND kind = 'incoming' AND at > coalesce("
        "(SELECT max(at) FROM messages WHERE conversation_id = :id AND kind = 'reply' AND scheduled_for IS NULL), 0)",
        id=conversation.id,
    )
    conversation.waiting_since = None if waiting is None else from_ms(waiting)
    conversation.version += 1
