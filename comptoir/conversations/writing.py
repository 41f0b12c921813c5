"""A reply goes out; a note stays in. Both are messages; only a reply is ever queued."""

import re
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from comptoir.channels.models import Channel
from comptoir.channels.port import Person
from comptoir.conversations import assigning
from comptoir.conversations.answering import drafting, wording
from comptoir.conversations.errors import (
    BadAddress,
    BadSender,
    ChannelGone,
    EmptyMessage,
    NoRecipient,
)
from comptoir.conversations.handling import participating, scheduling, spamming
from comptoir.conversations.models import (
    Attachment,
    Conversation,
    Delivery,
    Kind,
    Message,
)
from comptoir.conversations.schemas import Forwarded, Later, NewMention, NewReply, Recipient
from comptoir.conversations.search import index
from comptoir.conversations.together import mentioning
from comptoir.foundation.transaction import Transaction
from comptoir.mail import threads
from comptoir.mail.history import Passage
from comptoir.mail.quotes import preview
from comptoir.team.models import Member

ADDRESS = re.compile(r"[^@\s,;<>()\"]+@[^@\s,;<>()\"]+\.[^@\s,;<>()\".]+")


class Words(Struct, frozen=True, kw_only=True):
    """What a member wrote. `client_id` is the browser's: the same one twice is the same message. `html` and what follows are
    for mail: the words in their form, another subject or sender than the usual, mails to forward."""

    client_id: str
    text: str
    to: Sequence[Person] = ()
    cc: Sequence[Person] = ()
    bcc: Sequence[Person] = ()
    in_reply_to_id: int | None = None
    attachment_ids: Sequence[int] = ()
    html: str = ""
    subject: str | None = None
    sender: str = ""
    forwarded: Forwarded | None = None
    later: Later | None = None
    mentions: Sequence[NewMention] = ()


def words_of(given: NewReply) -> Words:
    """As the wire says it."""
    return Words(
        client_id=given.client_id,
        text=given.text,
        to=_people(given.to),
        cc=_people(given.cc),
        bcc=_people(given.bcc),
        in_reply_to_id=given.in_reply_to_id,
        attachment_ids=given.attachment_ids,
        html=given.html,
        subject=given.subject,
        sender=given.sender,
        forwarded=given.forwarded,
        later=given.later,
    )


class Written(Struct, frozen=True):
    message: Message
    is_new: bool


def reply(tx: Transaction, conversation: Conversation, words: Words, *, token_key: bytes) -> Written:
    """Queue a mail to the chosen recipients, held for a moment. Its Message-ID and its bodies are written down here, before
    anything is sent."""
    known = already_written(tx, conversation, words.client_id)
    if known is not None:
        return Written(known, False)
    channel = tx.find(Channel, conversation.channel_id)
    if channel.disconnected_at is not None:
        raise ChannelGone
    check(words)
    files = wording.claim_uploads(tx, words.attachment_ids)
    pictures = wording.pictures(words.html, files, _domain(channel))
    said = wording.read(words.html, words.text, pictures)
    answered = _answered(tx, conversation, words.in_reply_to_id)
    message = _message(tx, conversation, msgspec.structs.replace(words, text=said.text), Kind.REPLY)
    message.has_html = wording.has_form(said.html)
    message.delivery = Delivery.QUEUED
    if words.later is not None:
        scheduling.hold(tx, message, words.later)
    else:
        message.held_until = _held_until(tx)
    message.subject = _subject(conversation, words)
    message.header_id = threads.new_header_id(
        token_key,
        conversation.id,
        uuid.uuid4(),
        _domain(channel),
    )
    message.external_id = message.header_id
    message.recipients = {
        "from": [[_sender(channel, words.sender), channel.name]],
        "to": [[p.address, p.name] for p in words.to],
        "cc": [[p.address, p.name] for p in words.cc],
        "bcc": [[p.address, p.name] for p in words.bcc],
    }
    if answered is not None and answered.header_id:
        message.chain = list(threads.reply_references(answered.header_id, tuple(answered.chain or ())))
    _keep(tx, conversation, message, words, files)
    _put_into_its_envelope(tx, conversation, channel, message, words, said, answered)
    drafting.drop(tx, conversation, "reply")
    participating.take_part(tx, conversation)
    spamming.unmark(tx, conversation)
    if conversation.assignee_id is None and tx.actor.kind == "member" and tx.actor.id is not None:
        assigning.assign(tx, conversation, member_id=tx.actor.id)
    record_written(tx, conversation, message)
    return Written(message, True)


def record_written(tx: Transaction, conversation: Conversation, message: Message) -> None:
    """It leaves as soon as it is held no longer; the customer waits until it does."""
    if message.scheduled_for is None:
        conversation.waiting_since = None
    tx.record(
        "message.queued" if message.scheduled_for is None else "message.scheduled",
        conversation_id=conversation.id,
        message_id=message.id,
        channel_id=conversation.channel_id,
        react_at=message.held_until,
        **({} if message.scheduled_for is None else {"until": message.scheduled_for.isoformat()}),
    )


