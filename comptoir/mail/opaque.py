"""What an S/MIME envelope (application/pkcs7-mime) holds, without a key: a signed mail is readable, an encrypted one is not.

The signature itself is not verified: that is a question of certificates, and a mark that says "signed" promises no more.
Reads just enough of BER (definite and indefinite lengths) by offsets, to a bounded depth.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

SIGNED = bytes.fromhex("2a864886f70d010702")
ENVELOPED = (bytes.fromhex("2a864886f70d010703"), bytes.fromhex("2a864886f70d0109100117"))
COMPRESSED = bytes.fromhex("2a864886f70d0109100109")
MAX_DEPTH = 30
_OID, _OCTETS, _CONSTRUCTED, _SEQUENCE, _CONTENT = 0x06, 0x04, 0x20, 0x30, 0xA0

Kind = Literal["signed", "encrypted", ""]


class Envelope(NamedTuple):
    """`content` is the mail inside a signed one; empty when its signature is detached or nothing can be read."""

    kind: Kind
    content: bytes = b""


class _Element(NamedTuple):
    tag: int
    start: int
    end: int  # of its content
    after: int  # where its next sibling begins


def read(data: bytes) -> Envelope:
    try:
        return _read(data)
    except (IndexError, ValueError, StopIteration):
        return Envelope("")


def _read(data: bytes) -> Envelope:
    info = _children(data, _element(data, 0, len(data)))
    kind = next(info)
    name = data[kind.start : kind.end] if kind.tag == _OID else b""
    if name in ENVELOPED:
        return Envelope("encrypted")
    if name != SIGNED:
        return Envelope("")
    signed = next(_children(data, next(info)))
    for part in _children(data, signed):
        if part.tag == _SEQUENCE:
            return Envelope("signed", _payload(data, part))
    return Envelope("signed")


def _payload(data: bytes, part: _Element) -> bytes:
    """The octets of encapContentInfo: its type, then [0] with the content, in one piece or in many."""
    for child in _children(data, part):
        if child.tag == _CONTENT:
            return b"".join(_octets(data, next(_children(data, child)), MAX_DEPTH))
    return b""


def _octets(data: bytes, element: _Element, depth: int) -> Iterator[bytes]:
    if element.tag == _OCTETS:
        yield data[element.start : element.end]
    elif element.tag == _OCTETS | _CONSTRUCTED and depth:
        for child in _children(data, element):
            yield from _octets(data, child, depth - 1)


def _children(data: bytes, parent: _Element) -> Iterator[_Element]:
    position = parent.start
    while position < parent.end:
        if data[position : position + 2] == b"\0\0":
            return
        child = _element(data, position, parent.end)
        yield child
        position = child.after if child.after >= 0 else _skip(data, child, MAX_DEPTH)


def _element(data: bytes, position: int, end: int) -> _Element:
    """`after` is -1 where the length is not told: whoever needs it walks."""
    tag, length = data[position], data[position + 1]
    position += 2
    if length == 0x80:
        return _Element(tag, position, end, -1)
    if length > 0x80:
        count = length & 0x7F
        if count > 8:
            raise ValueError("a length of more than eight bytes")
        length = int.from_bytes(data[position : position + count], "big")
        position += count
    if position + length > end:
        raise ValueError("longer than what holds it")
    return _Element(tag, position, position + length, position + length)


def _skip(data: bytes, element: _Element, depth: int) -> int:
    if not depth:
        raise ValueError("nested too deep")
    position = element.start
    while data[position : position + 2] != b"\0\0":
        child = _element(data, position, element.end)
        position = child.after if child.after >= 0 else _skip(data, child, depth - 1)
    return position + 2
