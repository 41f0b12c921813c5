"""What is said on the wire where customers and conversations meet."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from comptoir.conversations.schemas import ConversationRow
from comptoir.customers.schemas import ContactView, CustomerRef, Duplicate

MergeKind = Literal["customer", "contact"]


class LinkCustomer(Struct, forbid_unknown_fields=True):
    """`with_contact`: the contact too is one of this customer's people from now on, with their other conversations."""

    customer_id: int
    with_contact: bool = False


class BelongTo(Struct, forbid_unknown_fields=True):
    customer_id: int


class Figures(Struct):
    """Of the last twelve months, of the conversations that this member may see. `first_response`: the median, in seconds,
    between a customer's words that nobody has answered yet and the answer; null where nothing was answered."""

    conversations: int
    open: int
    received: int
    sent: int
    first_response: int | None
    last_at: datetime | None


class CustomerSummary(Struct):
    id: int
    name: str
    code: str | None
    owner_id: int | None
    country: str | None
    tags: list[str]
    fields: dict[str, str]


class Details(Struct):
    """What stands beside a thread. `suggestions`: the files whose domain this contact writes from. `open`: other conversations
    of the customer (of the contact, where there is no file) that are not resolved; `elsewhere`: the newest one on each other
    channel. `mail_to` and `phone_to`: where the talk could go on, on another channel. `can_look_up`: they are on no file, and the
    company's ERP can be asked about them."""

    contact: ContactView | None
    customer: CustomerSummary | None
    suggestions: list[CustomerRef]
    duplicates: list[Duplicate]
    open: list[ConversationRow]
    elsewhere: list[ConversationRow]
    mail_to: str | None
    phone_to: str | None
    can_look_up: bool


class MergeInto(Struct, forbid_unknown_fields=True):
    into_id: int


class Moved(Struct):
    """How much a merge moves."""

    contacts: int
    conversations: int
    documents: int
    notes: int
    addresses: int


class MergePreview(Struct):
    """`kept` and `gone` by name. `filled`: what the kept one learns (code, owner ...), `lost`: what differs and will only be
    remembered by the merge, each as [which, the kept one's, the other one's]."""

    kept: str
    gone: str
    moved: Moved
    filled: list[list[str]]
    lost: list[list[str]]


class MergeDone(Struct):
    merge_id: int
