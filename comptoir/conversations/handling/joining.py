"""What hangs on two conversations that become one, and how each gets its own back: participants, readings, drafts."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from comptoir.conversations.answering import drafting
from comptoir.conversations.answering.schemas import DraftContent
from comptoir.conversations.models import Conversation
from comptoir.foundation.transaction import Transaction


class JoinedReading(Struct):
    """How far a member had read the second conversation (None: never opened), and what that became."""

    member_id: int
    before: int | None
    after: int


class JoinedDraft(Struct):
    """A draft that went over; where its member was writing there already, `before` is what they had, and `version` of the two
    as one."""

    member_id: int
    mode: str
    version: int
    before: str | None = None


def join_participants(tx: Transaction, source: Conversation, target: Conversation) -> list[int]:
    """Give the target those that it has not; which ones."""
    found = tx.rows(
        "INSERT INTO participants (conversation_id, member_id, since)"
        " SELECT :target, member_id, since FROM participants WHERE conversation_id = :source AND member_id NOT IN"
        " (SELECT member_id FROM participants WHERE conversation_id = :target) RETURNING member_id",
        source=source.id,
        target=target.id,
    )
    return sorted(id for (id,) in found)


def part_participants(tx: Transaction, target: Conversation, ids: Sequence[int]) -> None:
    for id in ids:
        tx.execute(
            "DELETE FROM participants WHERE conversation_id = :target AND member_id = :id", target=target.id, id=id
        )


def join_readings(tx: Transaction, source: Conversation, target: Conversation) -> list[JoinedReading]:
    """What somebody has not read in either is still to read; asked before the messages move."""
    here, there = _readings(tx, source.id), _readings(tx, target.id)
    joined = []
    for member_id in sorted(here.keys() | there.keys()):
        read = ((here.get(member_id, 0), source), (there.get(member_id, 0), target))
        unread = [upto for upto, conversation in read if upto < conversation.last_incoming_id]
        after = min(unread) if unread else max(upto for upto, _ in read)
        if after != there.get(member_id):
            _set_reading(tx, target.id, member_id, after)
            joined.append(JoinedReading(member_id, there.get(member_id), after))
    return joined


def part_readings(tx: Transaction, source: Conversation, target: Conversation, joined: Sequence[JoinedReading]) -> None:
    """As it was; and who has read further since has read both."""
    now = _readings(tx, target.id)
    mine = _readings(tx, source.id)
    for one in joined:
        upto = now.get(one.member_id, 0)
        if upto > one.after:
            _set_reading(tx, source.id, one.member_id, max(upto, mine.get(one.member_id, 0)))
        elif one.before is None:
            tx.execute(
                "DELETE FROM readings WHERE conversation_id = :target AND member_id = :member",
                target=target.id,
                member=one.member_id,
            )
        else:
            _set_reading(tx, target.id, one.member_id, one.before)


def join_drafts(tx: Transaction, source: Conversation, target: Conversation) -> list[JoinedDraft]:
    """A draft goes over; two of one member are one, what came over above. The first one's own stays, to be had back."""
    joined = []
    drafts = tx.rows(
        "SELECT member_id, mode, version, content FROM drafts WHERE conversation_id = :id ORDER BY member_id, mode",
        id=source.id,
    )
    for member_id, mode, version, content in drafts:
        pair = {"source": source.id, "target": target.id, "member": member_id, "mode": mode}
        there = tx.row(
            "SELECT version, content FROM drafts WHERE conversation_id = :target AND member_id = :member AND mode = :mode",
            **pair,
        )
        if there is None:
            tx.execute(
                "UPDATE drafts SET conversation_id = :target WHERE conversation_id = :source AND member_id = :member"
                " AND mode = :mode",
                **pair,
            )
            joined.append(JoinedDraft(member_id, mode, version))
            continue
        both = drafting.joined(*(msgspec.json.decode(one, type=DraftContent) for one in (content, there[1])))
        _set_draft(tx, pair, there[0] + 1, msgspec.json.encode(both).decode())
        joined.append(JoinedDraft(member_id, mode, there[0] + 1, there[1]))
    return joined


def part_drafts(tx: Transaction, source: Conversation, target: Conversation, joined: Sequence[JoinedDraft]) -> None:
    """Each gets its own back, unless it was sent, or written further, since."""
    for one in joined:
        pair = {"source": source.id, "target": target.id, "member": one.member_id, "mode": one.mode}
        version = tx.value(
            "SELECT version FROM drafts WHERE conversation_id = :target AND member_id = :member AND mode = :mode",
            **pair,
        )
        if one.before is None and version is not None and version >= one.version:
            tx.execute(
                "UPDATE drafts SET conversation_id = :source WHERE conversation_id = :target AND member_id = :member"
                " AND mode = :mode",
                **pair,
            )
        elif one.before is not None and version == one.version:
            _set_draft(tx, pair, one.version + 1, one.before)
        elif one.before is not None:
            tx.execute(
                "DELETE FROM drafts WHERE conversation_id = :source AND member_id = :member AND mode = :mode", **pair
            )


def _set_draft(tx: Transaction, pair: dict[str, object], version: int, content: str) -> None:
    tx.execute(
        "UPDATE drafts SET version = :version, content = :content"
        " WHERE conversation_id = :target AND member_id = :member AND mode = :mode",
        version=version,
        content=content,
        **{name: value for name, value in pair.items() if name != "source"},
    )


def _readings(tx: Transaction, conversation_id: int) -> dict[int, int]:
    found = tx.rows("SELECT member_id, upto FROM readings WHERE conversation_id = :id", id=conversation_id)
    return dict(found)


def _set_reading(tx: Transaction, conversation_id: int, member_id: int, upto: int) -> None:
    tx.execute(
        "INSERT INTO readings (conversation_id, member_id, upto) VALUES (:conversation, :member, :upto)"
        " ON CONFLICT (conversation_id, member_id) DO UPDATE SET upto = excluded.upto",
        conversation=conversation_id,
        member=member_id,
        upto=upto,
    )
