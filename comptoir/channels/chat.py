"""What a number hears and says: the values that WhatsApp providers translate from and to. Pure, like `port`.

One webhook yields any number of happenings, each routed by `number_id` (Meta's phone_number_id, Twilio's own number) and
understood alone: a bad one becomes `NotUnderstood` and its neighbours land.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct

from comptoir.channels.port import OutgoingFile

AliasKind = Literal["phone", "bsuid", "parent_bsuid"]
ReceiptState = Literal["accepted", "sent", "delivered", "read", "played", "failed"]


class Alias(Struct, frozen=True):
    """One way to name a person on WhatsApp. A phone is digits in E.164 without "+", its national variants normalised; a
    BSUID is opaque and case-sensitive. Every alias means its person within one channel account only."""

    kind: AliasKind
    value: str


class Party(Struct, frozen=True):
    """The person on the other side. `aliases` holds only what one signed payload said together; names are never matched.
    `given`: the phone in the provider's own digits, to send to (Brazil without its ninth digit)."""

    aliases: tuple[Alias, ...]
    name: str = ""
    username: str = ""
    given: str = ""

    def value(self, kind: AliasKind) -> str:
        """The alias of that kind, or ""."""
        return next((alias.value for alias in self.aliases if alias.kind == kind), "")


# -- what a message holds besides words; `Content` is what `Message.content` keeps and the thread draws


class Location(Struct, frozen=True, tag="location"):
    latitude: float
    longitude: float
    name: str = ""
    address: str = ""
    url: str = ""


class Card(Struct, frozen=True):
    """A person's card, as shared: phones as they were written."""

    name: str
    organisation: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


class Cards(Struct, frozen=True, tag="cards"):
    cards: tuple[Card, ...]


class Voice(Struct, frozen=True, tag="voice"):
    """A voice note; the file is the message's attachment. `seconds` is 0 while unknown."""

    seconds: float = 0.0


class Sticker(Struct, frozen=True, tag="sticker"):
    is_animated: bool = False


class Choice(Struct, frozen=True, tag="choice"):
    """A button or a line of a list that the customer chose."""

    title: str
    id: str = ""
    description: str = ""


class Answer(Struct, frozen=True):
    question: str
    answer: str


class Form(Struct, frozen=True, tag="form"):
    """The answers of a WhatsApp flow."""

    name: str
    answers: tuple[Answer, ...] = ()


class OrderLine(Struct, frozen=True):
    code: str
    quantity: float
    price: float | None = None
    currency: str = ""


class Order(Struct, frozen=True, tag="order"):
    lines: tuple[OrderLine, ...]


class Notice(Struct, frozen=True, tag="notice"):
    """A line that nobody wrote: number_changed, identity_changed, missed_call, group, welcome, history_media."""

    code: str
    detail: str = ""


class Unsupported(Struct, frozen=True, tag="unsupported"):
    """Something that we, or the provider, cannot show; the source is kept. `what` is the provider's word for it."""

    what: str = ""
    reason: str = ""


class TemplateSent(Struct, frozen=True, tag="template"):
    """What was sent from a template, as the customer sees it; the words are the message's text."""

    template_id: int
    name: str
    language: str
    header: str = ""
    footer: str = ""
    buttons: tuple[str, ...] = ()


Content = Location | Cards | Voice | Sticker | Choice | Form | Order | Notice | Unsupported | TemplateSent


class Referral(Struct, frozen=True):
    """The advertisement or post that the customer came from."""

    headline: str = ""
    body: str = ""
    url: str = ""
    source_type: str = ""


class MediaRef(Struct, frozen=True, kw_only=True):
    """A file still at the provider's: fetched right after the message is shown. `sha256` is hex, or ""."""

    id: str = ""
    url: str = ""
    media_type: str
    name: str = ""
    sha256: str = ""
    size: int | None = None


# -- what happened


class Happening(Struct, frozen=True, kw_only=True):
    number_id: str
    at: datetime


class ChatMessage(Happening, frozen=True, kw_only=True, tag="message"):
    """`is_echo`: written by us on the phone app; then `party` is still the customer. `is_history`: imported, silent.
    `state` is how far an echo or an old message of ours had come, when the payload says so."""

    external_id: str
    party: Party
    text: str = ""
    media: tuple[MediaRef, ...] = ()
    content: Content | None = None
    quoted_id: str = ""
    is_forwarded: bool = False
    referral: Referral | None = None
    group_id: str = ""
    is_echo: bool = False
    is_history: bool = False
    state: str = ""


