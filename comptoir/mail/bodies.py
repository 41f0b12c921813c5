"""What of a mail is its words, and what is a file. Words come as a list of passages in reading order, because Apple Mail
writes text, picture, text; a passage written twice (alternative) keeps both its plain and its HTML form.
"""

import html as entities
import mimetypes
import re

from msgspec import Struct

from comptoir.channels.port import IncomingFile
from comptoir.mail import charsets, filenames, flowed, headers, opaque, parts, tnef
from comptoir.mail.parts import MAX_DEPTH, Part
from comptoir.mail.plain import to_text

MAX_TEXT = 1_000_000
MAX_HTML = 4_000_000
MAX_FILES = 500

_UNSEEN = frozenset({"text/x-amp-html", "text/watch-html"})
_WORDS = frozenset({"text/plain", "text/html", "text/markdown", "text/x-markdown"})
_NO_HTML = re.compile(
    r"does(?: not|n't) (?:appear to )?support html|ne (?:prend|supporte) pas .{0,20}html", re.IGNORECASE
)
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_OPAQUE = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_SIGNATURES = frozenset(
    {
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-signature",
        "application/pgp-keys",
    }
)
_PGP_MESSAGE = "-----BEGIN PGP MESSAGE-----"
_CONTENT_IDS = re.compile(r"cid:([^\"'\s>)]{1,500})", re.IGNORECASE)


class Passage(Struct):
    text: str | None = None
    html: str | None = None


class Body(Struct):
    """`protection`: signed_smime, signed_pgp, encrypted_smime, encrypted_pgp, or empty."""

    text: str
    html: str
    files: tuple[IncomingFile, ...]
    protection: str = ""


class _Reading(Struct):
    """What is found on the way through the parts."""

    files: list[IncomingFile]
    protection: str = ""

    def protected(self, how: str) -> None:
        """Encrypted says more than signed."""
        if not self.protection.startswith("encrypted"):
            self.protection = how


def read(root: Part) -> Body:
    reading = _Reading([])
    passages = _passages(root, reading, depth=0, in_alternative=False)
    text = _as_text(passages)
    html = _as_html(passages)
    if text.lstrip().startswith(_PGP_MESSAGE):
        reading.protected("encrypted_pgp")
    return Body(text[:MAX_TEXT], html[:MAX_HTML], _placed(reading.files, html), reading.protection)


def _passages(part: Part, reading: _Reading, *, depth: int, in_alternative: bool) -> list[Passage]:
    if part.children and depth <= MAX_DEPTH:
        return _of_children(part, reading, depth)
    if part.media_type in _UNSEEN:
        return []
    name = filenames.declared(part.headers)
    if part.media_type in _OPAQUE or (part.media_type == "application/octet-stream" and name.lower().endswith(".p7m")):
        inside = _unwrapped(part, reading)
        if inside is not None and depth <= MAX_DEPTH:
            return _passages(inside, reading, depth=depth + 1, in_alternative=in_alternative)
    is_words = (
        part.media_type in _WORDS and part.disposition != "attachment" and (in_alternative or depth == 0 or not name)
    )
    if part.media_type.startswith("multipart/"):
        is_words, name = True, ""  # a multipart that could not be split reads as the text it is
    if is_words:
        return [_words(part)]
    if len(reading.files) < MAX_FILES:
        file = _file(part, name)
        reading.files.extend(_unpacked(file) or [file])
    return []


def _of_children(part: Part, reading: _Reading, depth: int) -> list[Passage]:
    children = part.children
    if part.media_type == "multipart/signed":
        signatures = [child for child in children[1:] if child.media_type in _SIGNATURES]
        is_pgp = "pgp" in part.parameters.get("protocol", "") or any("pgp" in s.media_type for s in signatures)
        reading.protected("signed_pgp" if is_pgp else "signed_smime")
        children = [child for child in children if child not in signatures]
    elif part.media_type == "multipart/encrypted":
        reading.protected("encrypted_pgp")
        children = [child for child in children if child.media_type != "application/pgp-encrypted"]  # "Version: 1"
    is_alternative = part.media_type == "multipart/alternative"
    found = [_passages(child, reading, depth=depth + 1, in_alternative=is_alternative) for child in children]
    return _choose(found) if is_alternative else [passage for passages in found for passage in passages]


