"""A chat message lands: in the one conversation of its contact with this number (or of its group), which comes back to the team.

Its time is the provider's: what comes late takes its place in the thread, and days-old words do not open the window as if
they had just been said. What is only told (a changed number, an imported chat) is silent: a line, and nobody is called.
"""

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import bindparam, case, select

from comptoir.channels import policy
from comptoir.channels import queries as channels
from comptoir.channels.chat import ChatMessage, Notice, Party, Sticker
from comptoir.channels.models import Channel
from comptoir.conversations import continuing, early, echoing, previews, receipting, resolving, transcribing
from comptoir.conversations.handling import blocking, scheduling, spamming
from comptoir.conversations.models import Conversation, Delivery, Kind, Message, Status
from comptoir.conversations.search import index
from comptoir.customers import identifying, recognizing
from comptoir.foundation.tables import to_ms
from comptoir.foundation.transaction import Transaction

CALLS = ("missed_call",)  # the notices that are the customer's own doing: they want an answer

# An open one before one that is resolved or spam, the newest first; built once, because building costs as much as asking.
_THEIRS = (
    select(Conversation)
    .where(Conversation.channel_id == bindparam("channel"), Conversation.status != Status.MERGED)
    .order_by(
        case((Conversation.status.in_((Status.RESOLVED, Status.SPAM)), 1), else_=0),
        Conversation.last_at.desc(),
        Conversation.id.desc(),
    )
    .limit(2)
)
OF_CONTACT = _THEIRS.where(Conversation.contact_id == bindparam("contact"), Conversation.group_id.is_(None))
OF_GROUP = _THEIRS.where(Conversation.group_id == bindparam("group"))


def land(
    tx: Transaction, channel: Channel, said: ChatMessage, *, ledger_id: int | None = None, is_unreadable: bool = False
) -> Message:
    """Twice is once; but what could not be read before, and can be now, is written into its bubble."""
    aliases, scope = names(said.party), channels.account_of(channel)
    mentioned = [early.name_of(channel.id, id) for id in (said.external_id, said.quoted_id) if id]
    people = [f"{scope} {value}" for value in (said.group_id, *(value for _, value in aliases)) if value]
    early.one_at_a_time(tx, *mentioned, *people)
    known = _known(tx, channel.id, said.external_id)
    if known is not None and (is_unreadable or not known.is_unreadable):
        return known
    if known is not None:
        index.remove(tx, known.id)
        transcribing.transcribe(tx, channel, known, said)
        _tell(tx, known, "message.understood")
        return known
    contact_id = identifying.identify(
        tx,
        aliases,
        scope=scope,
        at=said.at,
        name=said.party.name,
        username=said.party.username,
        given=said.party.given,
    )
    place = _place(tx, channel, said, contact_id)
    former = place.conversation
    if former is not None and not said.is_echo and not is_quiet(said) and continuing.is_closed(tx, channel, former):
        place = Place(None, True)
    conversation = place.conversation or _open(tx, channel, said, contact_id)
    message = Message(
        conversation_id=conversation.id,
        channel_id=channel.id,
        kind=Kind.REPLY if said.is_echo else Kind.INCOMING,
        created_at=tx.now,
        contact_id=None if said.is_echo else contact_id,
        external_id=said.external_id,
        delivery=_delivery(said) if said.is_echo else None,
        via=echoing.PHONE_APP if said.is_echo else None,
        is_automatic=False,
        is_unreadable=is_unreadable,
        has_html=False,
        remote_images=0,
        ledger_id=ledger_id,
        is_imported=said.is_history,
        subject="",
    )
    transcribing.transcribe(tx, channel, message, said)
    _settle(tx, conversation, message, said, place)
    if former is not None and place.conversation is None:
        continuing.begin_anew(tx, conversation, former)
    receipting.apply_early(tx, message, said.external_id)
    return message


def names(party: Party) -> list[tuple[str, str]]:
    return [(alias.kind, alias.value) for alias in party.aliases]


def _known(tx: Transaction, channel_id: int, external_id: str) -> Message | None:
    id = tx.value(
        "SELECT id FROM messages WHERE channel_id = :channel AND external_id = :external",
        channel=channel_id,
        external=external_id,
    )
    return None if id is None else tx.find(Message, id)


# -- which conversation


class Place(Struct, frozen=True):
    """Where it belongs; None opens a conversation. `has_siblings`: the contact has others with this number."""

    conversation: Conversation | None
    has_siblings: bool = False


def _place(tx: Transaction, channel: Channel, said: ChatMessage, contact_id: int | None) -> Place:
    if said.group_id:
        statement, who = OF_GROUP, {"channel": channel.id, "group": said.group_id}
    elif contact_id is not None:
        statement, who = OF_CONTACT, {"channel": channel.id, "contact": contact_id}
    else:
        return Place(None)
    found = list(tx.session.scalars(statement, who))
    return Place(found[0] if found else None, len(found) > 1)


