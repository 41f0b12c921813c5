"""One HTTP exchange as the two providers see it: what was asked, and what is answered."""

from collections.abc import Mapping
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct


class Call(Struct, frozen=True):
    """`query` keeps the last of repeated keys. Header names are lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def form(self) -> list[tuple[str, str]]:
        """The fields of a form body, in order, blank ones included."""
        return parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)


class Answer(Struct, frozen=True):
    status: int = 200
    body: bytes = b""
    media_type: str = "application/json"
    headers: Mapping[str, str] = {}


class Part(Struct, frozen=True):
    """One part of a multipart form."""

    name: str
    filename: str
    media_type: str
    content: bytes


def json(body: Any, status: int = 200) -> Answer:
    return Answer(status, msgspec.json.encode(body))


def parts(call: Call) -> list[Part]:
    """The parts of a multipart form; none where it is no such form."""
    header = Message()
    header["content-type"] = call.headers.get("content-type", "")
    boundary = header.get_param("boundary")
    if header.get_content_type() != "multipart/form-data" or not isinstance(boundary, str):
        return []
    pieces = (b"\r\n" + call.body).split(b"\r\n--" + boundary.encode())
    return [part for piece in pieces[1:] if (part := _part(piece)) is not None]


def _part(piece: bytes) -> Part | None:
    head, found, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    if not found:
        return None
    header = Message()
    for line in head.decode("utf-8", "replace").split("\r\n"):
        field, _, value = line.partition(":")
        header[field.strip()] = value.strip()
    name = header.get_param("name", header="content-disposition")
    filename = header.get_param("filename", "", header="content-disposition")
    media_type = str(header["content-type"] or "text/plain")
    return Part(str(name), str(filename), media_type, content)
