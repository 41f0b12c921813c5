"""What Meta's error codes mean for a message. Meta's own advice is to decide on the code, never on the title.

https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
"""

from collections.abc import Mapping
from typing import Any

from comptoir.channels import refusals
from comptoir.channels.port import SendError
from comptoir.providers import loose
from comptoir.providers.wire import Answer

# Our code -> Meta's. What a code of ours asks for is in channels.refusals.
CODES: Mapping[str, tuple[int, ...]] = {
    "sign_in_failed": (0, 190),
    "permission_missing": (3, 10, *range(200, 300)),
    "rate_limited": (4, 80007, 130429),
    "pair_rate_limited": (131056,),
    "quality_limited": (131048, 131064),
    "temporary": (1, 2, 131000, 131016, 131057, 133004),
    "account_blocked": (368, 130497, 131005, 131031),
    "not_on_whatsapp": (131026, 131030),
    "to_oneself": (131021,),
    "name_not_approved": (131037,),
    "payment_missing": (131042,),
    "number_not_registered": (131045, 133010),
    "window_closed": (131047,),
    "marketing_capped": (131049, 130472),
    "opted_out": (131050,),
    "media_not_taken": (131052, 131053),
    "user_id_refused": (131062, 131063),
    "template_missing": (132001,),
    "template_values": (132000, 132005, 132007, 132012, 132018),
    "template_paused": (132015, 132016, 132068),
    "template_later": (132069,),
    "identity_changed": (137000,),
    "request_refused": (33, 100, 131008, 131009, 131051, 135000),
}
_BY_CODE = {code: ours for ours, codes in CODES.items() for code in codes}


def code_of(number: int) -> str:
    """Ours for one of Meta's; "provider_refused" for one that we do not know."""
    return _BY_CODE.get(number, "provider_refused")


def refusal(answer: Answer) -> tuple[str, str] | None:
    """(our code, Meta's words), or None when the answer holds no error that can be read."""
    error = answer.data.get("error")
    if not isinstance(error, dict):
        return None
    number = loose.number(error, "code")
    code = "provider_refused" if number is None else code_of(int(number))
    is_passing = loose.is_true(error, "is_transient") or answer.status >= 500
    if code == "provider_refused" and (is_passing or answer.status == 429):
        code = "rate_limited" if answer.status == 429 else "temporary"
    return code, _words(error)


def send_error(answer: Answer) -> SendError:
    """Why a message was not taken. Without a word of Meta in it, a 5xx (or a broken 200) leaves us not knowing."""
    found = refusal(answer)
    if found is not None:
        return refusals.error(*found)
    if answer.status == 429:
        return refusals.error("rate_limited", answer.words)
    if answer.is_success or answer.status >= 500:
        return SendError("unknown_outcome", answer.words, permanent=False, unknown=True)
    return refusals.error("provider_refused", answer.words)


def _words(error: Mapping[str, Any]) -> str:
    details = loose.text(error, "error_data", "details") or loose.text(error, "error_data")
    message = loose.text(error, "message")
    return f"{message} {details}".strip() if details and details not in message else message