def _open(tx: Transaction, channel: Channel, said: ChatMessage, contact_id: int | None) -> Conversation:
    """Resolved from the start where nobody is called: then the customer's first words bring it to the team."""
    is_silent = is_quiet(said) or said.is_echo
    conversation = Conversation(
        channel_id=channel.id,
        contact_id=None if said.group_id else contact_id,
        customer_id=None if said.group_id else recognizing.customer_of(tx, contact_id),
        subject="",
        status=Status.RESOLVED if is_silent else Status.OPEN,
        version=0,
        created_at=tx.now,
        resolved_at=tx.now if is_silent else None,
        last_at=min(said.at, tx.now),
        preview="",
        last_incoming_id=0,
        failed_count=0,
        has_files=False,
        group_id=said.group_id or None,
    )
    tx.add(conversation)
    return conversation


def is_quiet(said: ChatMessage) -> bool:
    """It calls nobody: the past, and lines that nobody wrote."""
    return said.is_history or (isinstance(said.content, Notice) and said.content.code not in CALLS)


# -- what it does to its conversation


def _settle(tx: Transaction, conversation: Conversation, message: Message, said: ChatMessage, place: Place) -> None:
    has_files = bool(said.media) and not isinstance(said.content, Sticker)
    is_call = not is_quiet(said) and not said.is_echo
    is_unwanted = is_call and _is_unwanted(tx, conversation, message, place)
    is_newest = message.at >= conversation.last_at
    if said.is_echo and not said.is_history:
        echoing.land(tx, conversation, message, has_files=has_files)
    if is_newest:
        conversation.preview = previews.words(said.text, said.content, said.media)
        conversation.preview_kind = message.kind
        conversation.preview_what = previews.what(said.content, said.media)
    if is_quiet(said):
        _add_line(conversation, message, has_files=has_files)
        _tell(tx, message, "message.imported" if said.is_history else "message.noted")
    elif is_unwanted:
        spamming.land(tx, conversation, message, has_files=has_files)
    elif is_call:
        _call(tx, conversation, message, place, has_files=has_files)
    if said.media:
        _tell(tx, message, "message.has_remote_files")


def _is_unwanted(tx: Transaction, conversation: Conversation, message: Message, place: Place) -> bool:
    """From somebody who is blocked, or to what is spam already."""
    is_blocked = blocking.is_blocked_number(tx, message.contact_id)
    if is_blocked and place.conversation is None:
        conversation.status = Status.SPAM
    return is_blocked or conversation.is_spam


def _call(tx: Transaction, conversation: Conversation, message: Message, place: Place, *, has_files: bool) -> None:
    """The customer says something: unread, waiting, and no longer asleep or done."""
    _add_line(conversation, message, has_files=has_files)
    conversation.last_incoming_id = max(conversation.last_incoming_id, message.id)
    conversation.waiting_since = _waiting_since(tx, conversation, message)
    _open_window(tx, conversation, message, has_siblings=place.has_siblings)
    resolving.call_back(tx, conversation)
    scheduling.customer_wrote(tx, conversation)
    _tell(tx, message, "message.received", is_first=place.conversation is None)


def _add_line(conversation: Conversation, message: Message, *, has_files: bool) -> None:
    conversation.last_at = max(conversation.last_at, message.at)
    conversation.has_files = conversation.has_files or has_files
    conversation.version += 1


def _waiting_since(tx: Transaction, conversation: Conversation, message: Message) -> datetime | None:
    """The oldest words that nobody has answered since: a late one may be older, or answered already."""
    if message.at >= conversation.last_at:
        return conversation.waiting_since or message.at
    answered = tx.value(
        "SELECT max(at) FROM messages WHERE conversation_id = :conversation AND kind = :reply AND NOT is_imported"
        " AND scheduled_for IS NULL",
        conversation=conversation.id,
        reply=Kind.REPLY,
    )
    if answered is not None and to_ms(message.at) <= answered:
        return conversation.waiting_since
    return min(conversation.waiting_since or message.at, message.at)


def _open_window(tx: Transaction, conversation: Conversation, message: Message, *, has_siblings: bool) -> None:
    """For 24 hours from the customer's words, in every conversation of theirs with this number."""
    until = policy.window_from(message.at, tx.now)
    if conversation.window_until is not None and conversation.window_until >= until:
        return
    conversation.window_until = until
    if has_siblings:
        tx.execute(
            "UPDATE conversations SET window_until = :until, version = version + 1 WHERE contact_id = :contact"
            " AND channel_id = :channel AND id <> :id AND group_id IS NULL AND coalesce(window_until, 0) < :until",
            until=to_ms(until),
            contact=conversation.contact_id,
            channel=conversation.channel_id,
            id=conversation.id,
        )


def _delivery(said: ChatMessage) -> Delivery:
    return receipting.MEANS.get(said.state, Delivery.SENT)


def _tell(tx: Transaction, message: Message, type: str, **data: Any) -> None:
    tx.record(
        type,
        conversation_id=message.conversation_id,
        message_id=message.id,
        channel_id=message.channel_id,
        **data,
    )
