"""What the labels room says on the wire."""

from msgspec import Struct


class LabelPill(Struct):
    id: int
    name: str
    colour: str
