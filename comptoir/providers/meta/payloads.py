"""What Meta's webhooks say, in our words: every entry x change x message x status alone, so that one bad item loses no other.

Nothing here refuses: a field we do not know says nothing to us, and an item that breaks its reader becomes NotUnderstood,
with its source.
"""

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime

import msgspec

from comptoir.channels.chat import AnyHappening, NotUnderstood
from comptoir.channels.port import Connection
from comptoir.providers.loose import Json, decode, items, mapping, moment, packed, text
from comptoir.providers.meta import accounts, messages, receipts
from comptoir.providers.meta.messages import Around

Reader = Callable[[Around, Json], AnyHappening | None]


def happenings(connection: Connection, body: bytes, received_at: datetime) -> list[AnyHappening]:
    """In the order of the payload. Empty for what is not about WhatsApp, or says nothing that concerns us."""
    try:
        envelope = decode(body)
    except (ValueError, RecursionError) as error:
        return [_not_understood(Around("", received_at), body.decode("utf-8", "replace"), str(error))]
    if not isinstance(envelope, dict) or text(envelope, "object") not in ("", "whatsapp_business_account"):
        return []
    found: list[AnyHappening] = []
    for entry in items(envelope, "entry"):
        at = moment(entry.get("time"), received_at)
        for change in items(entry, "changes"):
            found += _change(connection, change, at, received_at)
    return found


def _change(connection: Connection, change: Json, at: datetime, received_at: datetime) -> Iterator[AnyHappening]:
    """By what it holds rather than by the name of its field, which changes and is sometimes missing."""
    value, field = mapping(change, "value"), text(change, "field")
    number_id = text(value, "metadata", "phone_number_id")
    ours = text(value, "metadata", "display_phone_number")
    contacts = tuple(items(value, "contacts"))
    around = Around(number_id, received_at, contacts, ours=ours)
    is_history = field == "history"
    if is_history:
        around = msgspec.structs.replace(around, is_history=True)
        for imported in items(value, "history"):
            yield from _history(around, imported)
            yield from _each(around, imported, "errors", accounts.trouble)
    yield from _each(around, value, "messages", messages.message)
    echoes = msgspec.structs.replace(around, is_echo=True, is_history=is_history)
    yield from _each(echoes, value, "message_echoes", messages.message)
    if field != "calls":
        yield from _each(around, value, "statuses", receipts.receipt)
    yield from _each(around, value, "calls", accounts.call)
    yield from _each(around, value, "groups", accounts.group)
    yield from _each(around, value, "user_preferences", accounts.preference)
    yield from _each(around, value, "user_id_update", accounts.user_id)
    if not around.contacts or not any(key in value for key in ("messages", "calls")):
        yield from _each(around, value, "errors", accounts.trouble)
    about = Around(number_id, at)
    yield from _one(about, value, lambda around, said: accounts.account(around, field, said))


def _each(around: Around, value: Json, key: str, read: Reader) -> Iterator[AnyHappening]:
    """What is no object at all cannot be read, and is kept too."""
    listed = value.get(key)
    for item in listed if isinstance(listed, list) else ():
        if isinstance(item, dict):
            yield from _one(around, item, read)
        elif item is not None:
            yield _not_understood(around, packed(item), "not an object")


def _one(around: Around, item: Json, read: Reader) -> Iterator[AnyHappening]:
    try:
        happening = read(around, item)
    except Exception as error:
        yield _not_understood(around, packed(item), f"{type(error).__name__}: {error}", item)
        return
    if happening is not None:
        yield happening


def _history(around: Around, imported: Json) -> Iterator[AnyHappening]:
    """A chat of the phone app, imported: each of its messages is the customer's, or ours."""
    for thread in items(imported, "threads"):
        context = {**mapping(thread, "context")}
        context.setdefault("wa_id", text(thread, "id"))
        one_chat = msgspec.structs.replace(around, contacts=(context,))
        for item in items(thread, "messages"):
            is_ours = _is_ours(around, item, context)
            yield from _one(msgspec.structs.replace(one_chat, is_echo=is_ours), item, messages.message)


def _is_ours(around: Around, item: Json, customer: Json) -> bool:
    """From our number, or from nobody that this chat is with."""
    sender, ours = text(item, "from").lstrip("+"), "".join(c for c in around.ours if c.isdigit())
    if sender and sender == ours:
        return True
    theirs = {text(customer, key) for key in ("wa_id", "user_id", "parent_user_id")}
    return not ({sender, text(item, "from_user_id"), text(item, "from_parent_user_id")} - {""}) & theirs


def _not_understood(around: Around, raw: str, reason: str, item: Json | None = None) -> NotUnderstood:
    """`item`: what could be taken apart of it, to show a bubble to whoever is behind it."""
    party = around.party(item) if item is not None else None
    return NotUnderstood(
        number_id=around.number_id,
        at=moment(item.get("timestamp") if item else None, around.received_at),
        external_id=messages.external_id(around, item)
        if item
        else "digest:" + hashlib.sha256(raw.encode()).hexdigest(),
        reason=reason[:500],
        raw=raw,
        party=party if party is not None and party.aliases else None,
    )
