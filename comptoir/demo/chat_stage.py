"""Play the chats: each through the acts that a webhook or a member would call, on a clock that is moved from step to step."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import PurePath

import msgspec
from sqlalchemy import select

from comptoir.channels.chat import (
    Alias,
    ChatMessage,
    ChatReaction,
    Content,
    Location,
    MediaRef,
    Party,
    Receipted,
    Voice,
)
from comptoir.channels.models import Channel
from comptoir.conversations import assigning, delivering, hearing, resolving, texting, writing
from comptoir.conversations.models import Attachment, Conversation, Message
from comptoir.conversations.receipting import our_id
from comptoir.conversations.schemas import NewReply, TemplateChoice
from comptoir.demo import props, stage
from comptoir.demo.cast import CUSTOMERS, Customer
from comptoir.demo.chats import Answers, Chat, ChatStep, Reacts, Says
from comptoir.demo.scenes import Assign, Note, Resolve
from comptoir.foundation.files import Files
from comptoir.foundation.transaction import SYSTEM, Transaction
from comptoir.templates.models import Template

VOICE_SECONDS = 5.2


def play(tx: Transaction, files: Files, set_up: stage.Stage, chat: Chat, curtain: datetime) -> None:
    """A whole chat: none is long."""
    channel = set_up.numbers[chat.number]
    messages: list[Message | None] = []
    for number, step in enumerate(chat.steps):
        tx.now = curtain - timedelta(minutes=step.ago)
        external_id = f"{'wamid.' if channel.provider == 'meta' else 'SM'}{chat.number}{chat.customer}{number}"
        messages.append(_step(tx, files, set_up, channel, chat, step, messages, external_id))
        tx.actor = SYSTEM
    [conversation] = {message.conversation_id for message in messages if message is not None}
    stage.end(tx, set_up, chat, tx.find(Conversation, conversation))


def _step(
    tx: Transaction,
    files: Files,
    set_up: stage.Stage,
    channel: Channel,
    chat: Chat,
    step: ChatStep,
    messages: Sequence[Message | None],
    external_id: str,
) -> Message | None:
    customer = CUSTOMERS[chat.customer]
    if isinstance(step, Says):
        return _says(tx, files, channel, customer, step, _quoted(messages, step.quotes), external_id)
    if isinstance(step, Reacts):
        _reacts(tx, channel, customer, step, _quoted(messages, step.to), external_id)
        return None
    first = messages[0]
    assert first is not None
    conversation = tx.find(Conversation, first.conversation_id)
    tx.actor = msgspec.structs.replace(stage.actor(set_up, step.by), channel_ids=(channel.id,))
    match step:
        case Assign():
            assigning.assign(tx, conversation, member_id=set_up.members[step.to].id)
        case Note():
            writing.note(tx, conversation, writing.Words(client_id=f"demo-{external_id}", text=step.text))
        case Resolve():
            resolving.resolve(tx, conversation)
        case Answers():
            quoted = messages[step.quotes] if step.quotes is not None else None
            return _answers(tx, files, channel, conversation, customer, step, quoted, external_id)
    return None


def _says(
    tx: Transaction, files: Files, channel: Channel, customer: Customer, step: Says, quoted_id: str, external_id: str
) -> Message:
    """Its file is here at once: there is nobody to fetch it from."""
    content: Content | None = None
    if step.place is not None:
        content = Location(*step.place, name=customer.name)
    elif step.file.endswith(".ogg"):
        content = Voice(VOICE_SECONDS)
    kind, body = props.file(step.file) if step.file else ("", b"")
    said = ChatMessage(
        number_id=channel.settings.get("phone_number_id", channel.address),
        at=tx.now,
        external_id=external_id,
        party=party(customer),
        text=step.text,
        media=(MediaRef(id=external_id, media_type=kind, name=step.file),) if step.file else (),
        content=content,
        quoted_id=quoted_id,
    )
    message = hearing.hear(tx, channel, said)
    assert message is not None
    for file in tx.session.scalars(select(Attachment).where(Attachment.message_id == message.id)):
        file.file_key, file.size, file.remote, file.fetching = files.put(body), len(body), None, None
    return message


def _answers(
    tx: Transaction,
    files: Files,
    channel: Channel,
    conversation: Conversation,
    customer: Customer,
    step: Answers,
    quoted: Message | None,
    external_id: str,
) -> Message:
    given = NewReply(
        client_id=f"demo-{external_id}",
        text=step.text,
        attachment_ids=[stage.upload(tx, files, step.file).id] if step.file else [],
        quoted_id=quoted.id if quoted else None,
        template=_choice(tx, channel, step) if step.template else None,
        is_voice=PurePath(step.file).suffix == ".ogg",
    )
    message, _ = texting.reply(tx, conversation, given)
    tx.now = message.held_until or tx.now
    delivering.start(tx, message)
    delivering.sent(tx, message)
    for state in ("sent", "delivered", "read"):
        receipt = Receipted(
            number_id=channel.address,
            at=tx.now,
            external_id=external_id,
            our_id=our_id(message.id),
            state=state,
            party=party(customer),
        )
        hearing.hear(tx, channel, receipt)
        if state == step.state:
            break
    return message


def _reacts(
    tx: Transaction, channel: Channel, customer: Customer, step: Reacts, target_id: str, external_id: str
) -> None:
    reaction = ChatReaction(
        number_id=channel.address,
        at=tx.now,
        external_id=external_id,
        target_id=target_id,
        emoji=step.emoji,
        party=party(customer),
    )
    hearing.hear(tx, channel, reaction)


def party(customer: Customer) -> Party:
    return Party((Alias("phone", customer.phone),), name=customer.name, given=customer.phone)


def _choice(tx: Transaction, channel: Channel, step: Answers) -> TemplateChoice:
    wanted = select(Template).where(Template.channel_id == channel.id, Template.name == step.template)
    template = tx.session.scalars(wanted).one()
    return TemplateChoice(template.id, {str(place): value for place, value in enumerate(step.values, 1)})


def _quoted(messages: Sequence[Message | None], number: int | None) -> str:
    message = messages[number] if number is not None else None
    return message.external_id or "" if message is not None else ""
