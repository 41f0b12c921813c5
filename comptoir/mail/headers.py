"""Header fields as bytes came: unfolded, capped, in order; and the three ways to read a value (text, parameters, raw).

The standard library's structured header parsing recurses and raises on hostile input (notes: RecursionError at ten thousand
parentheses), so values stay plain until one is asked for, and every pattern here is linear.
"""

import binascii
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from comptoir.mail import charsets

OWN_ID = "x-comptoir-message"  # our Message-ID once more, for servers that give a mail another one
MAX_HEADER_BYTES = 64 * 1024
MAX_BLOCK_BYTES = 512 * 1024
MAX_FIELDS = 2_000
_MAX_PARAMETERS = 200

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:(.*)", re.DOTALL)
_WORD = re.compile(r"=\?([^?\s]{1,80})\?([BbQq])\?([^?]*)\?=")
_PARAMETER = re.compile(r';\s*([^\s=;"]{1,100})\s*=\s*("[^"\\]*(?:\\.[^"\\]*)*"?|[^;]*)', re.DOTALL)
_CONTINUED = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?$")
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c\ufeff]")


class Span(NamedTuple):
    """A region of the mail, by offsets: nothing is copied until it is decoded."""

    start: int
    end: int


class Headers:
    """The fields of one entity. Names are matched without case; `values` keeps the order of the mail, top first."""

    def __init__(self, fields: list[tuple[str, bytes]]) -> None:
        self._fields = fields

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return ((name, as_characters(value)) for name, value in self._fields)

    def __contains__(self, name: str) -> bool:
        return any(name == key for key, _ in self._fields)

    def values(self, *names: str) -> list[str]:
        return [as_characters(value) for key, value in self._fields if key in names]

    def raw(self, name: str) -> str:
        """The first value under this name, as characters, encoded words untouched."""
        return next((as_characters(value) for key, value in self._fields if key == name), "")

    def text(self, name: str) -> str:
        """The first value under this name as a person reads it: one line, decoded, without controls or bidi marks."""
        return one_line(decode_words(self.raw(name)))

    def parameters(self, name: str) -> tuple[str, dict[str, str]]:
        """The value before the first semicolon, lower case, and the parameters (RFC 2231 joined and decoded)."""
        value = self.raw(name)
        return value.split(";", 1)[0].strip().lower(), parameters(value)


def read(raw: bytes, span: Span) -> tuple[Headers, Span]:
    """The header fields at the start of this region, and the region of the body behind them."""
    fields: list[tuple[str, bytes]] = []
    lines: list[bytes] = []
    position, limit = span.start, min(span.end, span.start + MAX_BLOCK_BYTES)
    while position < span.end:
        end = raw.find(b"\n", position, span.end)
        stop = span.end if end < 0 else end + 1
        line = raw[position : min(stop, position + MAX_HEADER_BYTES)].rstrip(b"\r\n")
        if not line:
            if lines:
                position = stop
                break
        elif line[:1] in b" \t" and lines:
            lines[-1] += b" " + line.strip() if len(lines[-1]) < MAX_HEADER_BYTES else b""
        elif _FIELD.match(line if lines else line.lstrip()):
            lines.append(line if lines else line.lstrip())
        elif line.startswith((b"From ", b">From ")):
            pass
        elif lines and _goes_on(raw, stop, span.end):
            lines[-1] += b" " + line.strip()
        else:
            break  # a body that began without its blank line
        position = stop
        if position >= limit or len(lines) >= MAX_FIELDS:
            position = _body_start(raw, position, span.end)
            break
    for line in lines:
        match = _FIELD.match(line)
        if match:
            fields.append((match.group(1).decode("ascii").lower(), match.group(2)[:MAX_HEADER_BYTES].strip()))
    return Headers(fields), Span(position, span.end)


def as_characters(value: bytes) -> str:
    return charsets.decode(value, "us-ascii")


def decode_words(value: str) -> str:
    """RFC 2047, as senders really write it: words inside quotes, split inside a character, unknown charsets."""
    if "=?" not in value:
        return value
    pieces: list[str] = []
    pending: tuple[str, bytearray] | None = None
    position = 0
    for match in _WORD.finditer(value):
        between = value[position : match.start()]
        position = match.end()
        if between.strip() or (between and pending is None):
            _flush(pieces, pending)
            pending = None
            pieces.append(between)
        charset = match.group(1).split("*", 1)[0].lower()
        if pending is None or pending[0] != charset:
            _flush(pieces, pending)
            pending = (charset, bytearray())
        pending[1].extend(_unword(charset, match.group(2), match.group(3)))
    _flush(pieces, pending)
    pieces.append(value[position:])
    return charsets.clean("".join(pieces))


def one_line(value: str) -> str:
    return " ".join(_INVISIBLE.sub("", value).split())


def parameters(value: str) -> dict[str, str]:
    found: dict[str, list[tuple[int, bool, str]]] = {}
    for count, match in enumerate(_PARAMETER.finditer(value[:MAX_HEADER_BYTES])):
        name = _CONTINUED.match(match.group(1).lower())
        if count >= _MAX_PARAMETERS or name is None:
            continue
        content = match.group(2).strip()
        if content.startswith('"'):
            content = re.sub(r'\\([\\"])', r"\1", content.strip('"'))  # other backslashes are paths
        found.setdefault(name.group(1), []).append((int(name.group(2) or 0), bool(name.group(3)), content))
    return {name: _join(pieces) for name, pieces in found.items()}


def _join(pieces: list[tuple[int, bool, str]]) -> str:
    pieces.sort(key=lambda piece: piece[0])
    if not any(is_extended for _, is_extended, _ in pieces):
        return "".join(content for _, _, content in pieces)
    charset, content = "", b""
    for index, (_, is_extended, piece) in enumerate(pieces):
        if is_extended and index == 0 and piece.count("'") >= 2:
            charset, _, piece = piece.split("'", 2)
        content += unquote_to_bytes(piece) if is_extended else piece.encode("utf-8", "replace")
    return charsets.decode(content, charset)


def _flush(pieces: list[str], pending: tuple[str, bytearray] | None) -> None:
    if pending is not None:
        pieces.append(charsets.decode(bytes(pending[1]), pending[0]))


def _unword(charset: str, encoding: str, content: str) -> bytes:
    try:
        data = content.encode("utf-8" if charset.startswith("utf") else "cp1252")  # raw 8-bit inside an encoded word
    except UnicodeError:
        data = content.encode("utf-8", "replace")
    if encoding in "Qq":
        return binascii.a2b_qp(data, header=True)
    data = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    if len(data) % 4 == 1:
        data = data[:-1]
    try:
        return binascii.a2b_base64(data + b"=" * (-len(data) % 4))
    except binascii.Error:
        return b""


def _goes_on(raw: bytes, position: int, end: int) -> bool:
    """Whether the line after a broken one is a header again: some senders fold without the space."""
    following = raw[position : min(end, position + 998)].split(b"\n", 1)[0]
    match = _FIELD.match(following)
    return match is not None and match.group(1).replace(b"-", b"").isalnum()


def _body_start(raw: bytes, position: int, end: int) -> int:
    for blank in (b"\n\r\n", b"\n\n"):
        found = raw.find(blank, position - 1, end)
        if found >= 0:
            return found + len(blank)
    return position
