"""What the labels room says on the wire."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

Colour = Literal["red", "orange", "amber", "green", "teal", "blue", "indigo", "violet", "pink", "grey"]
Name = Annotated[str, Meta(min_length=1, max_length=60)]


class LabelPill(Struct):
    id: int
    name: str
    colour: str


class LabelView(Struct):
    """A label as Settings and pickers know it. An archived one is not on offer, but stays where it was put."""

    id: int
    name: str
    colour: str
    is_archived: bool


class NewLabel(Struct, forbid_unknown_fields=True):
    """Without a colour, the one that is used least."""

    name: Name
    colour: Colour | None = None


class ChangeLabel(Struct, forbid_unknown_fields=True):
    """Only what is given changes."""

    name: Name | None = None
    colour: Colour | None = None


class MergeLabel(Struct, forbid_unknown_fields=True):
    into_id: int