def note(tx: Transaction, conversation: Conversation, words: Words) -> Written:
    """Words for the team alone: no delivery, no recipients, no Message-ID; there is nothing to send."""
    known = already_written(tx, conversation, words.client_id)
    if known is not None:
        return Written(known, False)
    if not words.text.strip() and not words.attachment_ids:
        raise EmptyMessage
    message = _message(tx, conversation, words, Kind.NOTE)
    called = mentioning.mentions(tx, conversation, words.mentions)
    message.mentions = [msgspec.to_builtins(one) for one in called] or None
    _keep(tx, conversation, message, words, wording.claim_uploads(tx, words.attachment_ids))
    drafting.drop(tx, conversation, "note")
    participating.take_part(tx, conversation)
    for one in called:
        if one.kind == "member":
            participating.call(tx, conversation, one.id)
    tx.record(
        "note.added",
        conversation_id=conversation.id,
        message_id=message.id,
        channel_id=conversation.channel_id,
    )
    return Written(message, True)


def already_written(tx: Transaction, conversation: Conversation, client_id: str) -> Message | None:
    known = tx.value(
        "SELECT id FROM messages WHERE conversation_id = :conversation AND client_id = :client",
        conversation=conversation.id,
        client=client_id,
    )
    return tx.find(Message, known) if known else None


def check(words: Words) -> None:
    if not (words.text.strip() or words.html.strip() or words.attachment_ids or words.forwarded):
        raise EmptyMessage
    if not words.to and not words.cc and not words.bcc:
        raise NoRecipient
    for person in (*words.to, *words.cc, *words.bcc):
        if not ADDRESS.fullmatch(person.address):
            raise BadAddress(address=person.address)


def _answered(tx: Transaction, conversation: Conversation, message_id: int | None) -> Message | None:
    """The message being answered: the one named, or the newest from outside, be it from before the mailbox was connected. One
    that was moved to another conversation meanwhile, or that nobody outside knows, is not answered here."""
    for wanted in (message_id, conversation.last_incoming_id or _newest_incoming(tx, conversation)):
        message = tx.session.get(Message, wanted) if wanted else None
        if message is None or message.conversation_id != conversation.id:
            continue
        if wording.is_known_outside(message):
            return message
    return None


def _newest_incoming(tx: Transaction, conversation: Conversation) -> int | None:
    found: int | None = tx.value(
        "SELECT id FROM messages WHERE conversation_id = :id AND kind = :incoming ORDER BY at DESC, id DESC LIMIT 1",
        id=conversation.id,
        incoming=Kind.INCOMING,
    )
    return found


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


def _people(recipients: Sequence[Recipient]) -> tuple[Person, ...]:
    return tuple(Person(r.address.strip().lower(), r.name.strip()) for r in recipients)


def _domain(channel: Channel) -> str:
    return channel.address.rpartition("@")[2] or "localhost"


def _subject(conversation: Conversation, words: Words) -> str:
    """A changed one stays in this conversation. What begins one (a forward) has its subject as it is."""
    if words.subject is not None and words.subject.strip():
        return " ".join(words.subject.split())
    return conversation.subject if words.forwarded else threads.reply_subject(conversation.subject)


def _sender(channel: Channel, wanted: str) -> str:
    address = wanted.strip().lower() or channel.address
    if address != channel.address and address not in channel.aliases:
        raise BadSender(address=address)
    return address


def _held_until(tx: Transaction) -> datetime | None:
    """As long as its author likes to be able to take it back; what no person wrote leaves at once."""
    if tx.actor.kind != "member" or tx.actor.id is None:
        return None
    seconds = tx.find(Member, tx.actor.id).undo_seconds
    return tx.now + timedelta(seconds=seconds) if seconds else None


def _put_into_its_envelope(
    tx: Transaction,
    conversation: Conversation,
    channel: Channel,
    message: Message,
    words: Words,
    said: wording.Words,
    answered: Message | None,
) -> None:
    """What is below the words, fixed now: the signature, then what is answered or forwarded, and its files."""
    below = Passage("", "")
    if words.forwarded is not None:
        given = words.forwarded
        below = wording.forwarded(tx, conversation.origin_id, given.message_ids, has_files=given.has_files)
        message.context = {"forwarded": {"message_ids": given.message_ids, "has_files": given.has_files}}
        if given.has_files:
            wording.copy_files(tx, message, wording.mails(tx, conversation.origin_id, given.message_ids))
    elif channel.quotes_history:
        below = wording.quoted(tx, answered)
    wording.keep(tx, message, said, wording.signature(tx, channel), below)


def _keep(
    tx: Transaction, conversation: Conversation, message: Message, words: Words, files: Sequence[Attachment]
) -> None:
    tx.add(message)
    for file in files:
        file.message_id = message.id
    index.add(tx, message, people=[*words.to, *words.cc], files=[file.name for file in files])
    conversation.version += 1
    if message.scheduled_for is not None:
        return
    conversation.last_at = max(conversation.last_at, tx.now)
    conversation.preview = preview(message.text) or next((file.name for file in files), "") or message.subject
    conversation.preview_kind = message.kind
    conversation.has_files = conversation.has_files or any(not file.is_inline for file in files)
