"""What a member asks for, about a conversation."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct


class Place(Struct, forbid_unknown_fields=True):
    """A conversation, as where a message is or goes."""

    conversation_id: int


class Assignment(Struct, forbid_unknown_fields=True):
    member_id: int


class TeamAssignment(Struct, forbid_unknown_fields=True):
    team_id: int


class Snooze(Struct, forbid_unknown_fields=True):
    """`until` is a moment in UTC; `local` the same on the member's own wall ("2026-12-01T09:00"); with neither, until the
    customer answers. With `wakes_on_reply` false, their message does not wake it before."""

    until: Annotated[datetime, Meta(tz=True)] | None = None
    local: Annotated[datetime, Meta(tz=False)] | None = None
    wakes_on_reply: bool = True


class SnoozeChoice(Struct):
    """A moment on offer: `key` is hour, two_hours, four_hours, tomorrow or monday."""

    key: str
    until: datetime


class ReadUpTo(Struct, forbid_unknown_fields=True):
    message_id: Annotated[int, Meta(ge=0)]
