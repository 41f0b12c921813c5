"""Requests about somebody's data, on the wire."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

Subject = Literal["contact", "customer"]


class Erase(Struct, forbid_unknown_fields=True):
    """`name`: typed by the member, the same as the contact's or the customer's."""

    name: Annotated[str, Meta(max_length=400)]


class Report(Struct, frozen=True):
    """How much of each thing was erased (or exported); and by code what had to be kept, and why (docs of the guide)."""

    counts: dict[str, int]
    kept: list[str]


class DataRequestView(Struct, frozen=True):
    id: int
    kind: Literal["export", "erasure"]
    subject: Subject
    subject_id: int
    member_id: int | None
    state: Literal["waiting", "done", "failed"]
    asked_at: datetime
    ended_at: datetime | None
    has_file: bool
    report: Report | None
