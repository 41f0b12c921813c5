"""A mail's bytes to `Incoming`, and the identity of a mail that arrives twice.

Whatever is sent here comes out as something a member can read; `Unreadable` is for bytes that hold nothing to show.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from comptoir.channels.port import Incoming, Person
from comptoir.mail import bodies, bounces, forwards, groups, headers, parts, threads
from comptoir.mail.addresses import people
from comptoir.mail.automatic import is_automatic
from comptoir.mail.composing import compose
from comptoir.mail.headers import OWN_ID, Headers, Span

__all__ = ["Unreadable", "compose", "fingerprint", "read"]

MAX_BYTES = 64 * 1024 * 1024
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_CHUNK = 1024 * 1024
_MAX_SUBJECT = 998
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "x-forwarded-to")
_OWN_FIELDS = (
    *("message-id", "from", "to", "cc", "reply-to", "date", "subject", "in-reply-to", "references"),
    *("auto-submitted", "content-type"),
)
_ZONE_NAME = re.compile(r"\s*\([^()]*\)\s*$")


class Unreadable(Exception):
    """Nothing in these bytes can be shown as a mail. `reason` is stable: empty, too_large, no_headers, broken."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read(raw: bytes, received_at: datetime) -> Incoming:
    """The mail as a member reads it. `received_at` (aware) stands in for a Date that is absent, absurd or in the future."""
    if not raw or raw.isspace():
        raise Unreadable("empty")
    if len(raw) > MAX_BYTES:
        raise Unreadable("too_large")
    try:
        return _read(raw, received_at)
    except Unreadable:
        raise
    except (ValueError, LookupError, ArithmeticError, RecursionError, MemoryError, AttributeError, TypeError) as error:
        raise Unreadable("broken") from error


def fingerprint(raw: bytes) -> str:
    """What makes two copies one mail: the sender's own headers and the body, whatever route they took.

    Trace headers differ from copy to copy and stay out; line endings differ from server to server and stay out too.
    A different mail that reuses a Message-ID has another fingerprint, be it only to somebody else or in answer to another.
    """
    fields, body = headers.read(raw, Span(0, len(raw)))
    digest = hashlib.sha256()
    for name in _OWN_FIELDS:
        digest.update(f"{name}:{' '.join(fields.raw(name).split())}\n".encode())
    for chunk in _body_chunks(raw, body):
        digest.update(chunk)
    return digest.hexdigest()


def _read(raw: bytes, received_at: datetime) -> Incoming:
    root = parts.read(raw)
    fields = root.headers
    if not any(True for _ in fields):
        raise Unreadable("no_headers")
    body = bodies.read(root)
    subject = fields.text("subject")[:_MAX_SUBJECT]
    bounce = bounces.of(root)
    return Incoming(
        external_id=fingerprint(raw),
        at=_moment(fields.raw("date"), received_at),
        sender=_sender(fields),
        submitter=next(iter(people(fields.values("sender"))), Person("")),
        to=people(fields.values("to")),
        cc=people(fields.values("cc")),
        bcc=people(fields.values("bcc")),
        reply_to=people(fields.values("reply-to")),
        subject=subject,
        text=body.text,
        html=body.html,
        files=body.files,
        header_id=next(iter(threads.header_ids(fields.raw("message-id"))), ""),
        in_reply_to=threads.header_ids(" ".join(fields.values("in-reply-to"))),
        references=threads.header_ids(" ".join(fields.values("references"))),
        is_automatic=is_automatic(fields),
        protection=body.protection,
        delivered_to=tuple(person.address for person in people(fields.values(*_DELIVERED))),
        own_id=next(iter(threads.header_ids(fields.raw(OWN_ID))), ""),
        original_sender=groups.original_sender(fields),
        list_address=groups.list_address(fields),
        forwarded_from=None if bounce else forwards.original_sender(root, subject, body.text),
        is_forged=groups.is_forged(fields),
        bounce=bounce,
    )


def _sender(fields: Headers) -> Person:
    for name in ("from", "sender", "reply-to", "return-path"):
        found = people(fields.values(name))
        if found:
            return found[0]
    return Person("", fields.text("from")[:200])


def _moment(value: str, received_at: datetime) -> datetime:
    try:
        moment = parsedate_to_datetime(_ZONE_NAME.sub("", value[:200]))
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return received_at.astimezone(UTC)
    return moment if _EARLIEST <= moment <= received_at else received_at.astimezone(UTC)


def _body_chunks(raw: bytes, body: Span) -> Iterator[bytes]:
    end = body.end
    while end > body.start and raw[end - 1] in b"\r\n":
        end -= 1
    for position in range(body.start, end, _CHUNK):
        yield raw[position : min(end, position + _CHUNK)].replace(b"\r", b"")
