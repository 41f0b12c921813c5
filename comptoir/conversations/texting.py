"""A reply goes out through a number: words or a file inside the window, a template at any time. `channels.policy` decides.

What a template is filled with is kept whole beside the message, so that it leaves as it was written, however late.
"""

from collections.abc import Sequence

import msgspec

from comptoir.channels import policy
from comptoir.channels.chat import TemplateUse, Voice
from comptoir.channels.models import Channel
from comptoir.channels.policy import FileFacts
from comptoir.channels.port import ChannelKind
from comptoir.conversations import assigning, refusing, writing
from comptoir.conversations.answering import drafting, wording
from comptoir.conversations.errors import ChannelGone, EmptyMessage
from comptoir.conversations.handling import participating, scheduling, spamming
from comptoir.conversations.models import Attachment, Conversation, Delivery, Kind, Message
from comptoir.conversations.schemas import NewReply, TemplateChoice
from comptoir.conversations.search import index
from comptoir.customers.models import Contact
from comptoir.foundation.transaction import Transaction
from comptoir.mail.quotes import preview
from comptoir.templates import editing, filling
from comptoir.templates import queries as templates


def goes_through_a_number(tx: Transaction, conversation: Conversation) -> bool:
    return tx.find(Channel, conversation.channel_id).kind == ChannelKind.WHATSAPP


def reply(
    tx: Transaction, conversation: Conversation, given: NewReply, *, seconds: float = 0.0
) -> tuple[Message, bool]:
    """Queue it; the message, and whether it is new: the same `client_id` twice is the same message. `seconds`: how long a
    voice note lasts."""
    known = writing.already_written(tx, conversation, given.client_id)
    if known is not None:
        return known, False
    channel = tx.find(Channel, conversation.channel_id)
    if channel.disconnected_at is not None:
        raise ChannelGone
    if conversation.group_id is not None and not policy.ABILITIES[channel.provider].can_write_to_groups:
        raise refusing.GroupRefused
    files = wording.claim_uploads(tx, _attachment_ids(given))
    use = _use(tx, channel, given.template, has_header_file=bool(files)) if given.template else None
    if use is None and not given.text.strip() and not files:
        raise EmptyMessage
    refusing.require(
        channel.provider,
        window_until=conversation.window_until,
        now=tx.now,
        is_template=use is not None,
        words=given.text,
        files=[FileFacts(file.name, file.media_type, file.size) for file in files],
    )
    message = _message(tx, conversation, channel, given)
    if given.later is not None:
        scheduling.hold(tx, message, given.later)
    if given.is_voice and files:
        message.content = msgspec.to_builtins(Voice(seconds))
    if use is not None and given.template is not None:
        _from_template(tx, message, given.template, use)
    _keep(tx, conversation, message, files)
    drafting.drop(tx, conversation, "reply")
    participating.take_part(tx, conversation)
    spamming.unmark(tx, conversation)
    writing.record_written(tx, conversation, message)
    return message, True


def _attachment_ids(given: NewReply) -> Sequence[int]:
    """A template has no file but its header's."""
    if given.template is None:
        return given.attachment_ids
    return [given.template.header_attachment_id] if given.template.header_attachment_id is not None else []


def _use(tx: Transaction, channel: Channel, choice: TemplateChoice, *, has_header_file: bool) -> TemplateUse:
    return templates.use(
        tx,
        choice.template_id,
        channel_id=channel.id,
        values=choice.values,
        header_values=choice.header_values,
        button_values={int(index): value for index, value in choice.button_values.items() if index.isdecimal()},
        has_header_file=has_header_file,
    )


def _message(tx: Transaction, conversation: Conversation, channel: Channel, given: NewReply) -> Message:
    contact = tx.session.get(Contact, conversation.contact_id) if conversation.contact_id else None
    return Message(
        conversation_id=conversation.id,
        channel_id=channel.id,
        kind=Kind.REPLY,
        at=tx.now,
        created_at=tx.now,
        member_id=tx.actor.id if tx.actor.kind == "member" else None,
        client_id=given.client_id,
        delivery=Delivery.QUEUED,
        is_automatic=False,
        is_unreadable=False,
        has_html=False,
        remote_images=0,
        recipients={
            "from": [[channel.address, channel.name]],
            "to": [[contact.address, contact.name]] if contact is not None else [],
        },
        subject="",
        text="" if given.template else given.text,
        quoted_id=_quoted(tx, conversation, channel, given.quoted_id),
    )


def _quoted(tx: Transaction, conversation: Conversation, channel: Channel, message_id: int | None) -> int | None:
    """A message of this conversation that the provider knows, where the provider can quote at all."""
    if message_id is None or not policy.ABILITIES[channel.provider].can_quote:
        return None
    found = tx.session.get(Message, message_id)
    is_quotable = found is not None and found.conversation_id == conversation.id and found.external_id is not None
    return message_id if is_quotable else None


def _from_template(tx: Transaction, message: Message, choice: TemplateChoice, use: TemplateUse) -> None:
    message.text, sent = filling.sent(choice.template_id, use)
    message.content = msgspec.to_builtins(sent)
    message.context = {"template": msgspec.to_builtins(use, str_keys=True)}
    editing.count_use(tx, choice.template_id)


def _keep(tx: Transaction, conversation: Conversation, message: Message, files: Sequence[Attachment]) -> None:
    tx.add(message)
    for file in files:
        file.message_id = message.id
    index.add(tx, message, people=[], files=[file.name for file in files])
    conversation.version += 1
    if conversation.assignee_id is None and tx.actor.kind == "member" and tx.actor.id is not None:
        assigning.assign(tx, conversation, member_id=tx.actor.id)
    if message.scheduled_for is not None:
        return
    conversation.last_at = max(conversation.last_at, tx.now)
    conversation.preview = preview(message.text) or (files[0].name if files else "")
    conversation.preview_kind = message.kind
    conversation.preview_what = _what(message, files)
    conversation.has_files = conversation.has_files or bool(files)


def _what(message: Message, files: Sequence[Attachment]) -> str | None:
    """What it is besides words, for its line in the list."""
    if message.content is not None:
        return str(message.content["type"])
    if not files:
        return None
    kind = files[0].media_type.partition("/")[0]
    return kind if kind in ("image", "audio", "video") else "document"
