"""winmail.dat: the envelope in which Outlook hides attachments from everybody else (MS-OXTNEF). Only what a member needs:
the files inside, with their names. What cannot be read stays the winmail.dat it was.
"""

import struct
from collections.abc import Iterator

from msgspec import Struct

from comptoir.mail import charsets, filenames

MAX_FILES = 200
_SIGNATURE = 0x223E9F78
_TITLE, _DATA, _RENDER, _PROPERTIES = 0x8010, 0x800F, 0x9002, 0x9005
_LONG_NAME, _MEDIA_TYPE, _CONTENT_ID, _OBJECT = 0x3707, 0x370E, 0x3712, 0x3701
_FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_COUNTED = frozenset({0x0D, 0x1E, 0x1F, 0x102})
_UNICODE = 0x1F
_MULTIPLE = 0x1000


class TnefFile(Struct):
    name: str = ""
    media_type: str = ""
    content_id: str = ""
    content: bytes = b""


def read(content: bytes) -> list[TnefFile]:
    """The files inside; empty when this is no TNEF or holds none."""
    files: list[TnefFile] = []
    for attribute, data in _attributes(content):
        if attribute == _RENDER:
            if len(files) >= MAX_FILES:
                break
            files.append(TnefFile())
        elif files and attribute == _TITLE:
            files[-1].name = files[-1].name or filenames.safe(charsets.decode(data.split(b"\0", 1)[0]))
        elif files and attribute == _DATA:
            files[-1].content = data
        elif files and attribute == _PROPERTIES:
            _apply(files[-1], data)
    return [file for file in files if file.content]


def _attributes(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Each attribute: one byte of level, its id, its type, a length, the data, a checksum."""
    if len(content) < 6 or struct.unpack_from("<I", content)[0] != _SIGNATURE:
        return
    position = 6
    while position + 9 <= len(content):
        attribute, _, length = struct.unpack_from("<HHI", content, position + 1)
        position += 9
        if position + length > len(content):
            return
        yield attribute, content[position : position + length]
        position += length + 2


def _apply(file: TnefFile, data: bytes) -> None:
    try:
        for name, kind, value in _properties(data):
            if name == _LONG_NAME:
                file.name = filenames.safe(_text(kind, value)) or file.name
            elif name == _MEDIA_TYPE:
                file.media_type = _text(kind, value).lower()[:100]
            elif name == _CONTENT_ID:
                file.content_id = _text(kind, value).strip("<>")[:500]
            elif name == _OBJECT and not file.content:
                file.content = value[16:] if kind == 0x0D else value
    except struct.error:
        return


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    (count,) = struct.unpack_from("<I", data)
    position = 4
    for _ in range(min(count, 1_000)):
        kind, name = struct.unpack_from("<HH", data, position)
        position += 4
        if name >= 0x8000:
            position = _after_name(data, position)
        is_multiple, kind = bool(kind & _MULTIPLE), kind & ~_MULTIPLE
        values = 1
        if is_multiple or kind in _COUNTED:
            (values,) = struct.unpack_from("<I", data, position)
            position += 4
        for _ in range(min(values, 1_000)):
            if kind in _COUNTED:
                (length,) = struct.unpack_from("<I", data, position)
                position += 4
            elif kind in _FIXED:
                length = _FIXED[kind]
            else:
                return
            yield name, kind, data[position : position + length]
            position += length + (-length % 4)


def _after_name(data: bytes, position: int) -> int:
    """A named property carries a GUID, then a number or a padded string."""
    (is_text,) = struct.unpack_from("<I", data, position + 16)
    (length,) = struct.unpack_from("<I", data, position + 20)
    return position + 24 + (length + (-length % 4) if is_text else 0)


def _text(kind: int, value: bytes) -> str:
    text = value.decode("utf-16-le", "replace") if kind == _UNICODE else charsets.decode(value)
    return charsets.clean(text.split("\0", 1)[0])
