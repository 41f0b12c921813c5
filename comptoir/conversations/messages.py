"""Messages as the thread and the stream show them: whole views from one select, their files and what they quote from one each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from comptoir.channels.chat import Content
from comptoir.conversations.schemas import (
    AttachmentView,
    ContextView,
    Mention,
    MessageView,
    PersonView,
    QuotedView,
    ReactionView,
    ReceiptView,
    RefusalView,
)
from comptoir.foundation.among import rows_among
from comptoir.foundation.tables import from_ms
from comptoir.foundation.transaction import Transaction

TEXT = 20_000  # characters of one message in a thread; the rest is in its body
PREVIEWED = (
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "application/pdf",
    "text/plain",
)

COLUMNS = (
    "id, conversation_id, kind, at, member_id, recipients, subject, substr(text, 1, 20001), has_html, remote_images,"
    " delivery, error_code, error_detail, refusals, client_id, is_automatic, is_unreadable, ledger_id, header_id,"
    " via, held_until, match_reason, quoted_id, content, context, reactions, receipts, earlier, edited_at, revoked_at,"
    " is_imported, protection, mentions, scheduled_for, cancels_on_answer,"
    " CASE WHEN remote_images > 0 THEN (SELECT shows_images FROM contacts WHERE contacts.id = messages.contact_id) END"
)


def messages_of(tx: Transaction, ids: Sequence[int]) -> list[MessageView]:
    """These messages, as the stream shows them. Says nothing of who may see them."""
    return views(tx, rows_among(tx, f"SELECT {COLUMNS} FROM messages WHERE id IN ({{values}})", ids))


def views(tx: Transaction, found: Sequence[tuple[Any, ...]]) -> list[MessageView]:
    files = _files(tx, [row[0] for row in found])
    quoted = _quoted(tx, {row[22] for row in found if row[22]})
    return [_view(row, files.get(row[0], []), quoted.get((row[1], row[22]))) for row in found]


def _view(row: tuple[Any, ...], files: list[AttachmentView], quoted: QuotedView | None) -> MessageView:
    envelope = msgspec.json.decode(row[5])
    sender = _people(envelope.get("from"))
    text = row[7]
    return MessageView(
        id=row[0],
        conversation_id=row[1],
        kind=row[2],
        at=from_ms(row[3]),
        member_id=row[4],
        sender=sender[0] if sender else PersonView(""),
        to=_people(envelope.get("to")),
        cc=_people(envelope.get("cc")),
        bcc=_people(envelope.get("bcc")),
        subject=row[6],
        text=text[:TEXT],
        is_cut=len(text) > TEXT,
        body_url=f"/api/messages/{row[0]}/body" if row[8] else None,
        remote_images=row[9],
        attachments=files,
        delivery=row[10],
        error_code=row[11],
        error_detail=row[12],
        refusals=[RefusalView(*refusal) for refusal in msgspec.json.decode(row[13])] if row[13] else [],
        client_id=row[14],
        is_automatic=bool(row[15]),
        is_unreadable=bool(row[16]),
        source_url=f"/api/messages/{row[0]}/source" if row[17] or (row[2] == "reply" and row[18]) else None,
        via=row[19],
        held_until=_moment(row[20]),
        match_reason=row[21],
        quoted=quoted or _unknown_quote(row[24]),
        content=msgspec.json.decode(row[23], type=Content) if row[23] else None,
        context=msgspec.json.decode(row[24], type=ContextView) if row[24] else None,
        reactions=_reactions(row[25]) if row[25] else [],
        receipts=msgspec.json.decode(row[26], type=list[ReceiptView]) if row[26] else [],
        earlier=[text for _, text in msgspec.json.decode(row[27])] if row[27] else [],
        edited_at=_moment(row[28]),
        revoked_at=_moment(row[29]),
        is_imported=bool(row[30]),
        protection=row[31],
        mentions=msgspec.json.decode(row[32], type=list[Mention]) if row[32] else [],
        shows_images=None if row[35] is None else bool(row[35]),
        scheduled_for=_moment(row[33]),
        cancels_on_answer=bool(row[34]),
    )


def _unknown_quote(context: str | None) -> QuotedView | None:
    """It answers something that we never had."""
    return QuotedView(None) if context and "quotes" in msgspec.json.decode(context) else None


def _moment(ms: int | None) -> datetime | None:
    return None if ms is None else from_ms(ms)


def _quoted(tx: Transaction, ids: set[int]) -> dict[tuple[int, int], QuotedView]:
    """The messages that others answer, as the line above an answer shows them; by their conversation too: what was moved to
    another one may be for other eyes."""
    asked = "SELECT conversation_id, id, kind, recipients, substr(text, 1, 160) FROM messages WHERE id IN ({values})"
    return {
        (conversation_id, id): QuotedView(
            id, kind, next((p.name or p.address for p in _people(msgspec.json.decode(packed).get("from"))), ""), text
        )
        for conversation_id, id, kind, packed, text in rows_among(tx, asked, ids)
    }


def _reactions(packed: str) -> list[ReactionView]:
    """An empty one is kept to remember that it was taken back."""
    return [reaction for reaction in msgspec.json.decode(packed, type=list[ReactionView]) if reaction.emoji]


def _people(pairs: list[list[str]] | None) -> list[PersonView]:
    return [PersonView(address, name) for address, name in pairs or ()]


def _files(tx: Transaction, message_ids: Sequence[int]) -> dict[int, list[AttachmentView]]:
    files: dict[int, list[AttachmentView]] = {}
    asked = (
        "SELECT id, message_id, name, media_type, size, is_inline, fetching, fetch_error FROM attachments"
        " WHERE message_id IN ({values}) ORDER BY message_id, id"
    )
    for id, message_id, name, media_type, size, is_inline, fetching, fetch_error in rows_among(tx, asked, message_ids):
        url = f"/api/attachments/{id}"
        files.setdefault(message_id, []).append(
            AttachmentView(
                id,
                name,
                media_type,
                size,
                bool(is_inline),
                url,
                f"{url}/preview" if can_preview(media_type) and fetching is None else None,
                fetching,
                fetch_error,
            )
        )
    return files


def can_preview(media_type: str) -> bool:
    """Kinds of file that a browser shows without running anything. SVG is not one of them."""
    return media_type in PREVIEWED or media_type.startswith(("audio/", "video/"))
