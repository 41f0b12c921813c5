"""The connection to an ERP, on the wire. The token never comes back."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from comptoir.customers.schemas import CustomerRef

Paths = Annotated[dict[Annotated[str, Meta(max_length=20)], Annotated[str, Meta(max_length=200)]], Meta(max_length=20)]


class LookupSettings(Struct, forbid_unknown_fields=True):
    """`token` null: the one that is kept. `reading`: providers.erp.Reading."""

    url: Annotated[str, Meta(max_length=2000)]
    customers: Annotated[str, Meta(max_length=200)] = ""
    customer: Paths = {}
    documents: Annotated[str, Meta(max_length=200)] = ""
    document: Paths = {}
    header: Annotated[str, Meta(max_length=80, pattern=r"^[A-Za-z0-9-]*$")] = ""
    token: Annotated[str, Meta(max_length=2000)] | None = None
    seconds: Annotated[int, Meta(ge=1, le=20)] = 3
    keep_minutes: Annotated[int, Meta(ge=1, le=10_080)] = 60
    is_active: bool = True


class LookupView(Struct, frozen=True):
    url: str
    customers: str
    customer: dict[str, str]
    documents: str
    document: dict[str, str]
    header: str
    has_token: bool
    seconds: int
    keep_minutes: int
    is_active: bool
    trouble: str
    asked_at: datetime | None


class LookupTest(Struct, forbid_unknown_fields=True):
    """One of these is asked for; nothing is kept."""

    code: Annotated[str, Meta(max_length=60)] = ""
    email: Annotated[str, Meta(max_length=320)] = ""
    phone: Annotated[str, Meta(max_length=32)] = ""


class LookedUp(Struct, frozen=True):
    """`is_fresh`: it was asked now, or within the time that an answer is kept. `trouble`: why there is no answer."""

    is_fresh: bool
    trouble: str = ""


class FoundInErp(Struct, frozen=True):
    """A customer as the ERP has them; nothing of it is kept until a member says that it is theirs. `people`: who they are reached
    by there; `documents`: how many. `customer`: the file with that code, where there is one already."""

    code: str
    name: str
    country: str
    people: list[str]
    documents: int
    customer: CustomerRef | None = None


class TakeFromErp(Struct, forbid_unknown_fields=True):
    code: Annotated[str, Meta(min_length=1, max_length=60)]
