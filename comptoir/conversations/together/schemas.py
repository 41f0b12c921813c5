"""What the doors of working side by side say on the wire."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

Doing = Literal["looking", "reply", "note"]


class Present(Struct, frozen=True):
    """`doing`: looking, or writing a reply or a note."""

    member_id: int
    doing: Doing


class Presences(Struct, frozen=True):
    """Everybody in one conversation now, oneself included."""

    conversation_id: int
    members: list[Present]


class Presenting(Struct, forbid_unknown_fields=True):
    """`tab` is a word of the browser's own for one of its tabs."""

    tab: Annotated[str, Meta(min_length=4, max_length=40)]
    doing: Doing


class Mentionable(Struct):
    """Whom a note can call: a member or a team. `has_access` false: they could not read it, and calling them is refused."""

    kind: Literal["member", "team"]
    id: int
    name: str
    has_access: bool
