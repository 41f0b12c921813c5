"""One message as Meta tells it -> one happening of ours. Who wrote it is found by id among the value's contacts, never by place."""

import base64
import hashlib
import re
from datetime import datetime
from typing import Any

from msgspec import Struct

from comptoir.channels.chat import (
    Alias,
    AliasKind,
    AnyHappening,
    ChatEdit,
    ChatMessage,
    ChatReaction,
    ChatRevoke,
    Content,
    MediaRef,
    Notice,
    Party,
    PartyChanged,
    Referral,
    Sticker,
    Unsupported,
    Voice,
)
from comptoir.customers import phones
from comptoir.providers.loose import Json, is_true, items, mapping, moment, packed, text
from comptoir.providers.meta import contents

BSUID = re.compile(r"[A-Z]{2}\.\S{1,250}|user\.[0-9A-Za-z]{1,256}")
PARENT = re.compile(r"[A-Z]{2}\.ENT\.\S+")
ALIASES: tuple[AliasKind, ...] = ("phone", "bsuid", "parent_bsuid")
MEDIA = ("image", "video", "document", "audio", "sticker", "voice")
STATES = {"sent", "delivered", "read", "played", "failed"}


class Around(Struct, frozen=True):
    """What holds for every message of one change."""

    number_id: str
    received_at: datetime
    contacts: tuple[Json, ...] = ()
    is_echo: bool = False
    is_history: bool = False
    ours: str = ""

    def party(self, message: Json) -> Party:
        """The customer of this message: who it is from, or to when it is ours."""
        if self.is_echo:
            return party_of(message, self.contacts, ("to", "to_user_id", "to_parent_user_id"))
        return party_of(message, self.contacts, ("from", "from_user_id", "from_parent_user_id"))


def message(around: Around, raw: Json) -> AnyHappening:
    """Any type, known or not: what is not known is shown as unsupported."""
    kind = text(raw, "type") or next((key for key in ("text", "location", "contacts", *MEDIA) if key in raw), "")
    at, party = moment(raw.get("timestamp"), around.received_at), around.party(raw)
    base: dict[str, Any] = {"number_id": around.number_id, "at": at, "external_id": external_id(around, raw)}
    if kind == "reaction":
        target, emoji = text(raw, "reaction", "message_id"), text(raw, "reaction", "emoji")
        return ChatReaction(**base, target_id=target, emoji=emoji, party=party, is_echo=around.is_echo)
    if kind == "edit":
        words = _words(mapping(raw, "edit", "message"))
        target = text(raw, "edit", "original_message_id")
        return ChatEdit(**base, target_id=target, text=words, party=party, is_echo=around.is_echo)
    if kind == "revoke":
        target = text(raw, "revoke", "original_message_id")
        return ChatRevoke(**base, target_id=target, party=party, is_echo=around.is_echo)
    if kind == "system" and (change := _change(base, raw)) is not None:
        return change
    return ChatMessage(
        **base,
        party=party,
        text=_words(raw, kind),
        media=_media(raw, kind),
        content=_content(raw, kind),
        quoted_id=text(raw, "context", "id"),
        is_forwarded=is_true(raw, "context", "forwarded") or is_true(raw, "context", "frequently_forwarded"),
        referral=_referral(mapping(raw, "referral")),
        group_id=text(raw, "group_id")[:120],
        is_echo=around.is_echo,
        is_history=around.is_history,
        state=_state(raw),
    )


def external_id(around: Around, raw: Json) -> str:
    """Its own id; else what it says is what makes it the same one when it comes again."""
    given = text(raw, "id")
    if given and len(given) <= 200:
        return given
    return "digest:" + hashlib.sha256(packed([around.number_id, raw]).encode()).hexdigest()


def party_of(raw: Json, contacts: tuple[Json, ...], keys: tuple[str, str, str]) -> Party:
    """`keys` hold a phone, a user id and a parent user id. Whoever names nobody, beside one contact, is that contact."""
    named = ids(raw, keys)
    values = {value for _, value in named}
    contact = next((contact for contact in contacts if any(value in values for _, value in ids(contact))), None)
    if not named and len(contacts) == 1:
        contact = contacts[0]
    return party([*named, *(ids(contact) if contact else ())], contact)


def ids(said: Json, keys: tuple[str, str, str] = ("wa_id", "user_id", "parent_user_id")) -> list[tuple[AliasKind, str]]:
    """What names a person there, each by what it looks like: user ids have been seen in the place of phones."""
    return [(_kind(kind, value), value) for kind, key in zip(ALIASES, keys, strict=True) if (value := text(said, key))]


