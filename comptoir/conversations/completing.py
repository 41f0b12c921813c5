"""A file that came with a message arrives after it, or does not: the message is shown either way, and says which."""

from comptoir.conversations.models import Attachment, Message
from comptoir.foundation.errors import Problem
from comptoir.foundation.transaction import Transaction

WAITING, FAILED = "waiting", "failed"


class NothingToFetch(Problem):
    status = 409
    code = "nothing_to_fetch"
    fr = "Ce fichier est déjà là, ou déjà en route."
    en = "This file is here already, or on its way."


def arrived(tx: Transaction, file: Attachment, *, file_key: str, size: int, media_type: str) -> None:
    """Its bytes are in the store. Twice is once."""
    if file.fetching is None:
        return
    file.file_key = file_key
    file.size = size
    file.media_type = media_type[:255] or file.media_type
    file.fetching = file.fetch_error = None
    _tell(tx, file)


def failed(tx: Transaction, file: Attachment, *, code: str) -> None:
    """No other attempt will be made unless a member asks for one."""
    if file.fetching is None or (file.fetching, file.fetch_error) == (FAILED, code):
        return
    file.fetching, file.fetch_error = FAILED, code
    _tell(tx, file)


def again(tx: Transaction, file: Attachment) -> None:
    if file.fetching != FAILED:
        raise NothingToFetch
    file.fetching, file.fetch_error = WAITING, None
    message = _tell(tx, file)
    tx.record(
        "message.has_remote_files",
        conversation_id=message.conversation_id,
        message_id=message.id,
        channel_id=message.channel_id,
    )


def _tell(tx: Transaction, file: Attachment) -> Message:
    assert file.message_id is not None
    message = tx.find(Message, file.message_id)
    tx.record(
        "message.completed",
        conversation_id=message.conversation_id,
        message_id=message.id,
        channel_id=message.channel_id,
    )
    return message
