"""The files that providers keep for a while: what each takes, and for how long its ids and its links hold."""

import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

MB = 1024 * 1024
UPLOAD_LASTS = timedelta(days=30)
RECEIVED_LASTS = timedelta(days=7)
LINK_LASTS = timedelta(minutes=5)

OFFICE = "application/vnd.openxmlformats-officedocument"
# kind -> (media types, most bytes)
TAKES: dict[str, tuple[tuple[str, ...], int]] = {
    "image": (("image/jpeg", "image/png"), 5 * MB),
    "audio": (("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"), 16 * MB),
    "video": (("video/mp4", "video/3gpp"), 16 * MB),
    "sticker": (("image/webp",), 500 * 1024),
    "document": (
        (
            "text/plain",
            "text/csv",
            "application/pdf",
            "application/msword",
            "application/vnd.ms-excel",
            "application/vnd.ms-powerpoint",
            f"{OFFICE}.wordprocessingml.document",
            f"{OFFICE}.spreadsheetml.sheet",
            f"{OFFICE}.presentationml.presentation",
        ),
        100 * MB,
    ),
}


@dataclass
class File:
    id: str
    content: bytes
    media_type: str
    name: str = ""
    number_id: str = ""
    until: datetime | None = None

    @property
    def plain_type(self) -> str:
        """Without parameters: audio/ogg for "audio/ogg; codecs=opus"."""
        return self.media_type.partition(";")[0].strip().lower()

    @property
    def kind(self) -> str:
        """image, audio, video, sticker or document."""
        return next((kind for kind, (types, _) in TAKES.items() if self.plain_type in types), "document")

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def sha256_base64(self) -> str:
        """How webhooks write it."""
        return base64.b64encode(hashlib.sha256(self.content).digest()).decode()


class Files:
    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._files: dict[str, File] = {}
        self._links: dict[str, tuple[str, datetime]] = {}

    def keep(self, file: File, lasts: timedelta) -> File:
        file.until = self._clock() + lasts
        self._files[file.id] = file
        return file

    def find(self, id: str) -> File | None:
        """The file, while its id holds."""
        file = self._files.get(id)
        return file if file is not None and (file.until is None or file.until > self._clock()) else None

    def forget(self, id: str) -> bool:
        return self._files.pop(id, None) is not None

    def link(self, file: File) -> tuple[str, datetime]:
        """A token that opens the file for five minutes, and until when."""
        token, until = secrets.token_urlsafe(18), self._clock() + LINK_LASTS
        self._links[token] = (file.id, until)
        return token, until

    def opened(self, token: str) -> File | None:
        id, until = self._links.get(token, ("", self._clock()))
        return self.find(id) if until > self._clock() else None


def as_sent(file: File, *, is_cut: bool, more: int) -> bytes:
    """What comes over the line: the file, half of it, or more than it has."""
    return (file.content[: len(file.content) // 2] if is_cut else file.content) + b"\0" * more


def refusal(kind: str, media_type: str, size: int) -> str:
    """Why WhatsApp would not take this file as that kind, or ""."""
    types, most = TAKES[kind]
    if media_type.partition(";")[0].strip().lower() not in types:
        return f"Param file must be a file with one of the following types: {', '.join(types)}. Received {media_type}."
    if size > most:
        return f"File size {size} exceeds the maximum of {most} bytes for {kind}."
    return ""
