"""Block whoever is not worth reading: what they send is kept, among the spam, and calls nobody. Until they are unblocked.

It is an address or a number that is blocked, never a name: the same person may write from elsewhere.
"""

from collections.abc import Sequence

import msgspec

from comptoir.channels.models import Channel
from comptoir.channels.port import ChannelKind
from comptoir.conversations.errors import NobodyToBlock
from comptoir.conversations.handling import spamming
from comptoir.conversations.handling.schemas import BlockedSender
from comptoir.conversations.models import Conversation, Kind
from comptoir.customers.models import Identity
from comptoir.foundation.errors import NotFound
from comptoir.foundation.tables import from_ms, to_ms
from comptoir.foundation.transaction import Transaction
from comptoir.team.access import visible

EMAIL = "email"


def block(tx: Transaction, conversation: Conversation) -> None:
    """Who wrote last in this conversation, by all that names them there; and it is spam."""
    ids = _senders(tx, conversation)
    if not ids:
        raise NobodyToBlock
    changed = tx.execute(
        f"UPDATE identities SET blocked_at = :now, blocked_by_id = :me WHERE id IN ({_in(ids)}) AND blocked_at IS NULL",
        now=to_ms(tx.now),
        me=tx.actor.id,
    )
    if changed:
        tx.record(
            "sender.blocked", conversation_id=conversation.id, channel_id=conversation.channel_id, identity_ids=ids
        )
    spamming.mark(tx, conversation)


def unblock(tx: Transaction, identity_id: int) -> None:
    """An address; or a number, with whatever else names that person to its provider. What is spam already stays there."""
    identity = tx.session.get(Identity, identity_id)
    if identity is None or identity.blocked_at is None or not _may_see(tx, identity):
        raise NotFound
    ids = [identity.id] if identity.kind == EMAIL else _numbers(tx, identity.contact_id)
    tx.execute(f"UPDATE identities SET blocked_at = NULL, blocked_by_id = NULL WHERE id IN ({_in(ids)})")
    tx.session.refresh(identity)
    tx.record("sender.unblocked", identity_ids=ids)


def is_blocked_address(tx: Transaction, address: str) -> bool:
    return _is(tx, "kind = 'email' AND scope = '' AND value = :address", address=address)


def is_blocked_number(tx: Transaction, contact_id: int | None) -> bool:
    return contact_id is not None and _is(tx, "contact_id = :contact AND kind <> 'email'", contact=contact_id)


def blocked_senders(tx: Transaction) -> list[BlockedSender]:
    """The newest first: a number once, by the name that people know it by."""
    found = tx.rows(
        "SELECT i.id, i.kind, coalesce(i.given, i.value), i.contact_id, p.name, p.address, i.blocked_at, i.blocked_by_id"
        " FROM identities i JOIN contacts p ON p.id = i.contact_id WHERE i.blocked_at IS NOT NULL AND EXISTS"
        f" (SELECT 1 FROM conversations c WHERE c.contact_id = i.contact_id AND {visible(tx.actor)})"
        " ORDER BY i.blocked_at DESC, CASE i.kind WHEN 'phone' THEN 0 ELSE 1 END, i.id"
    )
    seen: set[int] = set()
    senders = []
    for id, kind, value, contact_id, name, address, at, by in found:
        if kind != EMAIL and contact_id in seen:
            continue
        if kind != EMAIL:
            seen.add(contact_id)
        shown = f"+{value}" if kind == "phone" and value.isdigit() else value if kind == EMAIL else address
        senders.append(
            BlockedSender(id, "email" if kind == EMAIL else "whatsapp", shown, name, contact_id, from_ms(at), by)
        )
    return senders


def _senders(tx: Transaction, conversation: Conversation) -> list[int]:
    """Of a mail, the address it came from; of a chat, every name of its person."""
    if tx.find(Channel, conversation.channel_id).kind != ChannelKind.EMAIL:
        return _numbers(tx, conversation.contact_id) if conversation.contact_id else []
    packed = tx.value(
        "SELECT recipients FROM messages WHERE conversation_id = :id AND kind = :incoming ORDER BY at DESC, id DESC LIMIT 1",
        id=conversation.id,
        incoming=Kind.INCOMING,
    )
    sender = (msgspec.json.decode(packed).get("from") if packed else None) or [[""]]
    found = tx.rows(
        "SELECT id FROM identities WHERE kind = 'email' AND scope = '' AND value = :address", address=sender[0][0]
    )
    return [id for (id,) in found]


def _numbers(tx: Transaction, contact_id: int) -> list[int]:
    found = tx.rows(
        "SELECT id FROM identities WHERE contact_id = :id AND kind <> 'email' AND ended_at IS NULL", id=contact_id
    )
    return [id for (id,) in found]


def _is(tx: Transaction, where: str, **given: object) -> bool:
    return tx.value(f"SELECT 1 FROM identities WHERE {where} AND blocked_at IS NOT NULL LIMIT 1", **given) is not None


def _may_see(tx: Transaction, identity: Identity) -> bool:
    seen = tx.value(
        f"SELECT 1 FROM conversations c WHERE c.contact_id = :contact AND {visible(tx.actor)} LIMIT 1",
        contact=identity.contact_id,
    )
    return seen is not None


def _in(ids: Sequence[int]) -> str:
    return ", ".join(str(int(id)) for id in ids)
