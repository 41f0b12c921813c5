"""What Meta says of an account, a number, its templates and its callers: everything that is not a message or its receipt."""

import hashlib

from comptoir.channels.chat import (
    AccountNotice,
    AnyHappening,
    ChatMessage,
    Notice,
    Party,
    PartyChanged,
    TemplateChanged,
)
from comptoir.providers.loose import Json, items, moment, number, packed, text
from comptoir.providers.meta.messages import Around, ids, party, party_of
from comptoir.providers.meta.receipts import reason

STOPPING = {"ACCOUNT_RESTRICTION", "ACCOUNT_VIOLATION", "DISABLED_UPDATE", "ACCOUNT_DELETED", "ACCOUNT_OFFBOARDED"}
QUALITIES = {"GREEN": "high", "YELLOW": "medium", "RED": "low", "UNKNOWN": ""}
STATUSES = {
    "APPROVED": "approved",
    "REINSTATED": "approved",
    "UNARCHIVED": "approved",
    "PENDING": "pending",
    "IN_APPEAL": "pending",
    "REJECTED": "rejected",
    "PAUSED": "paused",
    "FLAGGED": "approved",
    "DISABLED": "disabled",
    "LOCKED": "disabled",
    "ARCHIVED": "disabled",
    "DELETED": "disabled",
    "PENDING_DELETION": "disabled",
}


def account(around: Around, field: str, value: Json) -> AnyHappening | None:
    """A field about the account as a whole; None for the others."""
    if text(value, "message_template_id"):
        return _template(around, field, value)
    event = text(value, "event") or text(value, "decision") or text(value, "status")
    if field.startswith(("account_", "phone_number_", "business_capability", "business_username", "message_template")):
        code = ":".join(part for part in (field, event) if part)
        restrictions = [text(each, "restriction_type") for each in items(value, "restriction_info")]
        return AccountNotice(
            number_id=around.number_id,
            at=around.received_at,
            code=code[:200],
            detail=", ".join(each for each in restrictions if each)[:500],
            stops_sending=event in STOPPING or field in ("account_offboarded", "account_deleted"),
        )
    return None


def trouble(around: Around, error: Json) -> AccountNotice | None:
    """An error that belongs to no message."""
    code, detail = reason({"errors": [error]})
    return AccountNotice(number_id=around.number_id, at=around.received_at, code=f"error:{code}", detail=detail)


def call(around: Around, raw: Json) -> ChatMessage | None:
    """We never pick up: a customer's call is a missed one, however many events tell of it, unless it was taken elsewhere."""
    if text(raw, "direction") != "USER_INITIATED":
        return None
    if text(raw, "event") == "terminate" and text(raw, "status") == "COMPLETED" and number(raw, "duration"):
        return None
    if text(raw, "event") not in ("connect", "terminate"):
        return None
    return ChatMessage(
        number_id=around.number_id,
        at=moment(raw.get("timestamp"), around.received_at),
        external_id=text(raw, "id")[:200] or _digest(around, raw),
        party=party_of(raw, around.contacts, ("from", "from_user_id", "from_parent_user_id")),
        content=Notice("missed_call"),
    )


def group(around: Around, raw: Json) -> ChatMessage | None:
    """What happens to a group is a line in it."""
    if not text(raw, "group_id"):
        return None
    return ChatMessage(
        number_id=around.number_id,
        at=moment(raw.get("timestamp"), around.received_at),
        external_id=_digest(around, raw),
        party=Party(()),
        content=Notice("group", " ".join(part for key in ("type", "subject") if (part := text(raw, key)))),
        group_id=text(raw, "group_id")[:120],
    )


def preference(around: Around, raw: Json) -> ChatMessage | None:
    """The customer wants no more marketing, or wants it again: a line in the conversation."""
    who = party_of(raw, around.contacts, ("wa_id", "user_id", "parent_user_id"))
    if not who.aliases or text(raw, "category") != "marketing_messages":
        return None
    code = "marketing_stopped" if text(raw, "value") == "stop" else "marketing_resumed"
    return ChatMessage(
        number_id=around.number_id,
        at=moment(raw.get("timestamp"), around.received_at),
        external_id=_digest(around, raw),
        party=who,
        content=Notice(code, text(raw, "detail")[:500]),
    )


def user_id(around: Around, raw: Json) -> PartyChanged | None:
    """The older way to say that somebody has a new user id."""
    said = {
        f"{when}_{key}": text(raw, key, when)
        for key in ("user_id", "parent_user_id")
        for when in ("previous", "current")
    }
    old = party(ids(said, ("", "previous_user_id", "previous_parent_user_id")))
    new = party([*ids(raw, ("wa_id", "", "")), *ids(said, ("", "current_user_id", "current_parent_user_id"))])
    if not old.aliases or not new.aliases:
        return None
    return PartyChanged(
        number_id=around.number_id,
        at=moment(raw.get("timestamp"), around.received_at),
        external_id=_digest(around, raw),
        before=old,
        after=new,
        text=text(raw, "detail")[:500],
    )


def _template(around: Around, field: str, value: Json) -> TemplateChanged | None:
    """Status, quality or category; `reason` NONE is none."""
    event = text(value, "event").upper()
    new_category = text(value, "new_category") if "category" in field else ""
    why = text(value, "reason")
    return TemplateChanged(
        number_id=around.number_id,
        at=around.received_at,
        external_id=text(value, "message_template_id"),
        status=STATUSES.get(event, "other") if event and "quality" not in field else None,
        quality=QUALITIES.get(text(value, "new_quality_score").upper()) if "quality" in field else None,
        category=new_category.lower() or None,
        reason=(text(value, "rejection_info", "reason") or why)[:500] if why and why != "NONE" else None,
    )


def _digest(around: Around, raw: Json) -> str:
    return "digest:" + hashlib.sha256(packed([around.number_id, raw]).encode()).hexdigest()
