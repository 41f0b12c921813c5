"""A message from outside lands: once, with the right contact, in the right conversation, which comes back to the team."""

from collections.abc import Iterable
from datetime import datetime

import msgspec
from msgspec import Struct

from comptoir.channels.models import Channel
from comptoir.channels.port import Incoming
from comptoir.conversations import attributing, awaiting, continuing, gathering, importing, matching, resolving
from comptoir.conversations.handling import blocking, scheduling, spamming
from comptoir.conversations.models import Conversation, Kind, Message, Status
from comptoir.conversations.writing_down import KeptFile, has_shown_files, write_down
from comptoir.customers import recognizing
from comptoir.customers.models import Contact
from comptoir.foundation.transaction import Transaction
from comptoir.mail import threads
from comptoir.mail.quotes import preview


class Received(Struct, frozen=True):
    """`is_new` is false when the same message was already here."""

    message_id: int
    conversation_id: int
    is_new: bool


def receive(
    tx: Transaction,
    channel: Channel,
    incoming: Incoming,
    *,
    files: Iterable[KeptFile] = (),
    remote_images: int = 0,
    ledger_id: int | None = None,
    is_imported: bool = False,
    token_key: bytes,
) -> Received:
    """Dedupe, recognise, find the thread or open one, insert, reopen; one event. `token_key` verifies our own thread tokens;
    `is_imported`: it is history, and lands quietly."""
    known = already_here(tx, channel.id, incoming)
    if known is not None:
        return known
    mail, context = attributing.unfold(tx, incoming)
    contact = attributing.contact_of(tx, mail)
    match = matching.match(tx, channel, mail, contact, token_key=token_key)
    former = match.conversation
    if former is not None and not is_imported and not mail.is_automatic:
        match = msgspec.structs.replace(match, conversation=continuing.place(tx, channel, former))
    is_blocked = blocking.is_blocked_address(tx, incoming.sender.address)
    conversation = match.conversation or open_for(tx, channel, mail, contact, is_quiet=is_imported)
    if is_blocked and match.conversation is None:
        conversation.status = Status.SPAM
    message = Message(
        conversation_id=conversation.id,
        channel_id=channel.id,
        kind=Kind.INCOMING,
        created_at=tx.now,
        external_id=incoming.external_id,
        ledger_id=ledger_id,
        match_reason=match.reason,
        context=context,
        is_imported=is_imported,
    )
    kept = list(files)
    write_down(tx, message, mail, contact, files=kept, remote_images=remote_images)
    if is_imported:
        importing.land(tx, conversation, message, has_files=has_shown_files(kept))
    elif is_blocked or conversation.is_spam:
        if conversation.is_spam:
            conversation.preview, conversation.preview_kind = preview(message.text) or message.subject, message.kind
        spamming.land(tx, conversation, message, has_files=has_shown_files(kept))
    else:
        land(tx, conversation, message, has_files=has_shown_files(kept))
        tx.record(
            "message.received",
            conversation_id=conversation.id,
            message_id=message.id,
            channel_id=channel.id,
            is_first=match.conversation is None,
        )
    if former is not None and match.conversation is None:
        continuing.begin_anew(tx, conversation, continuing.newest(tx, former))
    elif match.origin is not None:
        gathering.link(tx, conversation, match.origin, why=match.apart)
    gathering.gather(tx, match.waiting, conversation, mail, contact)
    return Received(message.id, conversation.id, True)


