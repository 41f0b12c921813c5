"""What a role may do, and what a member may see. Pure: it decides on values, and asks nothing.

One predicate rules lists, counts, threads, attachments, search and stream. A member sees conversations of the channels that
they are a member of, whatever their role; of those, by their scope, all ("all"), those of their teams and those that nobody
has ("team"), or their own ("own"). Owners and admins manage channels and members; they add themselves to a channel, visibly,
to read it.
"""

from typing import NamedTuple, Protocol

from comptoir.foundation.errors import NotAllowed
from comptoir.foundation.transaction import Actor

MANAGERS = frozenset({"owner", "admin"})


class Held(Protocol):
    """What decides who sees a conversation: where it is, and who has it."""

    @property
    def channel_id(self) -> int: ...
    @property
    def assignee_id(self) -> int | None: ...
    @property
    def team_id(self) -> int | None: ...


class Holding(NamedTuple):
    """The same, alone."""

    channel_id: int
    assignee_id: int | None
    team_id: int | None


class Sight(NamedTuple):
    """What an actor sees by: two actors of the same sight see the same. `member_id` is None where it does not matter."""

    channel_ids: tuple[int, ...] | None
    scope: str
    team_ids: tuple[int, ...]
    member_id: int | None


def can_manage(actor: Actor) -> bool:
    return actor.kind == "system" or actor.role in MANAGERS


def require_manager(actor: Actor) -> None:
    if not can_manage(actor):
        raise NotAllowed


def works_in(actor: Actor, channel_id: int) -> bool:
    return actor.channel_ids is None or channel_id in actor.channel_ids


def can_see(actor: Actor, held: Held) -> bool:
    if not works_in(actor, held.channel_id):
        return False
    if actor.scope == "all":
        return True
    if held.assignee_id == actor.id:
        return True
    if actor.scope == "own":
        return False
    return held.team_id in actor.team_ids if held.team_id else held.assignee_id is None


def visible(actor: Actor, alias: str = "c") -> str:
    """The same predicate as SQL on a row of conversations, to put after WHERE or AND. Ids are our own integers, never text
    from outside."""
    channels = in_channels(actor, alias)
    if actor.scope == "all":
        return channels
    mine = f"{alias}.assignee_id = {int(actor.id or 0)}"
    if actor.scope == "own":
        return f"{channels} AND {mine}"
    nobodys = f"({alias}.assignee_id IS NULL AND {alias}.team_id IS NULL)"
    teams = f" OR {alias}.team_id IN ({_numbers(actor.team_ids)})" if actor.team_ids else ""
    return f"{channels} AND ({mine} OR {nobodys}{teams})"


def in_channels(actor: Actor, alias: str = "c") -> str:
    """The part of it that is about channels alone."""
    if actor.channel_ids is None:
        return "1 = 1"
    if not actor.channel_ids:
        return "1 = 0"
    return f"{alias}.channel_id IN ({_numbers(actor.channel_ids)})"


def sight(actor: Actor) -> Sight:
    if actor.scope == "all":
        return Sight(actor.channel_ids, "all", (), None)
    return Sight(actor.channel_ids, actor.scope, actor.team_ids, actor.id)


def _numbers(ids: tuple[int, ...]) -> str:
    return ", ".join(str(int(id)) for id in ids)
