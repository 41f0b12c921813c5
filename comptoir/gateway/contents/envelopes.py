"""The whole envelope of a mail, from its source: every header, and what the receiving server found out about its sender.

Only the topmost Authentication-Results counts: our own server put it there, those below may come from the sender.
"""

import re
from typing import get_args

from comptoir.conversations.schemas import PersonView
from comptoir.gateway.contents.schemas import Check, EnvelopeView, Verdict
from comptoir.mail import headers
from comptoir.mail.addresses import people
from comptoir.mail.headers import Headers, Span

MOST_HEADERS = 500
MOST_SOURCE = 200_000  # bytes of the source shown in the page; the rest is in the download
_VERDICT = re.compile(r"(?:^|[;\s])(spf|dkim|dmarc)\s*=\s*([a-z]{2,12})", re.IGNORECASE)
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "x-forwarded-to")


def envelope(raw: bytes) -> EnvelopeView:
    fields, _ = headers.read(raw, Span(0, len(raw)))
    found = [(_titled(name), headers.one_line(headers.decode_words(value))[:8_000]) for name, value in fields]
    return EnvelopeView(
        headers=found[:MOST_HEADERS],
        delivered_to=list(dict.fromkeys(person.address for person in people(fields.values(*_DELIVERED)))),
        reply_to=[PersonView(person.address, person.name) for person in people(fields.values("reply-to"))],
        lists=[text for name in ("list-id", "list-unsubscribe") if (text := fields.text(name)[:500])],
        checks=_checks(fields),
    )


def source(raw: bytes) -> str:
    """The beginning of the mail as it came; bytes that are no UTF-8 are read as Latin-1 shows them."""
    piece = raw[:MOST_SOURCE]
    try:
        return piece.decode("utf-8")
    except UnicodeError:
        return piece.decode("latin-1")


def _checks(fields: Headers) -> list[Verdict]:
    written = fields.raw("authentication-results")[:8_000]
    found: dict[str, str] = {}
    for check, result in _VERDICT.findall(written):
        name, outcome = check.lower(), result.lower()
        if name not in found or outcome == "pass":  # several signatures: one that holds is enough
            found[name] = outcome
    return [Verdict(check, found[check]) for check in get_args(Check) if check in found]


def _titled(name: str) -> str:
    """`message-id` as people write it."""
    special = {"id": "ID", "mime": "MIME", "dkim": "DKIM", "spf": "SPF", "arc": "ARC"}
    return "-".join(special.get(word, word.capitalize()) for word in name.split("-"))
