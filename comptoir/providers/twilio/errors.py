"""What Twilio's error codes mean for a message: the same codes in an answer and in a status callback.

https://www.twilio.com/docs/api/errors
"""

from collections.abc import Mapping

from comptoir.channels import refusals
from comptoir.channels.port import SendError
from comptoir.providers import loose
from comptoir.providers.wire import Answer

CODES: Mapping[str, tuple[int, ...]] = {
    "sign_in_failed": (20003, 20403),
    "account_blocked": (30002, 63008, 63020),
    "sender_misconfigured": (21603, 21701, 63001, 63002, 63007, 63015, 63022),
    "rate_limited": (14107, 20429, 63017, 63018),
    "quality_limited": (63038,),
    "temporary": (20500, 20503, 30001, 30008, 30410, 63009, 63010, 63012),
    "recipient_unknown": (21211, 21612, 21910),
    "not_on_whatsapp": (63003, 63024),
    "recipient_refused": (63032, 63033),
    "opted_out": (21610,),
    "window_closed": (63016,),
    "marketing_capped": (63049, 63050, 63051),
    "media_not_taken": (21620, 63019, 63037),
    "file_too_large": (63034,),
    "text_too_long": (21617,),
    "one_file_per_message": (21623,),
    "template_missing": (21655, 63027, 63040),
    "template_values": (21656, 63028),
    "template_paused": (63041, 63042),
    "content_refused": (63005, 63006, 63013, 63021),
    "request_refused": (20001, 20404, 21602, 63030),
}
_BY_CODE = {code: ours for ours, codes in CODES.items() for code in codes}


def code_of(number: int) -> str:
    """Ours for one of Twilio's; "provider_refused" for one that we do not know."""
    return _BY_CODE.get(number, "provider_refused")


def refusal(answer: Answer) -> tuple[str, str] | None:
    """(our code, Twilio's words), or None when the answer holds no error that can be read."""
    number = loose.number(answer.data, "code")
    if number is None or answer.is_success:
        return None
    code = code_of(int(number))
    if code == "provider_refused" and answer.status == 429:
        code = "rate_limited"
    elif code == "provider_refused" and answer.status >= 500:
        code = "temporary"
    return code, f"{int(number)}: {loose.text(answer.data, 'message')}"


def send_error(answer: Answer) -> SendError:
    """Why a message was not taken. Without a word of Twilio in it, a 5xx (or a broken 201) leaves us not knowing."""
    found = refusal(answer)
    if found is not None:
        return refusals.error(*found)
    if answer.status == 429:
        return refusals.error("rate_limited", answer.words)
    if answer.is_success or answer.status >= 500:
        return SendError("unknown_outcome", answer.words, permanent=False, unknown=True)
    return refusals.error("sign_in_failed" if answer.status == 401 else "provider_refused", answer.words)
