"""What bulk acts say on the wire."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from comptoir.conversations.filters.schemas import Filter
from comptoir.conversations.schemas import Snooze


class Assign(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="assign"):
    """To nobody without `member_id`."""

    member_id: int | None = None


class AssignTeam(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="assign_team"):
    """To no team without `team_id`."""

    team_id: int | None = None


class PutLabel(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="label"):
    label_id: int


class TakeLabel(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="unlabel"):
    label_id: int


class Sleep(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="snooze"):
    snooze: Snooze


class Resolve(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="resolve"):
    pass


class Reopen(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="reopen"):
    pass


class Pause(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="pause"):
    pass


Act = Assign | AssignTeam | PutLabel | TakeLabel | Sleep | Resolve | Reopen | Pause


class NewBulk(Struct, forbid_unknown_fields=True):
    """One act on these conversations, or with `filter` on all that match it."""

    act: Act
    ids: Annotated[list[int], Meta(max_length=1000)] = []
    filter: Filter | None = None


class Skip(Struct):
    """Why so many conversations were left as they were."""

    reason: str
    count: int


class BulkView(Struct):
    """How far it is. `total` grows while those that match are gathered; `done` of them are as asked (`changed` were not before),
    `skipped` could not be; once undone, `done` are back as they were."""

    id: int
    kind: str
    phase: Literal["gathering", "doing", "done", "undoing", "undone"]
    total: int
    done: int
    changed: int
    skipped: list[Skip]
    created_at: datetime
