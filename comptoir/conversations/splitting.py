"""Put a mail that landed at the wrong place where it belongs: into a conversation of its own, or into another one.

What answers it goes with it, and what comes later follows the message that it answers. Undoing is moving back: a
conversation that is left without a message is gone.
"""

from collections.abc import Collection, Sequence

from msgspec import Struct

from comptoir.channels.models import Channel
from comptoir.channels.port import ChannelKind
from comptoir.conversations import recounting, removing
from comptoir.conversations.errors import CannotMove, WholeConversation
from comptoir.conversations.models import Conversation, Kind, Message, Status
from comptoir.foundation.transaction import Transaction
from comptoir.mail.threads import base_subject


def split(tx: Transaction, message: Message) -> Conversation:
    """The message and the later ones that answer it, in a new conversation with who has it; a line on both sides."""
    source = tx.find(Conversation, message.conversation_id)
    ids = _with_answers(tx, message)
    rest = "SELECT count(*) FROM messages WHERE conversation_id = :id AND kind IN ('incoming', 'reply')"
    if tx.value(rest, id=source.id) <= len(ids):
        raise WholeConversation
    target = Conversation(
        channel_id=source.channel_id,
        contact_id=message.contact_id or source.contact_id,
        customer_id=source.customer_id,
        subject=base_subject(message.subject) or source.subject,
        status=Status.OPEN,
        assignee_id=source.assignee_id,
        team_id=source.team_id,
        version=0,
        created_at=tx.now,
        last_at=tx.now,
        preview="",
        last_incoming_id=0,
        failed_count=0,
        has_files=False,
        origin_id=source.id,
    )
    tx.add(target)
    tx.execute(
        "INSERT INTO readings (conversation_id, member_id, upto)"
        " SELECT CAST(:target AS bigint), member_id, upto FROM readings WHERE conversation_id = :source",
        target=target.id,
        source=source.id,
    )
    carry(tx, ids, source, target, reason="moved")
    return target


def move(tx: Transaction, message: Message, target: Conversation) -> None:
    """The message and what answers it, into a conversation that exists."""
    source = tx.find(Conversation, message.conversation_id)
    if source.id == target.id:
        return
    if source.channel_id != target.channel_id:
        raise CannotMove
    carry(tx, _with_answers(tx, message), source, target, reason="moved")


def carry(tx: Transaction, ids: Sequence[int], source: Conversation, target: Conversation, *, reason: str) -> None:
    """Move these messages, with their place in the log; both conversations tell it. `reason` becomes that of the match."""
    these = ", ".join(str(int(id)) for id in ids)
    for statement in (
        f"UPDATE messages SET conversation_id = :target, match_reason = :reason WHERE id IN ({these})",
        f"UPDATE events SET conversation_id = :target WHERE conversation_id = :source AND message_id IN ({these})",
    ):
        tx.execute(statement, source=source.id, target=target.id, reason=reason)
    for id in ids:
        if (loaded := tx.session.get(Message, id)) is not None:
            tx.session.refresh(loaded)
        tx.record(
            "message.moved", conversation_id=target.id, message_id=id, channel_id=target.channel_id, from_id=source.id
        )
    recounting.recount(tx, target)
    _tell(tx, "conversation.moved_in", target, source, len(ids))
    if tx.value("SELECT 1 FROM messages WHERE conversation_id = :id LIMIT 1", id=source.id) is None:
        removing.remove(tx, source, target=target)
        return
    recounting.recount(tx, source)
    _keep_contact(tx, source)
    _tell(tx, "conversation.moved_out", source, target, len(ids))


def _tell(tx: Transaction, type: str, conversation: Conversation, other: Conversation, count: int) -> None:
    tx.record(
        type,
        conversation_id=conversation.id,
        channel_id=conversation.channel_id,
        other_id=other.id,
        count=count,
    )


def _keep_contact(tx: Transaction, conversation: Conversation) -> None:
    """Whose conversation it is when the messages of its contact have left: the first who still writes in it."""
    writers = [
        contact_id
        for (contact_id,) in tx.rows(
            "SELECT contact_id FROM messages WHERE conversation_id = :id AND kind = :incoming AND contact_id IS NOT NULL"
            " ORDER BY at, id",
            id=conversation.id,
            incoming=Kind.INCOMING,
        )
    ]
    if writers and conversation.contact_id not in writers:
        conversation.contact_id = writers[0]


class _Link(Struct, frozen=True):
    """A message as a thread sees it: its Message-ID, and those that it answers, the nearest first."""

    id: int
    header_id: str | None
    answers: Sequence[str]


def _with_answers(tx: Transaction, message: Message) -> list[int]:
    """The message, and every other one whose nearest known ancestor goes with it. However the ids point, each is taken once."""
    channel = tx.find(Channel, message.channel_id)
    if message.kind not in (Kind.INCOMING, Kind.REPLY) or channel.kind != ChannelKind.EMAIL:
        raise CannotMove
    return answers_to(tx, message.conversation_id, [message.id])


def answers_to(tx: Transaction, conversation_id: int, ids: Collection[int]) -> list[int]:
    """These mails of a conversation, and every one of it whose nearest known ancestor is among them."""
    return sorted(_family(ids, _parents(_links(tx, conversation_id))))


def _parents(links: Sequence[_Link]) -> dict[int, int | None]:
    known = {link.header_id: link.id for link in links if link.header_id}
    return {link.id: next((known[id] for id in link.answers if id in known), None) for link in links}


def _family(first: Collection[int], parents: dict[int, int | None]) -> Collection[int]:
    family = set(first)
    waiting = list(first)
    while waiting:
        parent = waiting.pop()
        children = [id for id, above in parents.items() if above == parent and id not in family]
        family.update(children)
        waiting.extend(children)
    return family


def _links(tx: Transaction, conversation_id: int) -> list[_Link]:
    messages = tx.rows(
        "SELECT id FROM messages WHERE conversation_id = :id AND kind IN ('incoming', 'reply')", id=conversation_id
    )
    found = [tx.find(Message, id) for (id,) in messages]
    return [_Link(one.id, one.header_id, [h for h in reversed(one.chain or []) if h != one.header_id]) for one in found]
