"""Mails that say what became of another mail: delivery reports (RFC 3464), read receipts (RFC 8098), and the many bounces
that follow no standard and only look like a machine's letter. One per recipient, so that a partial failure can be shown as one.
"""

import re
from typing import Literal

from msgspec import Struct

from comptoir.mail import headers, parts, threads
from comptoir.mail.addresses import people
from comptoir.mail.charsets import decode
from comptoir.mail.headers import Headers, Span
from comptoir.mail.parts import Part
from comptoir.mail.plain import to_text

Fate = Literal["failed", "delayed", "delivered", "read"]

_MAX_TEXT = 100_000
_MAX_RECIPIENTS = 200
_REASON = 500

_FATES: dict[str, Fate] = {"failed": "failed", "delayed": "delayed", "delivered": "delivered"}
_DAEMON = re.compile(
    r"mailer-daemon|postmaster|mail delivery|mail-daemon|mailerdaemon|delivery subsystem|postmast\b|mdaemon"
)
_SUBJECT = re.compile(
    r"undeliver|delivery (?:status|failure|notification|report|has failed)|returned (?:mail|to sender)|mail delivery|"
    r"failure notice|non remis|échec de la remise|message non distribu|non-distribution|mail system error|"
    r"mail failure|could(?: not|n't) be delivered|unzustellbar|nicht zustellbar|rejected",
    re.IGNORECASE,
)
_AUTOMATIC_ANSWER = re.compile(r"auto-(?:replied|generated-reply)", re.IGNORECASE)
_STATUS = re.compile(r"(?:^|[\s(#:;])([245]\.\d{1,3}\.\d{1,3})(?=$|[\s,.;:)])")
_CODE = re.compile(r"(?:^|[\s:;(#])([45]\d\d)(?=[\s-])")
_ADDRESS = re.compile(r"<?([^\s<>\",;:()\[\]]{1,64}@[^\s<>\",;:()\[\]]{1,255})>?")
_MESSAGE_ID = re.compile(r"^[> \t]{0,4}message-id:[ \t]{0,8}(<[^<>\s]{3,400}>)", re.IGNORECASE | re.MULTILINE)
_WORDS_OF_FAILURE = re.compile(
    r"(?:user|recipient|mailbox|address|account|domain|host)[^\n]{0,60}(?:unknown|not found|does(?: not|n't) exist|rejected|full|"
    r"disabled|unavailable|invalid)|no such (?:user|recipient|mailbox)|unknown (?:user|recipient)|over quota|quota exceeded|"
    r"could not be delivered|delivery (?:has )?failed|undeliverable|non (?:remis|distribué)",
    re.IGNORECASE,
)


class Report(Struct, frozen=True):
    """What became of the mail for one recipient. `address` may be empty when the report does not say."""

    address: str
    fate: Fate
    is_permanent: bool
    status: str
    reason: str


class Bounce(Struct, frozen=True):
    """`original_ids` are the Message-IDs of the mail that this is about, most certain first; `is_standard` when a delivery
    status or disposition part says so, and not only the looks of the mail."""

    reports: tuple[Report, ...]
    original_ids: tuple[str, ...]
    envelope_id: str
    is_standard: bool

    @property
    def is_permanent(self) -> bool:
        return any(report.fate == "failed" and report.is_permanent for report in self.reports)


def read_bounce(raw: bytes) -> Bounce | None:
    """The bounce or receipt in these bytes, or None when this is a mail like another. Never raises on bad bytes."""
    root = parts.read(raw)
    all_parts = list(root.walk())
    for part in all_parts:
        if part.media_type in ("message/delivery-status", "message/global-delivery-status"):
            return _from_status(part, all_parts, root.headers)
        if part.media_type in ("message/disposition-notification", "message/global-disposition-notification"):
            return _from_disposition(part)
    return _from_looks(root, all_parts) if _looks_like_one(root.headers) else None


def _from_status(status: Part, all_parts: list[Part], fields: Headers) -> Bounce:
    blocks = _blocks(status.content)
    envelope_id = blocks[0].text("original-envelope-id") if blocks else ""
    reports = tuple(report for block in blocks[:_MAX_RECIPIENTS] if (report := _report(block)))
    if not reports:
        text = _words(all_parts)
        reports = (_guessed(text, fields),)
    return Bounce(reports, _original_ids(all_parts, fields), envelope_id, True)


