"""The things of the room: conversations, their messages and files, what has yet to come, what is one member's own."""

from comptoir.conversations.models.conversation import (
    AT_WORK,
    Conversation,
    ConversationLabel,
    ConversationMerge,
    Priority,
    Status,
)
from comptoir.conversations.models.expected import AwaitedMail, EarlySign, RenamedMail
from comptoir.conversations.models.message import Attachment, Delivery, Kind, Message, MessageHtml, ReplyBody
from comptoir.conversations.models.own import Draft, Mute, Participant, Reading

__all__ = [
    "AT_WORK",
    "Attachment",
    "AwaitedMail",
    "Conversation",
    "ConversationLabel",
    "ConversationMerge",
    "Delivery",
    "Draft",
    "EarlySign",
    "Kind",
    "Message",
    "MessageHtml",
    "Mute",
    "Participant",
    "Priority",
    "Reading",
    "RenamedMail",
    "ReplyBody",
    "Status",
]
