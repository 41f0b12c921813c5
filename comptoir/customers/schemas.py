"""What the customers room says on the wire."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

Sort = Literal["name", "code", "activity"]
Short = Annotated[str, Meta(max_length=200)]
Tag = Annotated[str, Meta(min_length=1, max_length=40)]
Fields = Annotated[
    dict[Annotated[str, Meta(min_length=1, max_length=60)], Annotated[str, Meta(max_length=500)]], Meta(max_length=40)
]


class CustomerFacts(Struct, forbid_unknown_fields=True):
    """What a file says of a firm, or of a person; saved whole. `code` is the company's own, unique however it is written.
    `country`: two letters. `domains`: the firm's own mail domains, by which unknown senders are suggested."""

    name: Short
    code: Annotated[str, Meta(max_length=60)] | None = None
    is_person: bool = False
    owner_id: int | None = None
    language: Annotated[str, Meta(max_length=8)] | None = None
    country: Annotated[str, Meta(max_length=2)] | None = None
    tags: Annotated[list[Tag], Meta(max_length=20)] = []
    fields: Fields = {}
    domains: Annotated[list[Annotated[str, Meta(max_length=255)]], Meta(max_length=20)] = []


class CustomerRef(Struct):
    id: int
    name: str
    code: str | None = None


class CustomerLine(Struct):
    """One line of the list. `last_at`: the newest conversation that this member may see."""

    id: int
    name: str
    code: str | None
    is_person: bool
    owner_id: int | None
    country: str | None
    tags: list[str]
    contacts: int
    is_archived: bool
    last_at: datetime | None = None


class CustomerPage(Struct):
    """`next` is the cursor of the page below, null at the end."""

    rows: list[CustomerLine]
    next: str | None


class CustomerHit(Struct):
    """A file that a few letters or digits find. `contact`: who of theirs was found, and by which address; `document`: the
    number of theirs that was typed."""

    customer: CustomerRef
    contact_id: int | None = None
    contact_name: str = ""
    contact_address: str = ""
    document: str = ""


class IdentityView(Struct):
    """`shown`: as people read it, phones in international form. `account`: the channel account within which a WhatsApp user is
    known; empty for addresses and phones that mean the same everywhere."""

    id: int
    kind: str
    value: str
    shown: str
    account: str = ""


class ContactView(Struct):
    id: int
    name: str
    address: str
    identities: list[IdentityView]
    customer: CustomerRef | None = None
    merged_into_id: int | None = None


class NoteView(Struct):
    id: int
    member_id: int | None
    at: datetime
    text: str


class MergeView(Struct):
    """A merge that can be undone."""

    id: int
    kind: str
    name: str
    at: datetime
    member_id: int | None


class Duplicate(Struct):
    """`why`: name, domain, phone, email."""

    id: int
    name: str
    detail: str
    why: str


class CustomerView(Struct):
    """The whole file but its conversations. `merged_into_id`: it is part of that one now."""

    id: int
    name: str
    code: str | None
    is_person: bool
    owner_id: int | None
    language: str | None
    country: str | None
    tags: list[str]
    fields: dict[str, str]
    domains: list[str]
    is_archived: bool
    created_at: datetime
    contacts: list[ContactView]
    notes: list[NoteView]
    merges: list[MergeView]
    merged_into_id: int | None = None


class NewNoteOnFile(Struct, forbid_unknown_fields=True):
    text: Annotated[str, Meta(min_length=1, max_length=20_000)]


class NewContact(Struct, forbid_unknown_fields=True):
    """`addresses`: e-mail addresses and phone numbers, as a person types them."""

    name: Short
    addresses: Annotated[list[Annotated[str, Meta(max_length=320)]], Meta(max_length=20)] = []
    customer_id: int | None = None


class ChangeContact(Struct, forbid_unknown_fields=True):
    name: Short


class NewIdentity(Struct, forbid_unknown_fields=True):
    """An e-mail address or a phone number, as a person types it; without a prefix, as in the customer's country."""

    value: Annotated[str, Meta(min_length=3, max_length=320)]
