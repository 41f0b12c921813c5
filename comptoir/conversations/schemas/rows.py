"""The lines of the list, and of a search.

`ConversationRow` holds nothing of one member: the stream renders it once for everybody who may see it. What is a
member's own (how far they have read) travels beside it, in `Reading`.
"""

from datetime import datetime

from msgspec import Struct

from comptoir.conversations.schemas.words import MessageKind, Mode, Priority, Status, Tab
from comptoir.labels.schemas import LabelPill


class ConversationRow(Struct):
    """One line of the list, and the header of its thread. `preview_kind` tells whose words the preview shows.
    `preview_what`: what it is besides words (image, voice, document, location ...): an icon and a word, before the preview or
    instead of it.
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
