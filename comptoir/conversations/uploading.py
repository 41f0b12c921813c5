"""Keep a file for a message not yet written."""

import mimetypes
from pathlib import PurePath

from comptoir.conversations.errors import UploadTooLarge
from comptoir.conversations.models import Attachment
from comptoir.foundation.transaction import Transaction

MOST_BYTES = 25 * 2**20


def check_size(name: str, size: int) -> None:
    if size > MOST_BYTES:
        raise UploadTooLarge(name=name, limit=MOST_BYTES // 2**20)


def upload(tx: Transaction, *, name: str, media_type: str, size: int, file_key: str) -> Attachment:
    """A file whose bytes are already kept, of the acting member's, with no message yet."""
    check_size(name, size)
    name = PurePath(name.replace("\\", "/").replace("\x00", "")).name[:200] or "file"
    if media_type in ("", "application/octet-stream"):
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    file = Attachment(
        member_id=tx.actor.id,
        name=name,
        media_type=media_type[:255],
        size=size,
        file_key=file_key,
        content_id="",
        is_inline=False,
        created_at=tx.now,
    )
    tx.add(file)
    return file
