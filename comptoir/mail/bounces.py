"""Mails that say what became of another mail: delivery reports (RFC 3464), read receipts (RFC 8098), and the many bounces
that follow no standard and only look like a machine's letter. One per recipient, so that a partial failure can be shown as one.
"""

import re

from comptoir.channels.port import Bounce, Fate, Report
from comptoir.mail import headers, parts, threads
from comptoir.mail.addresses import people
from comptoir.mail.charsets import decode
from comptoir.mail.headers import OWN_ID, Headers, Span
from comptoir.mail.parts import Part
from comptoir.mail.plain import to_text

__all__ = ["Bounce", "Report", "of", "read_bounce"]

_MAX_TEXT = 100_000
_MAX_RECIPIENTS = 200
_REASON = 500

_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
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
_ABOUT = re.compile(
    r"(?:undeliver(?:able|ed)(?: mail)?|non remis|non distribuable|échec de la remise|unzustellbar|no se puede entregar|"
    r"delivery (?:status notification|failure)(?: \([^)]{1,30}\))?|returned mail|mail delivery failed|read|lu|gelesen|"
    r"read receipt|accusé de (?:lecture|réception))[ \xa0]?[:-] ?(.{3,})\Z",
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


def read_bounce(raw: bytes) -> Bounce | None:
    """The bounce or receipt in these bytes, or None when this is a mail like another. Never raises on bad bytes."""
    return of(parts.read(raw))


def of(root: Part) -> Bounce | None:
    """A person who passes a report on, in a mail of their own, reports nothing."""
    if (
        root.media_type != "multipart/report"
        and root.media_type not in _STATUS_TYPES
        and not _looks_like_one(root.headers)
    ):
        return None
    all_parts = list(root.walk())
    for part in all_parts:
        if part.media_type in _STATUS_TYPES:
            return _from_status(part, all_parts, root.headers)
        if part.media_type in ("message/disposition-notification", "message/global-disposition-notification"):
            return _from_disposition(part, root.headers)
    return _from_looks(root, all_parts) if _looks_like_one(root.headers) else None


def _from_status(status: Part, all_parts: list[Part], fields: Headers) -> Bounce:
    blocks = _blocks(status.content)
    envelope_id = _from_xtext(blocks[0].text("original-envelope-id")) if blocks else ""
    told = [block for block in blocks[:_MAX_RECIPIENTS] if _recipient(block) or block.raw("action")]
    reports = tuple(report for block in told if (report := _report(block)))
    if not told:
        reports = (_guessed(_words(all_parts), fields),)
    original_ids = _original_ids(all_parts, fields)
    if envelope_id and "@" in envelope_id:
        original_ids = tuple(
            dict.fromkeys((f"<{envelope_id}>", *original_ids))
        )  # ours is the Message-ID, when we asked
    return Bounce(reports, original_ids, envelope_id, True, _original_subject(all_parts, fields))


def _recipient(block: Headers) -> str:
    return block.raw("original-recipient") or block.raw("final-recipient")


def _report(block: Headers) -> Report | None:
    """None for *relayed*: handed to a server that tells no more is not delivered."""
    recipient = _recipient(block)
    action = block.text("action").lower().split(" ")[0]
    if action in ("relayed", "expanded"):
        return None
    found = people([recipient.split(";", 1)[-1]])
    status = next(iter(_STATUS.findall(block.raw("status"))), "")
    reason = block.text("diagnostic-code").split(";", 1)[-1].strip() or block.text("status")
    fate = _FATES.get(action, "delivered" if status.startswith("2") else "failed")
    return Report(
        found[0].address if found else "",
        fate,
        fate == "failed" and not status.startswith("4"),
        status,
        reason[:_REASON],
    )


def _from_disposition(part: Part, fields: Headers) -> Bounce | None:
    """*Read* is what the person's own program says of it; deleted or dispatched unread is nothing to show."""
    block = next(iter(_blocks(part.content)), None)
    if block is None:
        return None
    found = people([_recipient(block).split(";", 1)[-1]]) or people(fields.values("from"))
    disposition = block.text("disposition").lower()
    report = Report(found[0].address if found else "", "read", False, "", disposition[:_REASON])
    original_ids = threads.header_ids(block.raw("original-message-id"))
    return Bounce(
        (report,) if "displayed" in disposition else (), original_ids, "", True, _original_subject([], fields)
    )


def _looks_like_one(fields: Headers) -> bool:
    if "feedback" in fields.parameters("content-type")[1].get("report-type", "").lower():
        return False  # a complaint: the mail did arrive
    if "x-failed-recipients" in fields or fields.parameters("content-type")[0] == "multipart/report":
        return True
    if _DAEMON.search(fields.raw("from").lower()) or fields.raw("from").replace(" ", "") == "<>":
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
    return Bounce(
        (_guessed(text, root.headers),),
        _original_ids(all_parts, root.headers),
        "",
        False,
        _original_subject(all_parts, root.headers),
    )


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
    for inner in _returned(all_parts):
        found.extend(threads.header_ids(inner.raw(OWN_ID)))
        found.extend(threads.header_ids(inner.raw("message-id")))
    found.extend(_MESSAGE_ID.findall(_words(all_parts)))
    found.extend(threads.header_ids(" ".join(fields.values("in-reply-to", "references", "x-original-message-id"))))
    own = set(threads.header_ids(fields.raw("message-id")))
    return tuple(header_id for header_id in dict.fromkeys(found) if header_id not in own)


def _original_subject(all_parts: list[Part], fields: Headers) -> str:
    """Of the mail that came back, else what stands behind "Undeliverable:" in the subject of the bounce."""
    returned = next((subject for inner in _returned(all_parts) if (subject := inner.text("subject"))), "")
    if returned:
        return returned
    match = _ABOUT.match(fields.text("subject"))
    return match.group(1).strip() if match else ""


def _returned(all_parts: list[Part]) -> list[Headers]:
    """The header of each mail, whole or not, that was sent back."""
    found = []
    for part in all_parts:
        if part.media_type in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global"):
            content = part.content
            found.append(headers.read(content, Span(0, len(content)))[0])
    return found


def _from_xtext(value: str) -> str:
    """RFC 3461: `+2B` is a plus."""
    return re.sub(r"\+([0-9A-F]{2})", lambda match: chr(int(match.group(1), 16)), value)


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
