"""What became of each item of a batch."""

from enum import StrEnum

from msgspec import Struct


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class ItemResult(Struct, frozen=True, omit_defaults=True):
    """`reason`: why it was refused, or what part of it was (contact_elsewhere); `given`: the words that are meant."""

    key: str
    outcome: Outcome
    reason: str = ""
    given: str = ""
