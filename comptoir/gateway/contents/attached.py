"""A mail inside a mail, opened when somebody looks at it: read in the reader's own process like any other, and nothing of it is
kept. `inside` leads down, file by file: "2.0" is the first file of the third file's mail.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlencode

from msgspec import Struct

from comptoir.channels.port import Incoming, Person
from comptoir.conversations.messages import TEXT, can_preview
from comptoir.conversations.models import Attachment
from comptoir.conversations.schemas import PersonView
from comptoir.conversations.writing_down import KeptFile
from comptoir.foundation.errors import NotFound
from comptoir.foundation.files import FileMissing, Files
from comptoir.gateway.contents.schemas import AttachedMail, InnerFile
from comptoir.gateway.reader import CannotUnderstand
from comptoir.gateway.reading import readers

MAILS = ("message/rfc822", "message/global", "application/eml")
DEEPEST = 5
_PATH = re.compile(r"\d{1,3}(?:\.\d{1,3}){0,4}")


class Opened(Struct, frozen=True):
    """`contents` are the bytes of `files`, in the same order."""

    incoming: Incoming
    files: tuple[KeptFile, ...]
    contents: list[bytes]
    remote_images: int


def is_mail(name: str, media_type: str) -> bool:
    return media_type in MAILS or name.lower().endswith(".eml")


def open_mail(attachment: Attachment, files: Files, inside: str, *, now: datetime) -> Opened:
    """NotFound when it is no mail or cannot be read. Blocking."""
    if not is_mail(attachment.name, attachment.media_type):
        raise NotFound
    try:
        opened = _understood(files.get(attachment.file_key), now)
        for index in _steps(inside):
            file = _file(opened, index)
            if not is_mail(file.name, file.media_type):
                raise NotFound
            opened = _understood(opened.contents[index], now)
    except (FileMissing, CannotUnderstand):
        raise NotFound from None
    return opened


def file_of(opened: Opened, index: int) -> tuple[KeptFile, bytes]:
    return _file(opened, index), opened.contents[index]


def view(opened: Opened, attachment_id: int, inside: str) -> AttachedMail:
    incoming = opened.incoming
    return AttachedMail(
        sender=_person(incoming.sender),
        to=[_person(person) for person in incoming.to],
        cc=[_person(person) for person in incoming.cc],
        subject=incoming.subject,
        at=incoming.at,
        text=incoming.text[:TEXT],
        body_url=address(attachment_id, "/body", inside) if incoming.html else None,
        remote_images=opened.remote_images,
        protection=incoming.protection or None,  # type: ignore[arg-type]
        files=[
            _file_view(file, attachment_id, inside, index)
            for index, file in enumerate(opened.files)
            if not file.is_inline or not incoming.html
        ],
    )


def inline_images(opened: Opened, attachment_id: int, inside: str) -> dict[str, str]:
    """Content-ID -> our own address of the picture."""
    return {
        file.content_id: address(attachment_id, f"/files/{index}", inside, shown="1")
        for index, file in enumerate(opened.files)
        if file.content_id
    }


def address(attachment_id: int, rest: str, inside: str, **more: str) -> str:
    query = urlencode({**({"inside": inside} if inside else {}), **more})
    return f"/api/attachments/{attachment_id}/mail{rest}" + (f"?{query}" if query else "")


def _understood(raw: bytes, now: datetime) -> Opened:
    contents: list[bytes] = []

    def keep(parts: Iterable[bytes]) -> str:
        contents.append(b"".join(parts))
        return str(len(contents))

    understood = readers.understand("imap", lambda: raw, now, keep=keep)
    return Opened(understood.incoming, understood.files, contents, understood.remote_images)


def _steps(inside: str) -> list[int]:
    if not inside:
        return []
    if not _PATH.fullmatch(inside):
        raise NotFound
    return [int(step) for step in inside.split(".")]


def _file(opened: Opened, index: int) -> KeptFile:
    if not 0 <= index < len(opened.files):
        raise NotFound
    return opened.files[index]


def _file_view(file: KeptFile, attachment_id: int, inside: str, index: int) -> InnerFile:
    deeper = f"{inside}.{index}" if inside else str(index)
    is_openable = is_mail(file.name, file.media_type) and deeper.count(".") < DEEPEST - 1
    return InnerFile(
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        url=address(attachment_id, f"/files/{index}", inside),
        preview_url=address(attachment_id, f"/files/{index}", inside, shown="1")
        if can_preview(file.media_type)
        else None,
        mail_url=address(attachment_id, "", deeper) if is_openable else None,
    )


def _person(person: Person) -> PersonView:
    return PersonView(person.address, person.name)