def party(named: list[tuple[AliasKind, str]], contact: Json | None = None) -> Party:
    """The first of each kind."""
    found: dict[AliasKind, str] = {}
    for kind, value in named:
        found.setdefault(kind, value)
    aliases = (Alias(kind, (phones.normalise(id) if kind == "phone" else id)[:320]) for kind, id in found.items())
    return Party(
        tuple(sorted(aliases, key=lambda alias: ALIASES.index(alias.kind))),
        text(contact, "profile", "name").strip()[:200],
        (text(contact, "profile", "username") or text(contact, "username")).strip().lstrip("@")[:100],
        found.get("phone", "").lstrip("+")[:32],
    )


def _kind(kind: AliasKind, value: str) -> AliasKind:
    if PARENT.fullmatch(value):
        return "parent_bsuid"
    return "bsuid" if kind == "phone" and BSUID.fullmatch(value) else kind


def _words(raw: Json, kind: str = "") -> str:
    kind = kind or text(raw, "type")
    if kind == "text":
        return text(raw, "text", "body")
    if kind in MEDIA:
        return text(raw, kind, "caption")
    if kind == "button":
        return text(raw, "button", "text") or text(raw, "button", "payload")
    if kind == "interactive":
        return contents.title(mapping(raw, "interactive"))
    if kind == "order":
        return text(raw, "order", "text")
    return ""


def _media(raw: Json, kind: str) -> tuple[MediaRef, ...]:
    """A file without id and address cannot be fetched: the message says so instead."""
    found = mapping(raw, kind) if kind in MEDIA else {}
    id, url = text(found, "id"), text(found, "url")
    if not id and not url:
        return ()
    media_type = text(found, "mime_type") or {"sticker": "image/webp"}.get(kind, "application/octet-stream")
    name = text(found, "filename")
    return (MediaRef(id=id, url=url, media_type=media_type, name=name, sha256=_hex(text(found, "sha256"))),)


def _hex(digest: str) -> str:
    """Base64 in a webhook, hex elsewhere; "" for what is neither."""
    if re.fullmatch(r"[0-9a-fA-F]{64}", digest):
        return digest.lower()
    try:
        read = base64.b64decode(digest, validate=True)
    except ValueError:
        return ""
    return read.hex() if len(read) == 32 else ""


def _content(raw: Json, kind: str) -> Content | None:
    found = mapping(raw, kind)
    if kind in ("text", "image", "video", "document"):
        return None if kind == "text" or _media(raw, kind) else Unsupported(kind, _reason(raw) or "no file")
    if kind in ("audio", "voice"):
        return Voice() if kind == "voice" or is_true(found, "voice") else None
    if kind == "sticker":
        return Sticker(is_true(found, "animated"))
    if kind == "system":
        code = "identity_changed" if "identity" in text(found, "type") else "system"
        return Notice(code, text(found, "body")[:500])
    if kind == "request_welcome":
        return Notice("welcome")
    if kind == "media_placeholder":
        return Notice("history_media")
    known = contents.content(raw, kind)
    return known or Unsupported(text(raw, "unsupported", "type") or kind, _reason(raw))


def _reason(raw: Json) -> str:
    """What the provider says of what it could not hand over."""
    error = next(items(raw, "errors"), {})
    return (text(error, "error_data", "details") or text(error, "details") or text(error, "title"))[:500]


def _change(base: Json, raw: Json) -> PartyChanged | None:
    """A new number, or a new user id: the old aliases and the new ones."""
    said = mapping(raw, "system")
    kind = text(said, "type")
    if kind not in ("user_changed_number", "user_changed_user_id", "customer_changed_number"):
        return None
    new = [*ids(said), *ids(said, ("new_wa_id", "", ""))]
    old = [
        *ids(said, ("previous_wa_id", "previous_user_id", "previous_parent_user_id")),
        *ids(raw, ("from", "from_user_id", "from_parent_user_id")),
    ]
    before, after = party([named for named in old if named not in new]), party(new)
    if not before.aliases or not after.aliases:
        return None
    return PartyChanged(**base, before=before, after=after, text=text(said, "body")[:500])


def _referral(said: Json) -> Referral | None:
    if not said:
        return None
    kind, url = text(said, "source_type"), text(said, "source_url")
    return Referral(text(said, "headline")[:500], text(said, "body")[:2000], url[:2000], kind[:40])


def _state(raw: Json) -> str:
    """How far an old message of ours had come."""
    state = text(raw, "history_context", "status").lower()
    return state if state in STATES else ""
