"""What a member writes: replies, first messages, notes, reactions, and the files they carry."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from comptoir.conversations.schemas.messages import MessageView
from comptoir.conversations.schemas.rows import ConversationRow

AddressText = Annotated[str, Meta(min_length=3, max_length=320)]


class Recipient(Struct, forbid_unknown_fields=True):
    address: AddressText
    name: Annotated[str, Meta(max_length=200)] = ""


Values = Annotated[dict[str, Annotated[str, Meta(max_length=2000)]], Meta(max_length=60)]


class TemplateChoice(Struct, forbid_unknown_fields=True):
    """A template with its values: by variable name ("1", "first_name"), for the buttons by their index ("0"). A header that
    is a file is one of one's own uploads."""

    template_id: int
    values: Values = {}
    header_values: Values = {}
    button_values: Values = {}
    header_attachment_id: int | None = None


class Forwarded(Struct, forbid_unknown_fields=True):
    """The mails that go along, by id: mails of the conversation forwarded from, never notes."""

    message_ids: Annotated[list[int], Meta(min_length=1, max_length=200)]
    has_files: bool = True


class Later(Struct, forbid_unknown_fields=True):
    """A moment to send at: `until` in UTC, or `local` on the member's own wall ("2026-12-01T09:00"). With `cancels_on_answer`
    it stays a draft when the customer writes before."""

    until: Annotated[datetime, Meta(tz=True)] | None = None
    local: Annotated[datetime, Meta(tz=False)] | None = None
    cancels_on_answer: bool = False


class NewReply(Struct, forbid_unknown_fields=True):
    """`client_id` is chosen by the browser (a UUID): the same one twice is the same message. Files are uploaded before.
    `to`, `cc`, `bcc`, `in_reply_to_id` are for mail; on WhatsApp a reply goes to the conversation's contact, holds at most one
    file, may quote a message (`quoted_id`), be a voice note (`is_voice`: the file is one), or come from a `template`.
    With `html` (cleaned here) the text of a mail is made from it; `sender` empty and `subject` null mean the usual ones.
    `seen_id`: the newest message that its author had on screen; 409 newer_messages when others came after it."""

    client_id: Annotated[str, Meta(min_length=8, max_length=64)]
    text: Annotated[str, Meta(max_length=200_000)]
    to: Annotated[list[Recipient], Meta(max_length=100)] = []
    cc: Annotated[list[Recipient], Meta(max_length=100)] = []
    bcc: Annotated[list[Recipient], Meta(max_length=100)] = []
    in_reply_to_id: int | None = None
    attachment_ids: Annotated[list[int], Meta(max_length=50)] = []
    html: Annotated[str, Meta(max_length=1_000_000)] = ""
    subject: Annotated[str, Meta(max_length=900)] | None = None
    sender: Annotated[str, Meta(max_length=320)] = ""
    forwarded: Forwarded | None = None
    quoted_id: int | None = None
    template: TemplateChoice | None = None
    is_voice: bool = False
    seen_id: int | None = None
    later: Later | None = None


class NewReaction(Struct, forbid_unknown_fields=True):
    emoji: Annotated[str, Meta(min_length=1, max_length=32)]


class NewConversation(Struct, forbid_unknown_fields=True):
    """The first message to somebody, through one of our channels. On WhatsApp `to` is one number, as a person types it, and the
    message a template unless they wrote within the last day; by mail the message says to whom and about what itself."""

    channel_id: int
    message: NewReply
    to: Recipient | None = None


class StartedView(Struct):
    """`is_new`: false where a conversation with that person was there already, and goes on."""

    conversation: ConversationRow
    message: MessageView
    is_new: bool


class NewMention(Struct, forbid_unknown_fields=True):
    kind: Literal["member", "team"]
    id: int


class NewNote(Struct, forbid_unknown_fields=True):
    """`mentions`: who is called by name in the text; refused where somebody could not read the note."""

    client_id: Annotated[str, Meta(min_length=8, max_length=64)]
    text: Annotated[str, Meta(min_length=1, max_length=200_000)]
    attachment_ids: Annotated[list[int], Meta(max_length=50)] = []
    mentions: Annotated[list[NewMention], Meta(max_length=50)] = []


class Upload(Struct):
    """A file kept for a message not yet written."""

    id: int
    name: str
    media_type: str
    size: int


class GivenFile(Struct, forbid_unknown_fields=True):
    """One's own upload, given to a canned reply."""

    upload_id: int
