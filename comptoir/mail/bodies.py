"""What of a mail is its words, and what is a file. Words come as a list of passages in reading order, because Apple Mail
writes text, picture, text; a passage written twice (alternative) keeps both its plain and its HTML form.
"""

import html as entities
import mimetypes
import re

from msgspec import Struct

from comptoir.channels.port import IncomingFile
from comptoir.mail import charsets, filenames, headers, tnef
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
_CONTENT_IDS = re.compile(r"cid:([^\"'\s>)]{1,500})", re.IGNORECASE)


class Passage(Struct):
    text: str | None = None
    html: str | None = None


class Body(Struct):
    text: str
    html: str
    files: tuple[IncomingFile, ...]


def read(root: Part) -> Body:
    files: list[IncomingFile] = []
    passages = _passages(root, files, depth=0, in_alternative=False)
    text = _as_text(passages)
    html = _as_html(passages)
    return Body(text[:MAX_TEXT], html[:MAX_HTML], _placed(files, html))


def _passages(part: Part, files: list[IncomingFile], *, depth: int, in_alternative: bool) -> list[Passage]:
    if part.children and depth <= MAX_DEPTH:
        is_alternative = part.media_type == "multipart/alternative"
        found = [_passages(child, files, depth=depth + 1, in_alternative=is_alternative) for child in part.children]
        if is_alternative:
            return _choose(found)
        return [passage for passages in found for passage in passages]
    if part.media_type in _UNSEEN:
        return []
    name = filenames.declared(part.headers)
    is_words = (
        part.media_type in _WORDS and part.disposition != "attachment" and (in_alternative or depth == 0 or not name)
    )
    if part.media_type.startswith("multipart/"):
        is_words, name = True, ""  # a multipart that could not be split reads as the text it is
    if is_words:
        return [_words(part)]
    if len(files) < MAX_FILES:
        file = _file(part, name)
        files.extend(_unpacked(file) or [file])
    return []


def _words(part: Part) -> Passage:
    text = charsets.decode(part.content, part.parameters.get("charset", "")).replace("\r\n", "\n").replace("\r", "\n")
    return Passage(html=text) if part.media_type == "text/html" else Passage(text=text)


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
