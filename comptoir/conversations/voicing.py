"""A recording becomes a voice note before it is written down: what the team hears is what the customer hears."""

import asyncio
import subprocess
import sys
from pathlib import PurePath

from msgspec import Struct

from comptoir.conversations.errors import UploadMissing
from comptoir.conversations.models import Attachment
from comptoir.conversations.voice_process import MOST_SECONDS, TOO_LONG
from comptoir.foundation.errors import Problem
from comptoir.foundation.files import Files
from comptoir.foundation.transaction import Transaction

SECONDS = 90.0
MEDIA_TYPE = "audio/ogg"


class VoiceUnreadable(Problem):
    code = "voice_unreadable"
    fr = "Cet enregistrement n'a pas pu être lu ; recommencez-le."
    en = "This recording could not be read; record it again."


class VoiceTooLong(Problem):
    code = "voice_too_long"
    fr = "Un message vocal dure {limit} minutes au plus ; envoyez-en deux."
    en = "A voice message lasts {limit} minutes at the most; send two."


class Note(Struct, frozen=True):
    """In the store already."""

    file_key: str
    size: int
    seconds: float


def recording(tx: Transaction, attachment_id: int) -> str | None:
    """The store's key of one's own upload; None when it is part of a message already: the same reply, sent again."""
    file = tx.session.get(Attachment, attachment_id)
    if file is None or file.member_id != tx.actor.id:
        raise UploadMissing
    return file.file_key if file.message_id is None else None


async def convert(files: Files, file_key: str) -> Note:
    """Outside any transaction: it takes a second for each minute or so."""
    return await asyncio.to_thread(_convert, files, file_key)


def become(tx: Transaction, attachment_id: int, note: Note) -> None:
    """The upload is the note from now on."""
    file = tx.session.get(Attachment, attachment_id)
    if file is None or file.message_id is not None:
        return
    file.file_key, file.size, file.media_type = note.file_key, note.size, MEDIA_TYPE
    file.name = f"{PurePath(file.name).stem or 'voice'}.ogg"


def _convert(files: Files, file_key: str) -> Note:
    command = [sys.executable, "-m", "comptoir.conversations.voice_process"]
    try:
        done = subprocess.run(command, input=files.get(file_key), capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise VoiceUnreadable from None
    if done.returncode == TOO_LONG:
        raise VoiceTooLong(limit=MOST_SECONDS // 60)
    if done.returncode != 0:
        raise VoiceUnreadable
    seconds, _, content = done.stdout.partition(b"\n")
    return Note(files.put(content), len(content), float(seconds))
