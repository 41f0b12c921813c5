"""What Twilio's webhooks say, in our words: one form is one message, or one status.

Twilio tells no time of sending: what it says happened when we heard it. What the WhatsApp user is called by stands in From
(a phone, or a BSUID when the phone is hidden) and in ExternalUserId; only what one form holds is linked.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qsl

import msgspec

from comptoir.channels.chat import (
    Alias,
    AliasKind,
    AnyHappening,
    ChatMessage,
    NotUnderstood,
    Party,
    Receipted,
    ReceiptState,
    Referral,
)
from comptoir.channels.port import Connection
from comptoir.customers import phones
from comptoir.providers.twilio import contents, errors, retelling

Form = Mapping[str, str]
STATES: Mapping[str, ReceiptState] = {
    "accepted": "accepted",
    "scheduled": "accepted",
    "queued": "accepted",
    "sending": "accepted",
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}
PREFIX = "whatsapp:"
PHONE = re.compile(r"\+?[0-9][0-9 ().-]*")
MOST_FIELDS = 1000


def happenings(connection: Connection, body: bytes, received_at: datetime) -> list[AnyHappening]:
    """One at the most; none for what says nothing that concerns a conversation (an unknown state)."""
    raw = body.decode("utf-8", "replace")
    try:
        pairs = parse_qsl(raw, keep_blank_values=True, max_num_fields=MOST_FIELDS)
        form = {name: value.replace("\x00", "") for name, value in pairs}
        happening = _receipt(form, received_at) if "MessageStatus" in form else _message(form, received_at)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"[:500]
        return [NotUnderstood(number_id="", at=received_at, external_id=_digest(raw), reason=reason, raw=raw)]
    return [] if happening is None else [happening]


def _message(form: Form, at: datetime) -> AnyHappening | None:
    external_id = form.get("MessageSid") or form.get("SmsSid") or form.get("SmsMessageSid")
    if not external_id or not form.get("From"):
        return None
    content = contents.content(form)
    return ChatMessage(
        number_id=number_of(form.get("To", "")),
        at=_said_at(form) or at,
        external_id=external_id[:200],
        party=_party(form, form["From"]),
        text=contents.words(form, content),
        media=contents.media(form),
        content=content,
        quoted_id=form.get("OriginalRepliedMessageSid", "")[:200],
        is_forwarded="true" in (form.get("Forwarded"), form.get("FrequentlyForwarded")),
        referral=_referral(form),
    )


def _said_at(form: Form) -> datetime | None:
    """Known of what was asked for (retelling); a call tells no time."""
    try:
        return datetime.fromisoformat(form.get(retelling.SAID_AT, ""))
    except ValueError:
        return None


def _receipt(form: Form, at: datetime) -> Receipted | None:
    """`our_id` came in the address of the callback, kept beside the form."""
    state, external_id = STATES.get(form["MessageStatus"]), form.get("MessageSid") or form.get("SmsSid")
    if state is None or not external_id:
        return None
    who = _party(form, form["To"]) if form.get("To") else None
    return Receipted(
        number_id=number_of(form.get("From", "")),
        at=at,
        external_id=external_id[:200],
        our_id=form.get("our_id", "")[:200],
        state=state,
        code=_code(form),
        detail=" ".join(
            filter(None, (form.get("ErrorCode"), form.get("ChannelStatusMessage") or form.get("ErrorMessage")))
        )[:2000],
        party=who,
    )


def _code(form: Form) -> str:
    """As one of ours; "" where nothing failed."""
    given = form.get("ErrorCode", "")
    if given.isascii() and given.isdigit() and int(given):
        return errors.code_of(int(given))
    return "canceled" if form["MessageStatus"] == "canceled" else ""


def number_of(address: str) -> str:
    """Our side of a message: the digits of "whatsapp:+33..."."""
    return phones.normalise(address.removeprefix(PREFIX)) if address else ""


def _party(form: Form, address: str) -> Party:
    given = {
        "": address,
        "bsuid": form.get("ExternalUserId") or form.get("ExternalUserIdentifier") or "",
        "parent_bsuid": form.get("ParentExternalUserId") or "",
    }
    found: dict[AliasKind, str] = {}
    for hint, value in given.items():
        bare = value.removeprefix(PREFIX).strip()
        if bare:
            found.setdefault(_kind(hint, bare), bare)
    if "phone" not in found and PHONE.fullmatch(form.get("WaId", "")):
        found["phone"] = form["WaId"]
    order: tuple[AliasKind, ...] = ("phone", "bsuid", "parent_bsuid")
    aliases = (Alias(k, (phones.normalise(found[k]) if k == "phone" else found[k])[:320]) for k in order if k in found)
    return Party(
        tuple(aliases),
        form.get("ProfileName", "").strip()[:200],
        form.get("ProfileUsername", "").strip().lstrip("@")[:100],
        "".join(character for character in found.get("phone", "") if character.isdigit())[:32],
    )


def _kind(hint: str, value: str) -> AliasKind:
    if PHONE.fullmatch(value):
        return "phone"
    return "parent_bsuid" if hint == "parent_bsuid" or ".ENT." in value else "bsuid"


def _referral(form: Form) -> Referral | None:
    found = Referral(
        form.get("ReferralHeadline", "")[:500],
        form.get("ReferralBody", "")[:2000],
        form.get("ReferralSourceUrl", "")[:2000],
        form.get("ReferralSourceType", "")[:40],
    )
    return found if msgspec.structs.astuple(found) != ("", "", "", "") else None


def _digest(raw: str) -> str:
    return "digest:" + hashlib.sha256(raw.encode()).hexdigest()
