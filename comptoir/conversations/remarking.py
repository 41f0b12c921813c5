"""What is said about a message after it: a reaction, a correction, that it is taken back. Each lands on the message itself.

In whatever order they come, the result is the same: each keeps its own moment, and the latest one counts.
"""

from typing import Any

import msgspec

from comptoir.channels.chat import ChatEdit, ChatReaction, ChatRevoke
from comptoir.channels.port import Person
from comptoir.conversations import early, previews
from comptoir.conversations.models import Conversation, Kind, Message
from comptoir.conversations.search import index
from comptoir.foundation.tables import to_ms
from comptoir.foundation.transaction import Transaction

Remark = ChatReaction | ChatEdit | ChatRevoke
CONTACT, PHONE_APP = "contact", "phone_app"


def remark(tx: Transaction, channel_id: int, said: Remark) -> Message | None:
    """The message it is about; None when that is not here yet, and the remark waits for it."""
    early.one_at_a_time(tx, early.name_of(channel_id, said.target_id))
    id = tx.value(
        "SELECT id FROM messages WHERE channel_id = :channel AND external_id = :external",
        channel=channel_id,
        external=said.target_id,
    )
    if id is None:
        early.keep(tx, channel_id, said.target_id, early.REMARK, said)
        return None
    message = tx.session.get(Message, id, with_for_update=not tx.is_sqlite)
    assert message is not None
    apply(tx, message, said)
    return message


def decode(packed: str) -> Remark:
    remark: Remark = msgspec.json.decode(packed, type=Remark)
    return remark


def apply(tx: Transaction, message: Message, said: Remark) -> None:
    if isinstance(said, ChatReaction):
        _react(tx, message, said)
    elif isinstance(said, ChatEdit):
        _edit(tx, message, said)
    else:
        _revoke(tx, message, said)


def _react(tx: Transaction, message: Message, said: ChatReaction) -> None:
    """One for each person, the latest; an empty one is kept, so that an older one that comes late does not return."""
    who = PHONE_APP if said.is_echo else said.party.aliases[0].value if said.party.aliases else ""
    at = to_ms(said.at)
    line: dict[str, Any] = {
        "emoji": said.emoji[:32],
        "by": PHONE_APP if said.is_echo else CONTACT,
        "name": said.party.name,
    }
    line |= {"who": who, "at": at, "id": said.external_id}
    reactions: list[dict[str, Any]] = list(message.reactions or ())
    before = next((one for one in reactions if one.get("who") == who), None)
    if before is not None and (before["at"], before["id"]) >= (at, said.external_id):
        return
    message.reactions = [*(one for one in reactions if one is not before), line]
    _changed(tx, message, "message.reacted", emoji=said.emoji[:32])


def _edit(tx: Transaction, message: Message, said: ChatEdit) -> None:
    """Every text that it had is kept, with its moment."""
    now = message.edited_at or message.at
    texts = _texts(message)
    edit = (to_ms(said.at), said.text)
    is_current = not message.revoked_at and edit == (to_ms(now), message.text)
    if is_current or edit in texts:
        return
    if message.revoked_at is None and said.at >= now:
        message.earlier = sorted([*texts, (to_ms(now), message.text)])
        message.text, message.edited_at = said.text, said.at
        _show(tx, message)
    else:
        message.earlier = sorted([*texts, edit])
        message.edited_at = max(said.at, now) if message.revoked_at is not None else message.edited_at
    _changed(tx, message, "message.edited")


def _revoke(tx: Transaction, message: Message, said: ChatRevoke) -> None:
    """Taken back: the team still sees what it said."""
    if message.revoked_at is not None:
        return
    texts = _texts(message)
    message.earlier = sorted([*texts, (to_ms(message.edited_at or message.at), message.text)])
    message.revoked_at, message.text = said.at, ""
    _show(tx, message)
    _changed(tx, message, "message.revoked")


def _texts(message: Message) -> list[tuple[int, str]]:
    return [(at, text) for at, text in message.earlier or ()]


def _show(tx: Transaction, message: Message) -> None:
    """The words that are found and previewed are the ones that are true now; what was taken back is still found."""
    conversation = tx.find(Conversation, message.conversation_id)
    newest = tx.value(
        "SELECT id FROM messages WHERE conversation_id = :conversation AND kind <> :note ORDER BY at DESC, id DESC LIMIT 1",
        conversation=conversation.id,
        note=Kind.NOTE,
    )
    if newest == message.id:
        conversation.preview = previews.words(message.text, None, ())
    sender = [Person(address, name) for address, name in message.recipients.get("from", ())]
    files = [name for (name,) in tx.rows("SELECT name FROM attachments WHERE message_id = :id", id=message.id)]
    index.remove(tx, message.id)
    index.add(tx, message, people=sender, files=[*files, *(text for _, text in message.earlier or ())])


def _changed(tx: Transaction, message: Message, type: str, **data: Any) -> None:
    conversation = tx.find(Conversation, message.conversation_id)
    conversation.version += 1
    tx.record(
        type,
        conversation_id=message.conversation_id,
        message_id=message.id,
        channel_id=message.channel_id,
        **data,
    )