def _report(block: Headers) -> Report | None:
    recipient = block.raw("original-recipient") or block.raw("final-recipient")
    action = block.text("action").lower().split(" ")[0]
    if not recipient and not action:
        return None
    found = people([recipient.split(";", 1)[-1]])
    status = next(iter(_STATUS.findall(block.raw("status"))), "")
    reason = block.text("diagnostic-code").split(";", 1)[-1].strip() or block.text("status")
    fate = _FATES.get(action, "delivered" if action in ("relayed", "expanded") else "failed")
    return Report(
        found[0].address if found else "",
        fate,
        fate == "failed" and not status.startswith("4"),
        status,
        reason[:_REASON],
    )


def _from_disposition(part: Part) -> Bounce | None:
    block = next(iter(_blocks(part.content)), None)
    if block is None:
        return None
    found = people([(block.raw("original-recipient") or block.raw("final-recipient")).split(";", 1)[-1]])
    disposition = block.text("disposition").lower()
    is_read = "displayed" in disposition
    report = Report(
        found[0].address if found else "", "read" if is_read else "delivered", False, "", disposition[:_REASON]
    )
    return Bounce((report,), threads.header_ids(block.raw("original-message-id")), "", True)


def _looks_like_one(fields: Headers) -> bool:
    if "x-failed-recipients" in fields or fields.parameters("content-type")[0] == "multipart/report":
        return True
    if _DAEMON.search(fields.raw("from").lower()):
        return True
    is_answer = bool(_AUTOMATIC_ANSWER.search(fields.raw("auto-submitted")))
    has_no_return = fields.raw("return-path").replace(" ", "") == "<>"
    return has_no_return and not is_answer and bool(_SUBJECT.search(fields.text("subject")))


def _from_looks(root: Part, all_parts: list[Part]) -> Bounce | None:
    text = _words(all_parts)
    is_failure = bool(
        _WORDS_OF_FAILURE.search(text) or _STATUS.search(text) or _SUBJECT.search(root.headers.text("subject"))
    )
    if not is_failure and "x-failed-recipients" not in root.headers:
        return None
    return Bounce((_guessed(text, root.headers),), _original_ids(all_parts, root.headers), "", False)


def _guessed(text: str, fields: Headers) -> Report:
    failed = people(fields.values("x-failed-recipients"))
    own = {person.address for person in people(fields.values("to", "from"))}
    mentioned = [match.group(1).lower().strip(".") for match in _ADDRESS.finditer(text[:20_000])]
    address = failed[0].address if failed else next((found for found in mentioned if found not in own), "")
    status = next(iter(_STATUS.findall(text)), "")
    code = next(iter(_CODE.findall(text)), "")
    is_soft = (status or code).startswith("4") or bool(
        re.search(r"delay|will (?:be )?retr|retard", fields.text("subject"), re.IGNORECASE)
    )
    line = next(
        (
            line.strip()
            for line in text.splitlines()
            if _WORDS_OF_FAILURE.search(line[:1_000]) or _STATUS.search(line[:1_000])
        ),
        "",
    )
    return Report(
        address,
        "delayed" if is_soft else "failed",
        not is_soft,
        status or code,
        (line or " ".join(text.split()))[:_REASON],
    )


def _original_ids(all_parts: list[Part], fields: Headers) -> tuple[str, ...]:
    found: list[str] = []
    for part in all_parts:
        if part.media_type in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global"):
            content = part.content
            inner, _ = headers.read(content, Span(0, len(content)))
            found.extend(threads.header_ids(inner.raw("message-id")))
    found.extend(_MESSAGE_ID.findall(_words(all_parts)))
    found.extend(threads.header_ids(" ".join(fields.values("in-reply-to", "references", "x-original-message-id"))))
    own = set(threads.header_ids(fields.raw("message-id")))
    return tuple(header_id for header_id in dict.fromkeys(found) if header_id not in own)


def _words(all_parts: list[Part]) -> str:
    texts = [
        decode(part.content[:_MAX_TEXT], part.parameters.get("charset", ""))
        for part in all_parts
        if part.media_type == "text/plain" or (part.media_type.startswith("multipart/") and not part.children)
    ]
    if not "".join(texts).strip():
        texts = [
            to_text(decode(part.content[:_MAX_TEXT], part.parameters.get("charset", "")))
            for part in all_parts
            if part.media_type == "text/html"
        ]
    return "\n".join(texts)[:_MAX_TEXT]


def _blocks(content: bytes) -> list[Headers]:
    """A status part is several groups of fields with blank lines between."""
    blocks: list[Headers] = []
    for group in re.split(rb"\r?\n[ \t]*\r?\n", content[:_MAX_TEXT].strip()):
        fields, _ = headers.read(group, Span(0, len(group)))
        blocks.append(fields)
    return blocks
