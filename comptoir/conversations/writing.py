"""A reply goes out; a note stays in. Both are messages; only a reply is ever queued."""

import re
import uuid
from collections.abc import Sequence

from msgspec import Struct

from comptoir.channels.models import Channel
from comptoir.channels.port import Person
from comptoir.conversations import assigning
from comptoir.conversations.errors import (
    BadAddress,
    ChannelGone,
    EmptyMessage,
    NoRecipient,
    UploadMissing,
)
from comptoir.conversations.models import (
    Attachment,
    Conversation,
    Delivery,
    Kind,
    Message,
)
from comptoir.conversations.search import index
from comptoir.foundation.transaction import Transaction
from comptoir.mail import threads
from comptoir.mail.quotes import preview

ADDRESS = re.compile(r"[^@\s,;<>()\"]+@[^@\s,;<>()\"]+\.[^@\s,;<>()\".]+")


class Words(Struct, frozen=True, kw_only=True):
    """What a member wrote. `client_id` is the browser's: the same one twice is the same message."""

    client_id: str
    text: str
    to: Sequence[Person] = ()
    cc: Sequence[Person] = ()
    bcc: Sequence[Person] = ()
    in_reply_to_id: int | None = None
    attachment_ids: Sequence[int] = ()


class Written(Struct, frozen=True):
    message: Message
    is_new: bool


def reply(tx: Transaction, conversation: Conversation, words: Words, *, token_key: bytes) -> Written:
    """Queue a mail to the chosen recipients. Its Message-ID is written down here, before anything is sent."""
    known = _already_written(tx, conversation, words.client_id)
    if known is not None:
        return Written(known, False)
    channel = tx.find(Channel, conversation.channel_id)
    if channel.disconnected_at is not None:
        raise ChannelGone
    _check(words)
    answered = _answered(tx, conversation, words.in_reply_to_id)
    message = _message(tx, conversation, words, Kind.REPLY)
    message.delivery = Delivery.QUEUED
    message.subject = threads.reply_subject(conversation.subject)
    message.header_id = threads.new_header_id(
        token_key,
        conversation.id,
        uuid.uuid4(),
        channel.address.rpartition("@")[2] or "localhost",
    )
    message.external_id = message.header_id
    message.recipients = {
        "from": [[channel.address, channel.name]],
        "to": [[p.address, p.name] for p in words.to],
        "cc": [[p.address, p.name] for p in words.cc],
        "bcc": [[p.address, p.name] for p in words.bcc],
    }
    if answered is not None and answered.header_id:
        message.chain = list(threads.reply_references(answered.header_id, tuple(answered.chain or ())))
    _keep(tx, conversation, message, words)
    conversation.waiting_since = None
    if conversation.assignee_id is None and tx.actor.kind == "member" and tx.actor.id is not None:
        assigning.assign(tx, conversation, member_id=tx.actor.id)
    tx.record(
        "message.queued",
        conversation_id=conversation.id,
        message_id=message.id,
        channel_id=conversation.channel_id,
    )
    return Written(message, True)


def note(tx: Transaction, conversation: Conversation, words: Words) -> Written:
    """Words for the team alone: no delivery, no recipients, no Message-ID; there is nothing to send."""
    known = _already_written(tx, conversation, words.client_id)
    if known is not None:
        return Written(known, False)
    if not words.text.strip() and not words.attachment_ids:
        raise EmptyMessage
    message = _message(tx, conversation, words, Kind.NOTE)
    _keep(tx, conversation, message, words)
    tx.record(
        "note.added",
        conversation_id=conversation.id,
        message_id=message.id,
        channel_id=conversation.channel_id,
    )
    return Written(message, True)


def _already_written(tx: Transaction, conversation: Conversation, client_id: str) -> Message | None:
    known = tx.value(
        "SELECT id FROM messages WHERE conversation_id = :conversation AND client_id = :client",
        conversation=conversation.id,
        client=client_id,
    )
    return tx.find(Message, known) if known else None


def _check(words: Words) -> None:
    if not words.text.strip() and not words.attachment_ids:
        raise EmptyMessage
    if not words.to and not words.cc and not words.bcc:
        raise NoRecipient
    for person in (*words.to, *words.cc, *words.bcc):
        if not ADDRESS.fullmatch(person.address):
            raise BadAddress(address=person.address)


def _answered(tx: Transaction, conversation: Conversation, message_id: int | None) -> Message | None:
    """The message being answered: the one named, or the newest from outside."""
    wanted = message_id or conversation.last_incoming_id
    message = tx.session.get(Message, wanted) if wanted else None
    return message if message is not None and message.conversation_id == conversation.id else None


def _message(tx: Transaction, conversation: Conversation, words: Words, kind: Kind) -> Message:
    return Message(
        conversation_id=conversation.id,
        channel_id=conversation.channel_id,
        kind=kind,
        at=tx.now,
        created_at=tx.now,
        member_id=tx.actor.id if tx.actor.kind == "member" else None,
        client_id=words.client_id,
        is_automatic=False,
        is_unreadable=False,
        has_html=False,
        remote_images=0,
        recipients={},
        subject="",
        text=words.text,
    )


def _keep(tx: Transaction, conversation: Conversation, message: Message, words: Words) -> None:
    tx.add(message)
    files = _claim_uploads(tx, message, words.attachment_ids)
    index.add(tx, message, people=[*words.to, *words.cc], files=[file.name for file in files])
    conversation.last_at = max(conversation.last_at, tx.now)
    conversation.preview = preview(message.text) or (files[0].name if files else "")
    conversation.preview_kind = message.kind
    conversation.has_files = conversation.has_files or bool(files)
    conversation.version += 1


def _claim_uploads(tx: Transaction, message: Message, ids: Sequence[int]) -> list[Attachment]:
    """One's own uploads, not yet part of another message, become this message's files."""
    files = []
    for id in ids:
        upload = tx.session.get(Attachment, id)
        if upload is None or upload.message_id is not None or upload.member_id != tx.actor.id:
            raise UploadMissing
        upload.message_id = message.id
        files.append(upload)
    return files
