"""Keep what a member is writing, on the server: found again on another machine, shown in the list to them alone.

Only that a draft appeared or went is recorded, never its words, and only its member's browsers are told.
"""

import msgspec

from comptoir.conversations.answering.schemas import DraftContent, DraftView
from comptoir.conversations.errors import DraftGone
from comptoir.conversations.models import Attachment, Conversation
from comptoir.conversations.schemas import DraftMark, Mode, Upload
from comptoir.foundation.tables import from_ms, to_ms
from comptoir.foundation.transaction import Actor, Transaction
from comptoir.team.access import visible

MOST = 1000


def keep(tx: Transaction, conversation: Conversation, mode: Mode, content: DraftContent, *, known: int) -> int:
    """The last one who writes wins; its new version. DraftGone when `known` says that there was one, and there is none."""
    version = _version(tx, conversation, mode)
    if version is None and known:
        raise DraftGone
    kept = tx.value(
        "INSERT INTO drafts (conversation_id, member_id, mode, version, updated_at, content)"
        " VALUES (:conversation, :me, :mode, 1, :now, :content) ON CONFLICT (conversation_id, member_id, mode)"
        " DO UPDATE SET version = drafts.version + 1, updated_at = excluded.updated_at, content = excluded.content"
        " RETURNING version",
        conversation=conversation.id,
        me=tx.actor.id,
        mode=mode,
        now=to_ms(tx.now),
        content=msgspec.json.encode(content).decode(),
    )
    if version is None:
        _record(tx, "draft.kept", conversation, mode)
    return int(kept)


def drop(tx: Transaction, conversation: Conversation, mode: Mode) -> None:
    """Sent, or emptied."""
    gone = tx.execute(
        "DELETE FROM drafts WHERE conversation_id = :conversation AND member_id = :me AND mode = :mode",
        conversation=conversation.id,
        me=tx.actor.id,
        mode=mode,
    )
    if gone:
        _record(tx, "draft.dropped", conversation, mode)


def drafts_of(tx: Transaction, conversation: Conversation) -> list[DraftView]:
    """The acting member's own."""
    found = tx.rows(
        "SELECT mode, version, updated_at, content FROM drafts WHERE conversation_id = :id AND member_id = :me",
        id=conversation.id,
        me=tx.actor.id,
    )
    return [
        _view(tx, conversation.id, mode, version, at, msgspec.json.decode(content, type=DraftContent))
        for mode, version, at, content in found
    ]


def joined(content: DraftContent, begun: DraftContent) -> DraftContent:
    """Two drafts as one: `content` stands above what was begun."""
    if content.html or begun.html:
        content.html = f"{content.html or content.text}<div><br></div>{begun.html or begun.text}"
    content.text = "\n\n".join(text for text in (content.text, begun.text) if text)
    content.attachment_ids = [*content.attachment_ids, *begun.attachment_ids]
    content.in_reply_to_id = content.in_reply_to_id or begun.in_reply_to_id
    content.template = content.template or begun.template
    return content


def give_back(tx: Transaction, conversation: Conversation, member_id: int, content: DraftContent) -> None:
    """What did not leave stands above what its author has begun since, whoever acts. Given back already, it stays as it is."""
    actor, tx.actor = tx.actor, Actor("member", member_id)
    known = next((draft for draft in drafts_of(tx, conversation) if draft.mode == "reply"), None)
    if known is None:
        keep(tx, conversation, "reply", content, known=0)
    elif not known.content.text.startswith(content.text):
        keep(tx, conversation, "reply", joined(content, known.content), known=known.version)
    tx.actor = actor


def marks(tx: Transaction) -> list[DraftMark]:
    """Where the acting member has drafts, the newest first."""
    found = tx.rows(
        "SELECT d.conversation_id, d.mode FROM drafts d JOIN conversations c ON c.id = d.conversation_id"
        f" WHERE d.member_id = :me AND {visible(tx.actor)} ORDER BY d.updated_at DESC LIMIT {MOST}",
        me=tx.actor.id,
    )
    modes: dict[int, list[Mode]] = {}
    for conversation_id, mode in found:
        modes.setdefault(conversation_id, []).append(mode)
    return [DraftMark(conversation_id, kept) for conversation_id, kept in modes.items()]


def _view(
    tx: Transaction, conversation_id: int, mode: Mode, version: int, updated_at: int, content: DraftContent
) -> DraftView:
    header = content.template.header_attachment_id if content.template else None
    ids = [*content.attachment_ids, *([header] if header is not None else [])]
    found = (tx.session.get(Attachment, id) for id in ids)
    uploads = [file for file in found if file and file.message_id is None and file.member_id == tx.actor.id]
    return DraftView(
        conversation_id,
        mode,
        version,
        from_ms(updated_at),
        content,
        [Upload(file.id, file.name, file.media_type, file.size) for file in uploads],
    )


def _version(tx: Transaction, conversation: Conversation, mode: Mode) -> int | None:
    found: int | None = tx.value(
        "SELECT version FROM drafts WHERE conversation_id = :conversation AND member_id = :me AND mode = :mode",
        conversation=conversation.id,
        me=tx.actor.id,
        mode=mode,
    )
    return found


def _record(tx: Transaction, type: str, conversation: Conversation, mode: Mode) -> None:
    tx.record(type, conversation_id=conversation.id, channel_id=conversation.channel_id, mode=mode)
