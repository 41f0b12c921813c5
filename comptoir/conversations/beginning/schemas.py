"""People one may write to, on the wire."""

from msgspec import Struct


class Reachable(Struct, frozen=True):
    """Somebody who can be reached through this channel. `address`: how to write to them; `shown`: as a person reads it.
    `conversation_id`: their newest open conversation in this channel, that the member sees."""

    contact_id: int | None
    name: str
    address: str
    shown: str
    customer_id: int | None
    customer: str
    code: str
    conversation_id: int | None
    subject: str


class People(Struct, frozen=True):
    """`typed`: what was typed, where it is itself an address or a number; whoever has it is among `people`."""

    people: list[Reachable]
    typed: Reachable | None
