"""One message of a thread, with all that is shown of it."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from comptoir.channels.chat import Content, Referral
from comptoir.conversations.schemas.words import Delivery, MessageKind, Protection


class PersonView(Struct):
    address: str
    name: str = ""


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
