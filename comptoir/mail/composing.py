"""`Outgoing` to bytes. The same value gives the same bytes at every attempt, so a mail sent twice by accident is one mail to
whoever receives it. Nothing a person typed can start a header of its own.
"""

import binascii
import hashlib
import re
from base64 import b64encode
from email.utils import format_datetime
from urllib.parse import quote

from comptoir.channels.port import Outgoing, OutgoingFile, Person
from comptoir.mail import filenames

_LINE = 76
_CONTROLS = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029]+")
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_ADDRESS = re.compile(r"[^\s<>(),;:\"@\\\x00-\x20]{1,128}@[^\s<>(),;:\"@\\\x00-\x20]{1,255}")
_HEADER_ID = re.compile(r"<[!-;=?-~]{1,900}>")
_CONTENT_ID = re.compile(r"[!-;=?-~]{1,400}")
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,80}/[A-Za-z0-9!#$&^_.+-]{1,80}")


class NotAnAddress(ValueError):
    """A recipient or sender that cannot stand in a mail. The address is the argument."""


def compose(outgoing: Outgoing) -> bytes:
    """The mail, CRLF throughout, 7-bit. Bcc recipients are for the envelope and appear nowhere in it."""
    body_type, body = _body(outgoing)
    lines = [
        f"Date: {format_datetime(outgoing.at)}",
        f"From: {_people((outgoing.sender,))}",
        *([f"To: {_people(outgoing.to)}"] if outgoing.to else []),
        *([f"Cc: {_people(outgoing.cc)}"] if outgoing.cc else []),
        f"Subject: {_words(outgoing.subject, len('Subject: '))}",
        f"Message-ID: {_one_id(outgoing.header_id)}",
        f"X-Comptoir-Message: {_one_id(outgoing.header_id)}",
    ]
    if outgoing.in_reply_to and _HEADER_ID.fullmatch(outgoing.in_reply_to):
        lines.append(f"In-Reply-To: {outgoing.in_reply_to}")
    references = [header_id for header_id in outgoing.references if _HEADER_ID.fullmatch(header_id)]
    if references:
        lines.append("References: " + "\r\n ".join(references))
    lines.append("MIME-Version: 1.0")
    return ("\r\n".join(lines) + "\r\n" + body_type).encode("ascii") + b"\r\n" + body


def _body(outgoing: Outgoing) -> tuple[str, bytes]:
    """The content headers and the content of the whole, built from the inside out."""
    entity = _text("plain", outgoing.text)
    pictures = [file for file in outgoing.files if file.content_id and outgoing.html]
    files = [file for file in outgoing.files if file not in pictures]
    if outgoing.html:
        html = _text("html", outgoing.html)
        if pictures:
            html = _multipart("related", outgoing.header_id, [html, *map(_file, pictures)])
        entity = _multipart("alternative", outgoing.header_id, [entity, html])
    if files:
        entity = _multipart("mixed", outgoing.header_id, [entity, *map(_file, files)])
    return entity


def _text(subtype: str, text: str) -> tuple[str, bytes]:
    text = re.sub(r"\r\n|\r|\n", "\r\n", text.replace("\x00", ""))
    content = text.encode("utf-8", "replace")
    if not content.endswith(b"\r\n"):
        content += b"\r\n"
    return (
        f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n",
        binascii.b2a_qp(content, istext=True),
    )


def _file(file: OutgoingFile) -> tuple[str, bytes]:
    media_type = file.media_type if _MEDIA_TYPE.fullmatch(file.media_type) else "application/octet-stream"
    if media_type.lower().startswith(("multipart/", "message/")):
        media_type = "application/octet-stream"  # these may not be base64, and must not be taken for our own structure
    name = filenames.safe(file.name) or filenames.default(media_type)
    if name.isascii():
        escaped = name.replace("\\", "_").replace('"', "'")
        type_name, disposition_name = f'name="{escaped}"', f'filename="{escaped}"'
    else:
        type_name = (
            f'name="{_words(name, 10)}"'  # RFC 2047 where RFC 2231 belongs, for the Outlooks that read only this
        )
        disposition_name = _extended("filename", name)
    encoded = b64encode(file.content)
    lines = b"\r\n".join(encoded[start : start + _LINE] for start in range(0, len(encoded), _LINE))
    is_shown = bool(_CONTENT_ID.fullmatch(file.content_id))
    return (
        f"Content-Type: {media_type};\r\n {type_name}\r\n"
        + (f"Content-ID: <{file.content_id}>\r\n" if is_shown else "")
        + f"Content-Disposition: {'inline' if is_shown else 'attachment'};\r\n {disposition_name}\r\n"
        "Content-Transfer-Encoding: base64\r\n",
        lines + b"\r\n",
    )


def _extended(parameter: str, value: str) -> str:
    encoded = "utf-8''" + quote(value, safe="")
    if len(encoded) <= 60:
        return f"{parameter}*={encoded}"
    pieces: list[str] = []
    while encoded:
        cut = min(60, len(encoded))
        if cut < len(encoded) and "%" in encoded[cut - 2 : cut]:
            cut = encoded.rindex("%", 0, cut)
        pieces.append(f"{parameter}*{len(pieces)}*={encoded[:cut]}")
        encoded = encoded[cut:]
    return ";\r\n ".join(pieces)


def _multipart(subtype: str, header_id: str, entities: list[tuple[str, bytes]]) -> tuple[str, bytes]:
    boundary = "=_" + hashlib.sha256(f"{subtype} {header_id}".encode()).hexdigest()[:40]
    mark = f"--{boundary}".encode()
    body = b"".join(mark + b"\r\n" + kind.encode("ascii") + b"\r\n" + content + b"\r\n" for kind, content in entities)
    return f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"\r\n', body + mark + b"--\r\n"


def _people(people: tuple[Person, ...]) -> str:
    return ",\r\n ".join(_person(person) for person in people)


def _person(person: Person) -> str:
    address = person.address.strip()
    if not _ADDRESS.fullmatch(address):
        raise NotAnAddress(person.address)
    local, _, domain = address.rpartition("@")
    try:
        address = f"{local}@{domain if domain.isascii() else domain.encode('idna').decode('ascii')}"
        address.encode("ascii")
    except UnicodeError as error:
        raise NotAnAddress(person.address) from error
    name = " ".join(_CONTROLS.sub(" ", person.name).split())[:200]
    if not name:
        return address
    if _ATOM.fullmatch(name) and "=?" not in name:
        return f"{name} <{address}>"
    if name.isascii() and "=?" not in name:
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" <{address}>'
    return f"{_words(name, 6, is_forced=True)} <{address}>"


def _words(value: str, used: int, *, is_forced: bool = False) -> str:
    """A header value on folded lines; encoded words when it is not plain ASCII. `used` is the width already taken."""
    value = " ".join(_CONTROLS.sub(" ", value).split())
    longest = max(map(len, value.split()), default=0)
    if value.isascii() and "=?" not in value and longest < 900 and not is_forced:
        return _folded(value, used)
    words: list[str] = []
    chunk = ""
    for char in value:
        if len(b64encode((chunk + char).encode("utf-8", "replace"))) > _LINE - 12 - (used if not words else 1):
            words.append(chunk)
            chunk = ""
        chunk += char
    words.append(chunk)
    return "\r\n ".join(f"=?utf-8?B?{b64encode(word.encode('utf-8', 'replace')).decode('ascii')}?=" for word in words)


def _folded(value: str, used: int) -> str:
    lines: list[str] = []
    line = ""
    for word in value.split(" "):
        if line and len(line) + 1 + len(word) + (used if not lines else 1) > _LINE:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return "\r\n ".join([*lines, line])


def _one_id(header_id: str) -> str:
    if not _HEADER_ID.fullmatch(header_id):
        raise ValueError("header_id is not a Message-ID")
    return header_id
