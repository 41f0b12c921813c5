"""What the customer's phone shows, and what is done on it."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

Text = Annotated[str, Meta(min_length=1, max_length=4096)]


class PhoneFile(Struct):
    id: str
    name: str
    media_type: str
    url: str


class PhoneQuote(Struct):
    by: Literal["customer", "business"]
    text: str


class PhonePlace(Struct):
    latitude: float
    longitude: float


class PhoneMessage(Struct):
    """`state` of what the customer wrote: sent, or read once the team has read it."""

    id: str
    by: Literal["customer", "business"]
    at: datetime
    kind: str
    text: str
    state: str
    is_voice: bool
    is_revoked: bool
    file: PhoneFile | None
    quoted: PhoneQuote | None
    place: PhonePlace | None
    header: str
    footer: str
    buttons: list[str]
    mine: str
    theirs: str


class PhoneChat(Struct):
    """`mine` and `theirs` on a message are the reactions of the customer and of the team. `open_until`: until when the team may
    write freely, null when it may not. `can_react`: the provider tells reactions."""

    channel_id: int
    name: str
    phone: str
    can_react: bool
    open_until: datetime | None
    is_typing: bool
    messages: list[PhoneMessage]


class PhoneChatLine(Struct):
    """`channel_id` is the number's."""

    channel_id: int
    name: str
    preview: str
    preview_kind: str
    is_mine: bool
    at: datetime | None
    unread: int


class PhoneMailbox(Struct):
    channel_id: int
    name: str
    address: str


class PhonePerson(Struct):
    """`phone` is empty for somebody who only writes mail."""

    key: str
    name: str
    phone: str
    address: str
    chats: list[PhoneChatLine]


class PhoneBook(Struct):
    """`now` is the time on the phones: the clock on the wall, and `hours_ahead` that it was turned."""

    people: list[PhonePerson]
    mailboxes: list[PhoneMailbox]
    hours_ahead: float


class PhoneMail(Struct):
    id: int
    is_mine: bool
    at: datetime
    text: str


class PhoneMailThread(Struct):
    """One conversation by mail; its mails oldest first."""

    conversation_id: int
    channel_id: int
    mailbox: str
    subject: str
    mails: list[PhoneMail]


class NewPhoneMessage(Struct):
    """Words, or a `sample` that needs no camera: a photo of a part, a voice note, the garage on a map."""

    text: Annotated[str, Meta(max_length=4096)] = ""
    sample: Literal["", "photo", "voice", "place"] = ""
    quoted_id: str = ""


class PhoneReaction(Struct):
    emoji: Annotated[str, Meta(max_length=32)]


class PhonePress(Struct):
    title: Annotated[str, Meta(min_length=1, max_length=60)]


class PhoneTime(Struct):
    hours: Annotated[float, Meta(gt=0, le=72)]


class NewPhoneMail(Struct):
    """With a `conversation_id` it answers that one."""

    channel_id: int
    text: Text
    subject: Annotated[str, Meta(max_length=200)] = ""
    conversation_id: int | None = None
