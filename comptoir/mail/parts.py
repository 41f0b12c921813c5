"""The tree of a mail, read by offsets into its bytes: no copy before decoding, no recursion in a library, limits by construction.

(The standard library's parser raises RecursionError on a thousand nested parts and takes 330 MB for a million tiny ones.)
What lies beyond a limit stays in the mail's source, which is always kept.
"""

import binascii
import re
from collections.abc import Iterator

from comptoir.mail import headers
from comptoir.mail.headers import Headers, Span

MAX_PARTS = 500
MAX_DEPTH = 50

_NOT_BASE64 = bytes(byte for byte in range(256) if not (chr(byte).isalnum() and byte < 128) and byte not in b"+/=")
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,80}/[a-z0-9!#$&^_.+-]{1,120}")


class Part:
    """One entity: its fields, its type, the region of its body, and its children when it is a multipart that could be split."""

    def __init__(self, raw: bytes, fields: Headers, body: Span, *, in_digest: bool = False) -> None:
        self.raw = raw
        self.headers = fields
        self.body = body
        self.children: list[Part] = []
        value, self.parameters = fields.parameters("content-type")
        matched = _TYPE.match(value)
        self.media_type = matched.group() if matched else ("message/rfc822" if in_digest else "text/plain")
        self.disposition = fields.parameters("content-disposition")[0]
        self.encoding = fields.raw("content-transfer-encoding").strip().strip("\"'").lower().split(";")[0].strip()

    @property
    def content(self) -> bytes:
        """The decoded body."""
        region = memoryview(self.raw)[self.body.start : self.body.end]
        if self.encoding in ("base64", "b"):
            return _from_base64(region)
        if self.encoding in ("quoted-printable", "q"):
            return binascii.a2b_qp(region)
        if self.encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
            return _from_uuencode(bytes(region))
        return bytes(region)

    def walk(self) -> Iterator["Part"]:
        waiting = [self]
        while waiting:
            part = waiting.pop()
            yield part
            waiting.extend(reversed(part.children))


def read(raw: bytes) -> Part:
    """The whole tree, breadth first, until a limit is met."""
    root = _part(raw, Span(0, len(raw)), in_digest=False)
    level, count = [root], 1
    for _ in range(MAX_DEPTH):
        below: list[Part] = []
        for part in level:
            for span in _split(part, MAX_PARTS - count):
                count += 1
                part.children.append(_part(raw, span, in_digest=part.media_type == "multipart/digest"))
            below.extend(part.children)
        if not below:
            break
        level = below
    return root


def _part(raw: bytes, span: Span, *, in_digest: bool) -> Part:
    fields, body = headers.read(raw, span)
    return Part(raw, fields, body, in_digest=in_digest)


def _split(part: Part, allowed: int) -> Iterator[Span]:
    boundary = part.parameters.get("boundary", "")
    if not part.media_type.startswith("multipart/") or not boundary or allowed <= 0:
        return
    mark = b"--" + boundary.rstrip().encode("utf-8", "replace")
    raw, (position, end) = part.raw, part.body
    begun = -1
    while True:
        found = raw.find(mark, position, end)
        if found < 0:
            break
        position = found + len(mark)
        if found > part.body.start and raw[found - 1 : found] != b"\n":
            continue
        line_end = raw.find(b"\n", position, end)
        line_end = end if line_end < 0 else line_end
        rest = raw[position : min(line_end, position + 80)].strip()
        if rest not in (b"", b"--"):
            continue
        if begun >= 0:
            yield Span(begun, _before_line_break(raw, begun, found))
            allowed -= 1
        if rest == b"--" or not allowed:
            return
        begun = position = min(line_end + 1, end)
    if 0 <= begun < end:
        yield Span(begun, end)  # the closing line never came


def _before_line_break(raw: bytes, start: int, end: int) -> int:
    if end > start and raw[end - 1 : end] == b"\n":
        end -= 1
        if end > start and raw[end - 1 : end] == b"\r":
            end -= 1
    return end


def _from_base64(region: memoryview) -> bytes:
    try:
        return binascii.a2b_base64(region)
    except binascii.Error:
        kept = bytes(region).translate(None, _NOT_BASE64).split(b"=", 1)[0]
        kept = kept[:-1] if len(kept) % 4 == 1 else kept
        return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


def _from_uuencode(content: bytes) -> bytes:
    decoded = bytearray()
    is_inside = False
    for line in content.splitlines():
        if not is_inside:
            is_inside = line.startswith(b"begin ")
        elif line.strip() == b"end":
            break
        else:
            try:
                decoded += binascii.a2b_uu(line)
            except binascii.Error:
                continue
    return bytes(decoded) if is_inside else content
