"""The first words to somebody, from us: a new mail, or on WhatsApp a template, because nobody there has opened the window.

On WhatsApp one person and one number are one conversation: where there is one it goes on, brought back if it was resolved. By
mail every new subject is a conversation of its own.
"""

from msgspec import Struct

from comptoir.channels import queries as channels
from comptoir.channels.models import Channel
from comptoir.channels.port import ChannelKind
from comptoir.conversations import assigning, early, resolving, texting, writing
from comptoir.conversations.errors import BadAddress, BadPhone, ChannelGone, HeldByAnother, NoRecipient
from comptoir.conversations.models import Conversation, Message, Status
from comptoir.conversations.schemas import NewConversation, Recipient
from comptoir.customers import identifying, phones, recognizing
from comptoir.customers.models import Contact
from comptoir.foundation.errors import NotFound
from comptoir.foundation.transaction import Transaction
from comptoir.team.access import can_see, works_in


class Started(Struct, frozen=True):
    """`is_new`: false where that message was written already, or a conversation went on."""

    conversation: Conversation
    message: Message
    is_new: bool


def find_channel(tx: Transaction, channel_id: int) -> Channel:
    """One that this member works in; else NotFound."""
    channel = tx.session.get(Channel, channel_id)
    if channel is None or not works_in(tx.actor, channel_id):
        raise NotFound
    return channel


def start(tx: Transaction, channel: Channel, given: NewConversation, *, token_key: bytes) -> Started:
    """The same `client_id` twice is the same message. What may not be said first raises what `texting.reply` raises:
    template_required, window_closed."""
    if channel.disconnected_at is not None:
        raise ChannelGone
    known = _already_started(tx, channel, given.message.client_id)
    if known is not None:
        return Started(_seen(tx, known.conversation_id), known, False)
    if channel.kind == ChannelKind.WHATSAPP:
        return _by_number(tx, channel, given)
    return _by_mail(tx, channel, given, token_key=token_key)


def _by_number(tx: Transaction, channel: Channel, given: NewConversation) -> Started:
    contact = _whom(tx, channel, given.to)
    conversation = _going_on(tx, channel, contact)
    is_new = conversation is None
    if conversation is None:
        conversation = _open(tx, channel, contact, subject="")
    else:
        assigning.keep_in_sight(tx, conversation)
    if not can_see(tx.actor, conversation):
        raise HeldByAnother
    if conversation.status == Status.RESOLVED:
        resolving.reopen(tx, conversation)
    message, _ = texting.reply(tx, conversation, given.message)
    return Started(conversation, message, is_new)


def _by_mail(tx: Transaction, channel: Channel, given: NewConversation, *, token_key: bytes) -> Started:
    words = writing.words_of(given.message)
    if not words.to:
        raise NoRecipient
    writing.check(words)
    first = words.to[0]
    contact = recognizing.recognize(tx, kind="email", value=first.address, name=first.name)
    conversation = _open(tx, channel, contact, subject=given.message.subject or "")
    written = writing.reply(tx, conversation, words, token_key=token_key)
    return Started(conversation, written.message, True)


def _whom(tx: Transaction, channel: Channel, to: Recipient | None) -> Contact:
    """The contact of a number typed by a person, in international form or as in the country of our own number."""
    if to is None:
        raise NoRecipient
    digits = phones.typed(to.address, near=channel.address)
    if digits is None:
        raise BadPhone(phone=to.address)
    if digits == phones.normalise(channel.address):
        raise BadAddress(address=to.address)
    early.one_at_a_time(tx, f"{channels.account_of(channel)} {digits}")
    contact_id = identifying.identify(
        tx,
        [(identifying.PHONE, digits)],
        scope=channels.account_of(channel),
        at=tx.now,
        name=to.name,
        given=digits,
    )
    if contact_id is None:
        raise NotFound
    return tx.find(Contact, contact_id)


def _seen(tx: Transaction, conversation_id: int) -> Conversation:
    conversation = tx.find(Conversation, conversation_id)
    if not can_see(tx.actor, conversation):
        raise NotFound
    return conversation


def _going_on(tx: Transaction, channel: Channel, contact: Contact) -> Conversation | None:
    """Theirs with this number, an open one before a resolved one."""
    found = tx.value(
        "SELECT id FROM conversations WHERE contact_id = :contact AND channel_id = :channel AND group_id IS NULL"
        " AND status <> 'merged' ORDER BY CASE WHEN status IN ('resolved', 'spam') THEN 1 ELSE 0 END, last_at DESC, id DESC LIMIT 1",
        contact=contact.id,
        channel=channel.id,
    )
    return None if found is None else tx.find(Conversation, found)


def _open(tx: Transaction, channel: Channel, contact: Contact, *, subject: str) -> Conversation:
    conversation = Conversation(
        channel_id=channel.id,
        contact_id=contact.id,
        customer_id=contact.customer_id,
        subject=subject,
        status=Status.OPEN,
        version=0,
        created_at=tx.now,
        last_at=tx.now,
        preview="",
        last_incoming_id=0,
        failed_count=0,
        has_files=False,
    )
    tx.add(conversation)
    assigning.keep_in_sight(tx, conversation)
    return conversation


def _already_started(tx: Transaction, channel: Channel, client_id: str) -> Message | None:
    """Among the newest of this channel: who sends twice sends at once."""
    known = tx.value(
        "SELECT m.id FROM (SELECT id FROM conversations WHERE channel_id = :channel ORDER BY last_at DESC, id DESC LIMIT 500) c"
        " JOIN messages m ON m.conversation_id = c.id AND m.client_id = :client",
        channel=channel.id,
        client=client_id,
    )
    return None if known is None else tx.find(Message, known)
