"""Keep a file for a message not yet written; give one to a canned reply, or take those that it holds."""

import mimetypes
from pathlib import PurePath

from comptoir.conversations.errors import UploadMissing, UploadTooLarge
from comptoir.conversations.models import Attachment
from comptoir.foundation.transaction import Transaction
from comptoir.templates import editing
from comptoir.templates import queries as templates
from comptoir.templates.models import Template, TemplateFile

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


def give(tx: Transaction, template: Template, attachment_id: int) -> TemplateFile:
    """One's own upload goes with this canned reply from now on."""
    upload = tx.session.get(Attachment, attachment_id)
    if upload is None or upload.message_id is not None or upload.member_id != tx.actor.id:
        raise UploadMissing
    file = editing.attach(
        tx,
        template,
        name=upload.name,
        media_type=upload.media_type,
        size=upload.size,
        file_key=upload.file_key,
    )
    tx.remove(upload)
    return file


def take(tx: Transaction, template: Template) -> list[Attachment]:
    """The files of a template that was just put into a message, as uploads of the acting member: the same bytes."""
    editing.count_use(tx, template.id)
    return [
        upload(tx, name=file.name, media_type=file.media_type, size=file.size, file_key=file.file_key)
        for file in templates.files(tx, template.id)
    ]
