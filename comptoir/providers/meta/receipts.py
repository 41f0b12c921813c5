"""What became of a message of ours, as Meta tells it. A failed one names neither contact nor user: it is found by its id."""

from typing import get_args

from comptoir.channels.chat import Receipted, ReceiptState
from comptoir.providers.loose import Json, items, moment, number, text
from comptoir.providers.meta import errors
from comptoir.providers.meta.messages import Around, party_of

KNOWN = frozenset(get_args(ReceiptState))


def receipt(around: Around, raw: Json) -> Receipted | None:
    """None for a state that we do not know (deleted, or one still to be invented) and for what names no message."""
    state, external_id = text(raw, "status").lower(), text(raw, "id")
    if state not in KNOWN or not external_id:
        return None
    keys = ("recipient_id", "recipient_user_id", "recipient_parent_user_id")
    if text(raw, "recipient_type") == "group" or text(raw, "recipient_participant_id"):
        keys = ("recipient_participant_id", "recipient_participant_user_id", "recipient_participant_parent_user_id")
    who = party_of(raw, around.contacts, keys)
    code, detail = reason(raw)
    return Receipted(
        number_id=around.number_id,
        at=moment(raw.get("timestamp"), around.received_at),
        external_id=external_id[:200],
        our_id=text(raw, "biz_opaque_callback_data")[:200],
        state=state,  # type: ignore[arg-type]
        code=code,
        detail=detail,
        party=who if who.aliases else None,
    )


def reason(raw: Json) -> tuple[str, str]:
    """The first error as one of our codes, and its words. Meta's code is a number, or one written as text."""
    error = next(items(raw, "errors"), {})
    detail = text(error, "error_data", "details") or text(error, "message") or text(error, "title")
    code = number(error, "code")
    if code is None:
        return "", detail[:2000]
    return errors.code_of(int(code)), f"{int(code)}: {detail}"[:2000]
