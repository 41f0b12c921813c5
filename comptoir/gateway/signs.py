"""What a customer sees of us between two messages: that theirs was read, that somebody types, a sign under their words.

None of it is worth a second of anybody's wait: what cannot be said now is not said at all.
"""

import logging
from datetime import datetime, timedelta

from msgspec import Struct

from comptoir.channels import policy
from comptoir.channels import queries as channels
from comptoir.channels.chat import Party
from comptoir.channels.models import Channel
from comptoir.channels.port import Connection, ConnectionTrouble, SendError
from comptoir.conversations import reaching, reacting
from comptoir.conversations.models import Conversation, Message
from comptoir.foundation.jobs.port import Job, RetryLater
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.gateway.pacing import back_off
from comptoir.providers import NUMBERS

log = logging.getLogger(__name__)

TYPING_EVERY = timedelta(seconds=20)  # it is shown for 25
REACTION_TRIES = 4


class _Last(Struct, frozen=True):
    """The customer's newest message, in the provider's words."""

    provider: str
    connection: Connection
    external_id: str


class _Sign(Struct, frozen=True):
    provider: str
    connection: Connection
    to: Party
    target_id: str
    emoji: str


class Typing:
    """Who types is told every twenty seconds at the most, for each conversation."""

    def __init__(self) -> None:
        self._told: dict[int, datetime] = {}

    def may_tell(self, conversation_id: int, now: datetime) -> bool:
        self._told = {id: at for id, at in self._told.items() if now - at < TYPING_EVERY}
        if conversation_id in self._told:
            return False
        self._told[conversation_id] = now
        return True


async def mark_read(services: Services, job: Job) -> None:
    """`conversation_id`: the customer sees that we have read, where the provider can and the number's setting says so."""
    id = int(job.args["conversation_id"])
    last = await services.database.read(lambda tx: _last(tx, services, id))
    if last is not None and policy.ABILITIES[last.provider].can_mark_read:
        await _mark(last, is_typing=False)


async def show_typing(services: Services, conversation_id: int) -> None:
    last = await services.database.read(lambda tx: _last(tx, services, conversation_id))
    if last is not None and policy.ABILITIES[last.provider].can_show_typing:
        await _mark(last, is_typing=True)


async def send_reaction(services: Services, job: Job) -> None:
    """`message_id`: the customer sees the sign that stands there now."""
    sign = await services.database.read(lambda tx: _sign(tx, services, int(job.args["message_id"])))
    if sign is None:
        return
    try:
        await NUMBERS[sign.provider].react(sign.connection, sign.to, sign.target_id, sign.emoji)
    except SendError as error:
        if not error.permanent and job.attempt < REACTION_TRIES:  # the same sign twice is one sign
            raise RetryLater(str(error), back_off(job.attempt)) from error
        log.warning("a reaction to message %s was refused: %s", job.args["message_id"], error)


async def _mark(last: _Last, *, is_typing: bool) -> None:
    try:
        await NUMBERS[last.provider].mark_read(last.connection, last.external_id, is_typing=is_typing)
    except ConnectionTrouble as trouble:
        log.info("%s was not marked as read: %s", last.external_id, trouble)


def _last(tx: Transaction, services: Services, conversation_id: int) -> _Last | None:
    conversation = tx.session.get(Conversation, conversation_id)
    message = tx.session.get(Message, conversation.last_incoming_id) if conversation is not None else None
    if conversation is None or message is None or message.external_id is None:
        return None
    channel = tx.find(Channel, conversation.channel_id)
    if channel.disconnected_at is not None or channel.provider not in NUMBERS:
        return None
    if not channel.settings.get("marks_read", True) or (conversation.window_until or tx.now) <= tx.now:
        return None
    return _Last(channel.provider, channels.connection_of(channel, services.secrets), message.external_id)


def _sign(tx: Transaction, services: Services, message_id: int) -> _Sign | None:
    message = tx.session.get(Message, message_id)
    channel = tx.find(Channel, message.channel_id) if message is not None else None
    if message is None or channel is None or channel.disconnected_at is not None or message.external_id is None:
        return None
    return _Sign(
        provider=channel.provider,
        connection=channels.connection_of(channel, services.secrets),
        to=reaching.party(tx, tx.find(Conversation, message.conversation_id), channel),
        target_id=message.external_id,
        emoji=reacting.emoji_of(message),
    )
