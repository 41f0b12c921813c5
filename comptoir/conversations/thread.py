"""Everything the right-hand side shows: a conversation, a page of its messages, and the lines between them.

`find` is where every endpoint of one conversation begins: what the member may not see is not found.
"""

from comptoir.conversations import messages, redirects, timeline
from comptoir.conversations.answering import recipients
from comptoir.conversations.lists import BadCursor
from comptoir.conversations.models import Attachment, Conversation, Message
from comptoir.conversations.rows import reading_of, rows_of
from comptoir.conversations.schemas import MessageView, Thread
from comptoir.foundation.errors import NotFound
from comptoir.foundation.transaction import Transaction
from comptoir.team.access import can_see

PAGE = 50


def find(tx: Transaction, conversation_id: int) -> Conversation:
    conversation = tx.session.get(Conversation, conversation_id)
    conversation = None if conversation is None else redirects.current(tx, conversation)
    if conversation is None or not can_see(tx.actor, conversation):
        raise NotFound
    return conversation


def find_message(tx: Transaction, message_id: int) -> Message:
    message = tx.session.get(Message, message_id)
    if message is None:
        raise NotFound
    find(tx, message.conversation_id)
    return message


def find_attachment(tx: Transaction, attachment_id: int) -> Attachment:
    """A file of a message that the member may see, or their own upload."""
    attachment = tx.session.get(Attachment, attachment_id)
    if attachment is None:
        raise NotFound
    if attachment.message_id is not None:
        find_message(tx, attachment.message_id)
    elif attachment.member_id != tx.actor.id:
        raise NotFound
    return attachment


def read(tx: Transaction, conversation_id: int, *, before: str | None = None) -> Thread:
    """The newest page, or the one above the cursor `before`."""
    seq = tx.log_position()
    rows = rows_of(tx, [conversation_id])
    if not rows and (there := _merged_into(tx, conversation_id)) is not None:
        conversation_id = there
        rows = rows_of(tx, [conversation_id])
    if not rows or not can_see(tx.actor, rows[0]):
        raise NotFound
    shown, older = _page(tx, conversation_id, before)
    return Thread(
        conversation=rows[0],
        reading=reading_of(tx, conversation_id),
        messages=shown,
        activities=timeline.between(
            tx,
            conversation_id,
            shown,
            is_newest=before is None,
            is_oldest=older is None,
        ),
        reply=recipients.reply_all(tx, conversation_id),
        older=older,
        seq=seq,
    )


def _merged_into(tx: Transaction, conversation_id: int) -> int | None:
    conversation = tx.session.get(Conversation, conversation_id)
    return None if conversation is None else redirects.current(tx, conversation).id


def _page(tx: Transaction, conversation_id: int, before: str | None) -> tuple[list[MessageView], str | None]:
    """By the time of the messages: what comes late, as history does, is where it belongs."""
    at, id = _place(before) if before is not None else (2**62, 0)
    found = tx.rows(
        f"SELECT {messages.COLUMNS} FROM messages WHERE conversation_id = :id AND (at, id) < (:at, :before)"
        " ORDER BY at DESC, id DESC LIMIT :limit",
        id=conversation_id,
        at=at,
        before=id,
        limit=PAGE + 1,
    )
    views = list(reversed(messages.views(tx, found[:PAGE])))
    return views, f"{found[PAGE - 1][3]}.{found[PAGE - 1][0]}" if len(found) > PAGE else None


def _place(cursor: str) -> tuple[int, int]:
    at, _, id = cursor.partition(".")
    if not all(part.isascii() and part.isdigit() and len(part) < 19 for part in (at, id)):
        raise BadCursor
    return int(at), int(id)
