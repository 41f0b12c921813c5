"""What handling says on the wire."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from comptoir.conversations.schemas import Priority


class NewPriority(Struct, forbid_unknown_fields=True):
    priority: Priority


class Into(Struct, forbid_unknown_fields=True):
    """The conversation that it becomes part of."""

    conversation_id: int


class BlockedSender(Struct):
    """`id` is to unblock it; `address` an address or a number, as a person reads it."""

    id: int
    kind: Literal["email", "whatsapp"]
    address: str
    name: str
    contact_id: int
    blocked_at: datetime
    member_id: int | None


class Participants(Struct):
    """Ids of members, who came first first."""

    member_ids: list[int]
