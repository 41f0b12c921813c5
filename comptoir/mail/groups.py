"""What a list or a group says of a mail that it hands on, and whether the receiving server believes the sender."""

import re

from comptoir.channels.port import Person
from comptoir.mail.addresses import people
from comptoir.mail.headers import Headers

_POST = re.compile(r"<mailto:([^>?]{3,320})", re.IGNORECASE)
_VERDICT = re.compile(r"\b(dmarc|spf|dkim)\s{0,3}=\s{0,3}([a-z]{3,12})", re.IGNORECASE)


def original_sender(fields: Headers) -> Person | None:
    """Who wrote to the group, when it had to put its own address into From."""
    found = people(fields.values("x-original-from")) or people(fields.values("x-original-sender"))
    return found[0] if found else None


def list_address(fields: Headers) -> str:
    """Where one writes to everybody on the list; empty when it does not say, or is no list."""
    match = _POST.search(fields.raw("list-post"))
    return match.group(1).lower() if match else ""


def is_forged(fields: Headers) -> bool:
    """The newest verdict only: those below it were written by anybody. No verdict is no suspicion."""
    said = _VERDICT.findall(fields.raw("authentication-results")[:4_000])
    verdicts: dict[str, str] = {name.lower(): verdict.lower() for name, verdict in said}
    if "dmarc" in verdicts:
        return verdicts["dmarc"] == "fail"
    return verdicts.get("spf") in ("fail", "softfail") and verdicts.get("dkim") != "pass"
