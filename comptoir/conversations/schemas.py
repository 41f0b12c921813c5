"""What the conversations room says on the wire. Times are ISO 8601 in UTC; ids are integers; absent is null.

`ConversationRow` holds nothing of one member: the stream renders it once for everybody who may see it. What is a
member's own (how far they have read) travels beside it, in `Reading`.
"""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from comptoir.channels.chat import Content, Referral
from comptoir.labels.schemas import LabelPill

Status = Literal["open", "pending", "snoozed", "resolved", "spam"]
Priority = Literal["none", "low", "normal", "high", "urgent"]
Mode = Literal["reply", "note"]
Tab = Literal["mine", "unassigned", "all"]
MessageKind = Literal["incoming", "reply", "note", "analysis"]
Protection = Literal["signed_smime", "signed_pgp", "encrypted_smime", "encrypted_pgp"]
Delivery = Literal["queued", "sending", "sent", "delivered", "read", "failed"]


class PersonView(Struct):
    address: str
    name: str = ""


class ConversationRow(Struct):
    """One line of the list, and the header of its thread. `preview_kind` tells whose words the preview shows.
    `preview_what`: what it
    is besides words (image, voice, document, location ...): an icon and a word, before the preview or instead of it.
    `last_incoming_id` is the id of the newest message from outside (0 before any): unread = above one's own reading.
    `window_until`: WhatsApp only, until when free text may be sent; null there means only a template may.
    `origin_id`: the conversation this one was forwarded or split from. `customer_id`: the file it is linked to."""

    id: int
    version: int
    channel_id: int
    channel_kind: str
    contact_id: int | None
    contact_name: str
    contact_address: str
    subject: str
    preview: str
    preview_kind: MessageKind | None
    status: Status
    snoozed_until: datetime | None
    assignee_id: int | None
    labels: list[LabelPill]
    last_at: datetime
    created_at: datetime
    waiting_since: datetime | None
    last_incoming_id: int
    has_failed: bool
    has_files: bool
    window_until: datetime | None = None
    origin_id: int | None = None
    preview_what: str | None = None
    priority: Priority = "none"
    team_id: int | None = None
    customer_id: int | None = None
    customer_name: str = ""


class Reading(Struct):
    """How far the signed-in member has read one conversation: `upto` is a message id, 0 when never opened."""

    conversation_id: int
    upto: int


class ConversationPage(Struct):
    """`next` is the cursor of the page below, null at the end. `seq` is the log position these rows are true at."""

    rows: list[ConversationRow]
    readings: list[Reading]
    next: str | None
    seq: int


class Counts(Struct):
    """Conversations per tab in one status, counted up to 1,000 (1000 means "1,000 or more"). `unread`: for the chat icon,
    open conversations of mine or of nobody with something that I have not read. `at_least`: the tabs that hold more, because a
    filter was only asked of the newest."""

    mine: int
    unassigned: int
    all: int
    unread: int
    at_least: list[Tab] = []


class AttachmentView(Struct):
    """`url` downloads; `preview_url` shows it in the page where a browser can (images, PDF, audio, video, text), else null.
    `fetching`: "waiting" or "failed" while its bytes are still at the provider's; `fetch_error` is a stable code."""

    id: int
    name: str
    media_type: str
    size: int
    is_inline: bool
    url: str
    preview_url: str | None
    fetching: str | None = None
    fetch_error: str | None = None


class RefusalView(Struct):
    address: str
    reason: str


class QuotedView(Struct):
    """The message that this one answers. `id` is null when we never had it."""

    id: int | None
    kind: MessageKind | None = None
    sender_name: str = ""
    excerpt: str = ""


class ReactionView(Struct):
    """`by` is "contact", or a member's id in text."""

    emoji: str
    by: str
    name: str = ""


class ReceiptView(Struct):
    """What became of a reply for one recipient. `state`: delivered, read, delayed or failed; `reason` is the server's words,
    `cause` what they mean, with a sentence in the interface. `address` is empty when the server did not say whose."""

    address: str
    state: str
    at: datetime
    reason: str = ""
    cause: str = ""


class ContextView(Struct):
    """Where a message comes from: an advertisement, a forward on WhatsApp, or a colleague who forwarded the mail
    (`forwarded_by`: its author is then a guess; `forwarded_from`: the guess that a member took back)."""

    referral: Referral | None = None
    is_forwarded: bool = False
    forwarded_by: PersonView | None = None
    forwarded_from: PersonView | None = None


class Mention(Struct, frozen=True):
    """Somebody whom a note calls. `name` is how its text says it, after an @."""

    kind: Literal["member", "team"]
    id: int
    name: str