def receive_unreadable(
    tx: Transaction,
    channel: Channel,
    *,
    external_id: str,
    at_least: str,
    ledger_id: int,
    reason: str,
    is_imported: bool = False,
) -> Received:
    """A mail that could not be parsed: a conversation of its own that says so and offers the source. `at_least` is what
    little could be read of its subject; `is_imported`: nobody is called to look at it."""
    known = _known(tx, channel.id, external_id)
    if known is not None:
        return known
    conversation = new_conversation(tx, channel, contact_id=None, subject=at_least, at=tx.now, is_quiet=is_imported)
    message = Message(
        conversation_id=conversation.id,
        channel_id=channel.id,
        kind=Kind.INCOMING,
        at=tx.now,
        created_at=tx.now,
        external_id=external_id,
        error_code="unreadable",
        error_detail=reason,
        is_automatic=False,
        is_unreadable=True,
        has_html=False,
        remote_images=0,
        ledger_id=ledger_id,
        recipients={},
        subject=at_least,
        text="",
        is_imported=is_imported,
    )
    tx.add(message)
    if is_imported:
        importing.land(tx, conversation, message, has_files=False)
        return Received(message.id, conversation.id, True)
    land(tx, conversation, message, has_files=False)
    tx.record(
        "message.received",
        conversation_id=conversation.id,
        message_id=message.id,
        channel_id=channel.id,
        is_first=True,
        is_unreadable=True,
    )
    return Received(message.id, conversation.id, True)


def land(tx: Transaction, conversation: Conversation, message: Message, *, has_files: bool) -> None:
    """What a customer's message does to its conversation: it is on top, unread, waiting, and no longer asleep or done."""
    conversation.last_at = max(conversation.last_at, min(message.at, tx.now))
    conversation.preview = preview(message.text) or message.subject
    conversation.preview_kind = message.kind
    conversation.last_incoming_id = message.id
    conversation.waiting_since = conversation.waiting_since or message.at
    conversation.has_files = conversation.has_files or has_files
    conversation.version += 1
    resolving.call_back(tx, conversation)
    if not message.is_automatic:
        scheduling.customer_wrote(tx, conversation)


def already_here(tx: Transaction, channel_id: int, incoming: Incoming) -> Received | None:
    """The same message, seen before in this channel: the same fingerprint, or a reply of ours that came back to us, even when
    a server has given it another Message-ID: that one is remembered, for answers name it."""
    known = _known(tx, channel_id, incoming.external_id)
    if known is not None or not (incoming.header_id or incoming.own_id):
        return known
    ours = tx.row(
        "SELECT id, conversation_id FROM messages WHERE channel_id = :channel AND header_id IN (:header, :own)"
        " AND kind = 'reply'",
        channel=channel_id,
        header=incoming.header_id,
        own=incoming.own_id or incoming.header_id,
    )
    if ours is None:
        return None
    if incoming.own_id and incoming.header_id not in ("", incoming.own_id):
        awaiting.renamed(tx, channel_id, incoming.header_id, ours[0])
    return Received(ours[0], ours[1], False)


def _known(tx: Transaction, channel_id: int, external_id: str) -> Received | None:
    found = tx.row(
        "SELECT id, conversation_id FROM messages WHERE channel_id = :channel AND external_id = :external",
        channel=channel_id,
        external=external_id,
    )
    return Received(found[0], found[1], False) if found else None


def open_for(
    tx: Transaction, channel: Channel, incoming: Incoming, contact: Contact | None, *, is_quiet: bool
) -> Conversation:
    """A conversation for a mail that belongs to none. A quiet one is resolved from the start and as old as its mail."""
    return new_conversation(
        tx,
        channel,
        contact_id=contact.id if contact else None,
        subject=threads.base_subject(incoming.subject) if incoming.forwarded_from else incoming.subject,
        at=incoming.at,
        is_quiet=is_quiet,
    )


def new_conversation(
    tx: Transaction,
    channel: Channel,
    *,
    contact_id: int | None,
    subject: str,
    at: datetime,
    is_quiet: bool = False,
) -> Conversation:
    last_at = min(at, tx.now)
    conversation = Conversation(
        channel_id=channel.id,
        contact_id=contact_id,
        customer_id=recognizing.customer_of(tx, contact_id),
        subject=subject,
        status=Status.RESOLVED if is_quiet else Status.OPEN,
        version=0,
        created_at=last_at if is_quiet else tx.now,
        resolved_at=last_at if is_quiet else None,
        last_at=last_at,
        preview="",
        last_incoming_id=0,
        failed_count=0,
        has_files=False,
    )
    tx.add(conversation)
    return conversation
