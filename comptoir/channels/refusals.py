"""Why a number's message did not leave, and what that asks for. Pure: providers translate their codes into these, the gate to
the world acts on them, the UI has a sentence for each (web: features/conversations/thread/reasons.ts).
"""

from collections.abc import Mapping
from enum import StrEnum

from comptoir.channels.port import SendError


class Nature(StrEnum):
    """`never`: the same message will be refused again. `soon`: it may pass by itself. `number`: everybody who writes from that
    number has to slow down. `person`: only who writes to that person has to."""

    NEVER = "never"
    SOON = "soon"
    NUMBER = "number"
    PERSON = "person"


NATURES: Mapping[str, Nature] = {
    "temporary": Nature.SOON,
    "unreachable": Nature.SOON,
    "timeout": Nature.SOON,
    "media_not_taken": Nature.SOON,
    "rate_limited": Nature.NUMBER,
    "pair_rate_limited": Nature.PERSON,
}

# How often it is tried in all. A file that was not taken twice is not going to be.
ATTEMPTS: Mapping[str, int] = {"media_not_taken": 2}

# Nothing leaves that number until somebody has looked at it: shown on the channel, not only on the message.
STOPPING = frozenset(
    {
        "sign_in_failed",
        "permission_missing",
        "account_blocked",
        "payment_missing",
        "number_not_registered",
        "name_not_approved",
        "sender_misconfigured",
    }
)

# Said of a template: our copy of the list may be out of date.
ABOUT_TEMPLATES = frozenset({"template_missing", "template_values", "template_paused"})


def nature(code: str) -> Nature:
    return NATURES.get(code, Nature.NEVER)


def error(code: str, detail: str = "") -> SendError:
    return SendError(code, detail[:2000], permanent=nature(code) == Nature.NEVER)