class MessageView(Struct):
    """One message of a thread. `text` is cut at 20,000 characters (`is_cut`); `body_url` is set when there is HTML to show
    in the sandboxed frame; `is_unreadable` when the mail could not be parsed: only its source can be shown. `shows_images`:
    whether the remote images of this contact are always shown; null where there is nothing to decide."""

    id: int
    conversation_id: int
    kind: MessageKind
    at: datetime
    member_id: int | None
    sender: PersonView
    to: list[PersonView]
    cc: list[PersonView]
    bcc: list[PersonView]
    subject: str
    text: str
    is_cut: bool
    body_url: str | None
    remote_images: int
    attachments: list[AttachmentView]
    delivery: Delivery | None
    error_code: str | None
    error_detail: str | None
    refusals: list[RefusalView]
    client_id: str | None
    is_automatic: bool
    is_unreadable: bool
    source_url: str | None
    via: str | None = None
    held_until: datetime | None = None
    match_reason: str | None = None
    quoted: QuotedView | None = None
    content: Content | None = None
    context: ContextView | None = None
    reactions: list[ReactionView] = []
    receipts: list[ReceiptView] = []
    earlier: list[str] = []
    edited_at: datetime | None = None
    revoked_at: datetime | None = None
    is_imported: bool = False
    protection: Protection | None = None
    shows_images: bool | None = None
    scheduled_for: datetime | None = None
    cancels_on_answer: bool = False
    mentions: list[Mention] = []


class Activity(Struct):
    """A line of the timeline, from the event log. `data` depends on `type`: conversation.assigned {member_id|null},
    conversation.team_assigned {team_id|null},
    conversation.resolved, conversation.reopened {by: "member"|"customer"|"bounce"}, conversation.labelled {label_id},
    conversation.moved_in and moved_out {other_id, count}, conversation.linked {other_id, why, is_origin},
    conversation.merged_in {other_id, count, subject, can_undo}, conversation.unmerged {other_id, count, subject},
    conversation.customer_linked and customer_unlinked {customer_id, name}."""

    id: int
    conversation_id: int
    type: str
    at: datetime
    actor_id: int | None
    data: dict[str, str | int | bool | None]


class ReplyRecipients(Struct):
    """Who a reply-all goes to, own addresses removed, and from which address: the alias that the mail answered was sent to.
    `senders`: every address one may answer from. `signature`: the member's own, as text, as it will stand below a mail.
    `files_limit`: bytes that the files of one mail may have together."""

    sender: PersonView
    to: list[PersonView]
    cc: list[PersonView]
    subject: str
    in_reply_to_id: int | None
    senders: list[PersonView]
    signature: str
    quotes_history: bool
    files_limit: int


class Thread(Struct):
    """The newest messages (or those before a cursor), oldest first. `older` is the cursor of the page above, null at the start."""

    conversation: ConversationRow
    reading: Reading
    messages: list[MessageView]
    activities: list[Activity]
    reply: ReplyRecipients
    older: str | None
    seq: int


class Place(Struct, forbid_unknown_fields=True):
    """A conversation, as where a message is or goes."""

    conversation_id: int


class Assignment(Struct, forbid_unknown_fields=True):
    member_id: int


class TeamAssignment(Struct, forbid_unknown_fields=True):
    team_id: int


class Snooze(Struct, forbid_unknown_fields=True):
    """`until` is a moment in UTC; `local` the same on the member's own wall ("2026-12-01T09:00"); with neither, until the
    customer answers. With `wakes_on_reply` false, their message does not wake it before."""

    until: Annotated[datetime, Meta(tz=True)] | None = None
    local: Annotated[datetime, Meta(tz=False)] | None = None
    wakes_on_reply: bool = True


class SnoozeChoice(Struct):
    """A moment on offer: `key` is hour, two_hours, four_hours, tomorrow or monday."""

    key: str
    until: datetime


class ReadUpTo(Struct, forbid_unknown_fields=True):
    message_id: Annotated[int, Meta(ge=0)]


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


class DraftMark(Struct):
    """In which modes this member has a draft in one conversation; none: no longer any."""

    conversation_id: int
    modes: list[Mode]


class SearchHit(Struct):
    """One message that matches, with the row of its conversation. `excerpt` marks matches with U+0001 before and U+0002 after."""

    message_id: int
    at: datetime
    excerpt: str
    conversation: ConversationRow


class SearchPage(Struct):
    """`marks`: the words that were looked for, folded, to mark them in the message that a hit opens."""

    hits: list[SearchHit]
    next: str | None
    marks: list[str] = []


class Put(Struct):
    conversations: list[ConversationRow] = []
    messages: list[MessageView] = []
    activities: list[Activity] = []
    readings: list[Reading] = []
    drafts: list[DraftMark] = []


class Drop(Struct):
    conversations: list[int] = []
    messages: list[int] = []


class Frame(Struct):
    """One message of /api/stream: what is now true. `reset` tells the browser to fetch again what it shows (it slept too
    long, or what it may see has changed). `about` names what else changed: "members", "channels", "labels", "templates", "counts"."""

    seq: int
    put: Put
    drop: Drop
    reset: bool = False
    about: list[str] = []
