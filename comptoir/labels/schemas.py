"""What the labels room says on the wire."""

from msgspec import Struct


class LabelView(Struct):
    id: int
    name: str
    colour: str
