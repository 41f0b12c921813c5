"""What a chat message says, into its row, its files and the index: the same for one that lands and one that is read again."""

from typing import Any

import msgspec

from comptoir.channels.chat import ChatMessage, MediaRef, Party
from comptoir.channels.models import Channel
from comptoir.channels.port import Person
from comptoir.conversations import early, previews
from comptoir.conversations.completing import WAITING
from comptoir.conversations.models import Attachment, Message
from comptoir.conversations.search import index
from comptoir.foundation.transaction import Transaction
from comptoir.mail import filenames


def transcribe(tx: Transaction, channel: Channel, message: Message, said: ChatMessage) -> None:
    """Into its row, its files and the index."""
    message.at = min(said.at, tx.now)
    message.is_unreadable = message.is_unreadable and message.id is None
    message.recipients = recipients(channel, said)
    message.text = said.text
    message.content = msgspec.to_builtins(said.content) if said.content is not None else None
    message.context = context(said)
    message.quoted_id = _quoted(tx, message, said)
    tx.add(message)
    if said.quoted_id and message.quoted_id is None:
        early.keep(tx, channel.id, said.quoted_id, early.QUOTE, message.id)
    files = _files(tx, message, said)
    words = [*(file.name for file in files), *previews.searched(said.content)]
    index.add(tx, message, people=[customer(said.party)], files=words)


def recipients(channel: Channel, said: ChatMessage) -> dict[str, list[list[str]]]:
    customer, house = [_address(said.party), said.party.name], [channel.address, channel.name]
    sender, to = (house, customer) if said.is_echo else (customer, house)
    return {"from": [sender], "to": [to]}


def customer(party: Party) -> Person:
    return Person(_address(party), party.name)


def _address(party: Party) -> str:
    if party.given.isdigit():
        return f"+{party.given}"
    return f"@{party.username}" if party.username else next((alias.value for alias in party.aliases), "")


def context(said: ChatMessage) -> dict[str, Any] | None:
    found: dict[str, Any] = {}
    if said.referral is not None:
        found["referral"] = msgspec.to_builtins(said.referral)
    if said.is_forwarded:
        found["is_forwarded"] = True
    if said.quoted_id:
        found["quotes"] = said.quoted_id
    return found or None


def _quoted(tx: Transaction, message: Message, said: ChatMessage) -> int | None:
    """The message that it answers, when we have it."""
    if not said.quoted_id:
        return None
    found: int | None = tx.value(
        "SELECT id FROM messages WHERE channel_id = :channel AND external_id = :external",
        channel=message.channel_id,
        external=said.quoted_id,
    )
    return found


def _files(tx: Transaction, message: Message, said: ChatMessage) -> list[Attachment]:
    """Known at once, fetched right after."""
    files = [
        Attachment(
            message_id=message.id,
            name=filenames.safe(ref.name) or filenames.default(_media_type(ref)),
            media_type=_media_type(ref),
            size=ref.size or 0,
            file_key="",
            content_id="",
            is_inline=False,
            created_at=tx.now,
            remote=msgspec.to_builtins(ref),
            fetching=WAITING,
        )
        for ref in said.media
    ]
    if files:
        tx.add(*files)
    return files


def _media_type(ref: MediaRef) -> str:
    """Without its codecs."""
    return ref.media_type.partition(";")[0].strip().lower()[:255] or "application/octet-stream"
