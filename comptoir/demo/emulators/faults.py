"""How the emulated world goes wrong, on demand: answers that break, statuses out of order, customers without a phone number."""

from dataclasses import dataclass, field
from typing import Literal

Breakage = Literal["html", "truncated", "reset", "silent", "slow", "error_in_200", "busy"]


@dataclass
class Broken:
    """The answers of one operation ("" is any), for so many calls. `is_done`: the request was carried out before its answer
    broke, which is what nobody can see from outside. `silent` never answers, `reset` hangs up, `busy` is a 429."""

    how: Breakage
    operation: str = ""
    times: int = 1
    is_done: bool = False
    seconds: float = 1.0


@dataclass
class Faults:
    """What a test or a visitor may ask for; the defaults are a world in order.

    `statuses`: what becomes of a message, in this order ("sent", "delivered" and so on; "failed" with `fails_with`). `is_early`:
    they are told before the answer to the request leaves. `repeats`: each is told so many times. `delay`: virtual seconds
    between two. `window_refusal`: at once (sync) or by a failed status (async); Twilio only knows the latter. `is_window_strict`
    may be turned off: what the provider says no longer depends on the customer's last message. `signature`: "wrong" signs with
    another secret, "missing" not at all; `is_port_unsigned`: Twilio leaves the port out of the address it signs. `more_media`:
    so many bytes more than a file has."""

    broken: list[Broken] = field(default_factory=list)
    statuses: tuple[str, ...] = ("sent", "delivered")
    fails_with: int = 131000
    is_early: bool = False
    repeats: int = 1
    delay: float = 0.0
    window_refusal: Literal["sync", "async"] = "sync"
    is_window_strict: bool = True
    signature: Literal["right", "wrong", "missing"] = "right"
    is_port_unsigned: bool = False
    wrong_sha256: bool = False
    more_media: int = 0
    truncated_media: bool = False

    def take(self, operation: str) -> Broken | None:
        """The next breakage that is meant for this operation."""
        for broken in self.broken:
            if broken.operation in ("", operation) and broken.times > 0:
                broken.times -= 1
                return broken
        return None