class ChatReaction(Happening, frozen=True, kw_only=True, tag="reaction"):
    """An empty `emoji` takes the reaction back."""

    external_id: str
    target_id: str
    emoji: str
    party: Party
    is_echo: bool = False


class ChatEdit(Happening, frozen=True, kw_only=True, tag="edit"):
    external_id: str
    target_id: str
    text: str
    party: Party
    is_echo: bool = False


class ChatRevoke(Happening, frozen=True, kw_only=True, tag="revoke"):
    external_id: str
    target_id: str
    party: Party
    is_echo: bool = False


class Receipted(Happening, frozen=True, kw_only=True, tag="receipt"):
    """A status. `our_id` is what we sent along (biz_opaque_callback_data, StatusCallback query), or ""."""

    external_id: str
    our_id: str = ""
    state: ReceiptState
    code: str = ""
    detail: str = ""
    party: Party | None = None


class PartyChanged(Happening, frozen=True, kw_only=True, tag="party"):
    """A customer changed number or user id: the old aliases now mean the new ones. `text` is the provider's line."""

    external_id: str
    before: Party
    after: Party
    text: str = ""


class TemplateChanged(Happening, frozen=True, kw_only=True, tag="template"):
    """What changed in one template, by its external id; None means unchanged."""

    external_id: str
    status: str | None = None
    quality: str | None = None
    category: str | None = None
    reason: str | None = None


class AccountNotice(Happening, frozen=True, kw_only=True, tag="account"):
    """Something about the number or its account. `stops_sending`: restricted, disabled or taken away."""

    code: str
    detail: str = ""
    stops_sending: bool = False


class NotUnderstood(Happening, frozen=True, kw_only=True, tag="not_understood"):
    """Kept as it came (`raw`, JSON or form text), shown as a bubble when a customer is known to be behind it."""

    external_id: str
    reason: str
    raw: str
    party: Party | None = None


AnyHappening = (
    ChatMessage
    | ChatReaction
    | ChatEdit
    | ChatRevoke
    | Receipted
    | PartyChanged
    | TemplateChanged
    | AccountNotice
    | NotUnderstood
)


# -- templates


class TemplateButton(Struct, frozen=True, kw_only=True):
    """`url` holds {{1}} when it wants a value; `kind`: quick_reply, url, phone, copy_code, otp, flow, other."""

    kind: str
    text: str
    url: str = ""
    phone: str = ""
    example: str = ""


class TemplateFound(Struct, frozen=True, kw_only=True):
    """One template in one language, as the provider has it. `status`: approved, pending, rejected, paused, disabled, other.
    `body`, `header` and button URLs keep their {{1}} or {{name}} marks; `header_format`: "", text, image, video, document,
    location. `examples` gives a sample value by variable name."""

    external_id: str
    name: str
    language: str
    category: str
    status: str
    quality: str = ""
    reason: str = ""
    is_named: bool = False
    header_format: str = ""
    header: str = ""
    body: str = ""
    footer: str = ""
    buttons: tuple[TemplateButton, ...] = ()
    examples: Mapping[str, str] = {}


class TemplateUse(Struct, frozen=True, kw_only=True):
    """A template with every value it wants, byte-exact. Keys of `values` are variable names ("1", "first_name") of the body;
    `header_values` of a text header; `button_values` by the index of the button."""

    found: TemplateFound
    values: Mapping[str, str]
    header_values: Mapping[str, str] = {}
    button_values: Mapping[int, str] = {}
    header_file: OutgoingFile | None = None


# -- what we send


class ChatOutgoing(Struct, frozen=True, kw_only=True):
    """One bubble. `our_id` comes back with its statuses: that is how an unknown outcome is resolved, never by a resend.
    `words` are the text, or the caption of `file`. A `template` excludes the rest. `callback_url`: where its statuses are
    to be sent, for a provider that wants to be told each time. `group_id`: to all of that group, rather than `to`."""

    our_id: str
    to: Party
    words: str = ""
    file: OutgoingFile | None = None
    is_voice: bool = False
    quoted_id: str = ""
    template: TemplateUse | None = None
    callback_url: str = ""
    group_id: str = ""
