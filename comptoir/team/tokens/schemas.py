"""Tokens on the wire. The token itself is said once, when it is made."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct


class NewToken(Struct, frozen=True):
    name: Annotated[str, Meta(min_length=1, max_length=80)]


class TokenView(Struct, frozen=True):
    id: int
    name: str
    ending: str
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


class MadeToken(Struct, frozen=True):
    """`token`: never shown again."""

    token: str
    view: TokenView
