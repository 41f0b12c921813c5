"""A filter: what the address of the list says, what a view keeps, and what a bulk act goes through."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from comptoir.conversations.schemas import Priority, Status, Tab

Kind = Literal["email", "whatsapp"]
StatusAsked = Status | Literal["any"]
Assignee = int | Literal["me", "nobody"]
Ids = Annotated[list[int], Meta(max_length=100)]


class Filter(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything given must hold; within one list, any of it does, but for `label_all` (all of them) and `label_none` (not one).
    An empty list asks nothing. Days are days of the member who looks, both ends included; "me" is who looks, too."""

    tab: Tab = "all"
    status: Annotated[list[StatusAsked], Meta(max_length=6)] = field(default_factory=lambda: ["open"])
    kind: Annotated[list[Kind], Meta(max_length=2)] = []
    channel: Ids = []
    assignee: Annotated[list[Assignee], Meta(max_length=100)] = []
    team: Ids = []
    label_any: Ids = []
    label_all: Ids = []
    label_none: Ids = []
    priority: Annotated[list[Priority], Meta(max_length=5)] = []
    unread: bool = False
    failed: bool = False
    active_from: date | None = None
    active_to: date | None = None
    created_from: date | None = None
    created_to: date | None = None
