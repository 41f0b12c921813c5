"""What the emulated providers know at their start: all that the inbox has of a sample number's chats."""

from typing import Any

import msgspec

from comptoir.demo.emulators.files import RECEIVED_LASTS, File
from comptoir.demo.emulators.numbers import Number
from comptoir.demo.emulators.world import Said, World
from comptoir.foundation.files import Files
from comptoir.foundation.tables import from_ms
from comptoir.foundation.transaction import Transaction

# content tag -> Meta's word for that kind of message
KINDS = {
    "location": "location",
    "cards": "contacts",
    "voice": "audio",
    "sticker": "sticker",
    "choice": "button",
    "template": "template",
}
GONE = ("queued", "sending", "failed")  # never arrived on a phone


def restore(tx: Transaction, world: World, number: Number, channel_id: int, files: Files) -> None:
    """Every message that was exchanged with somebody the world knows, oldest first."""
    found = tx.rows(
        "SELECT m.id, m.external_id, m.kind, m.at, m.text, m.delivery, m.content, m.reactions, m.revoked_at, q.external_id,"
        " i.value FROM messages m JOIN conversations c ON c.id = m.conversation_id"
        " JOIN identities i ON i.contact_id = c.contact_id AND i.kind = 'phone'"
        " LEFT JOIN messages q ON q.id = m.quoted_id"
        " WHERE m.channel_id = :channel AND m.kind IN ('incoming', 'reply') AND m.external_id IS NOT NULL ORDER BY m.at, m.id",
        channel=channel_id,
    )
    for id, external_id, kind, at, text, delivery, content, reactions, revoked_at, quoted_id, phone in found:
        person = world.people.reached(phone=phone)
        if person is None or (kind == "reply" and delivery in GONE):
            continue
        said = Said(
            id=external_id,
            number=number,
            person=person,
            by="customer" if kind == "incoming" else "business",
            at=from_ms(at),
            kind="text",
            text=text,
            quoted_id=quoted_id or "",
            state="" if kind == "incoming" else delivery or "delivered",
            is_revoked=revoked_at is not None,
        )
        _add_content(said, msgspec.json.decode(content) if content else {})
        _add_reactions(said, msgspec.json.decode(reactions) if reactions else [])
        said.file = _file(tx, world, number, id, files)
        if said.file is not None and said.kind == "text":
            said.kind = said.file.kind
        world.add(said)


def _add_content(said: Said, content: dict[str, Any]) -> None:
    tag = content.get("type", "")
    said.kind = KINDS.get(tag, said.kind)
    said.is_voice = tag == "voice"
    if tag == "location":
        said.extra["location"] = content
        said.text = said.text or content.get("name", "")
    elif tag == "template":
        said.header, said.footer = content.get("header", ""), content.get("footer", "")
        said.buttons = tuple(content.get("buttons", ()))


def _add_reactions(said: Said, reactions: list[dict[str, Any]]) -> None:
    for reaction in reactions:
        said.reactions["customer" if reaction["by"] == "contact" else "business"] = reaction["emoji"]


def _file(tx: Transaction, world: World, number: Number, message_id: int, files: Files) -> File | None:
    found = tx.row(
        "SELECT id, name, media_type, file_key FROM attachments WHERE message_id = :id AND file_key <> '' ORDER BY id LIMIT 1",
        id=message_id,
    )
    if found is None:
        return None
    id, name, media_type, key = found
    return world.files.keep(File(f"restored{id}", files.get(key), media_type, name, number.id), RECEIVED_LASTS)