def _unwrapped(part: Part, reading: _Reading) -> Part | None:
    """The mail inside an S/MIME envelope that is only signed."""
    envelope = opaque.read(part.content)
    if envelope.kind == "encrypted" or part.parameters.get("smime-type", "").lower() == "enveloped-data":
        reading.protected("encrypted_smime")
    elif envelope.kind == "signed":
        reading.protected("signed_smime")
    return parts.read(envelope.content) if envelope.content.strip() else None


def _words(part: Part) -> Passage:
    text = charsets.decode(part.content, part.parameters.get("charset", "")).replace("\r\n", "\n").replace("\r", "\n")
    if part.media_type == "text/html":
        return Passage(html=text)
    if part.parameters.get("format", "").lower() == "flowed":
        text = flowed.unflow(text, delete_space=part.parameters.get("delsp", "").lower() == "yes")
    return Passage(text=text)


def _choose(found: list[list[Passage]]) -> list[Passage]:
    """Of the same words said several times: the first plain form, and the last form that has HTML."""
    plain = next((passages for passages in found if _has_text(passages)), [])
    rich = next((passages for passages in reversed(found) if any(p.html is not None for p in passages)), [])
    if not rich:
        return plain or next((passages for passages in found if passages), [])
    if not plain:
        return rich
    text = "\n".join(p.text for p in plain if p.text is not None)
    return [Passage(text=text, html=_as_html(rich))]


def _has_text(passages: list[Passage]) -> bool:
    text = "\n".join(p.text for p in passages if p.text is not None).strip("\u200b\ufeff \t\n\xa0")
    return bool(text) and not (len(text) < 400 and _NO_HTML.search(text))


def _as_text(passages: list[Passage]) -> str:
    texts = [p.text if p.text is not None else to_text(p.html or "") for p in passages]
    return "\n\n".join(text for text in texts if text.strip()) if len(texts) > 1 else "".join(texts)


def _as_html(passages: list[Passage]) -> str:
    if not any(p.html for p in passages):
        return ""
    return "\n".join(
        p.html if p.html is not None else f'<div style="white-space:pre-wrap">{entities.escape(p.text or "")}</div>'
        for p in passages
        if p.html or (p.text and p.text.strip())
    )


def _file(part: Part, name: str) -> IncomingFile:
    content = part.content
    if not name and part.media_type in ("message/rfc822", "message/global"):
        inner, _ = headers.read(content, headers.Span(0, len(content)))
        name = filenames.from_subject(inner.text("subject"))
    content_id = (
        part.headers.raw("content-id").strip().strip("<>").strip() or part.headers.raw("content-location").strip()
    )
    return IncomingFile(
        name=name or filenames.default(part.media_type),
        media_type=part.media_type,
        content=content,
        content_id=content_id[:500],
    )


def _unpacked(file: IncomingFile) -> list[IncomingFile]:
    if file.media_type not in _TNEF and file.name.lower() != "winmail.dat":
        return []
    return [
        IncomingFile(
            name=inner.name or filenames.default(inner.media_type or "application/octet-stream"),
            media_type=inner.media_type or mimetypes.guess_type(inner.name)[0] or "application/octet-stream",
            content=inner.content,
            content_id=inner.content_id,
        )
        for inner in tnef.read(file.content)
    ]


def _placed(files: list[IncomingFile], html: str) -> tuple[IncomingFile, ...]:
    """Inline is what the HTML shows, whatever the part says of itself."""
    shown = {reference.lower() for reference in _CONTENT_IDS.findall(html)}

    def is_shown(file: IncomingFile) -> bool:
        if not file.content_id or not html:
            return False
        return file.content_id.lower() in shown or ("/" in file.content_id and file.content_id in html)

    return tuple(
        IncomingFile(file.name, file.media_type, file.content, file.content_id, True) if is_shown(file) else file
        for file in files
    )
