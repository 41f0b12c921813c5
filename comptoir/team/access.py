"""What a role may do, and what a member may see. Pure: it decides on values, and asks nothing.

One predicate rules lists, counts, threads, attachments, search and stream: a member sees the conversations of the channels
that they are a member of, whatever their role. Owners and admins manage channels and members; they add themselves to a
channel, visibly, to read it.
"""

from comptoir.foundation.errors import NotAllowed
from comptoir.foundation.transaction import Actor

MANAGERS = frozenset({"owner", "admin"})


def can_manage(actor: Actor) -> bool:
    return actor.kind == "system" or actor.role in MANAGERS


def require_manager(actor: Actor) -> None:
    if not can_manage(actor):
        raise NotAllowed


def can_see(actor: Actor, channel_id: int) -> bool:
    return actor.channel_ids is None or channel_id in actor.channel_ids


def visible_channels(actor: Actor, alias: str = "c") -> str:
    """The same predicate as SQL, to put after WHERE or AND. Channel ids are our own integers, never text from outside."""
    if actor.channel_ids is None:
        return "1 = 1"
    if not actor.channel_ids:
        return "1 = 0"
    return f"{alias}.channel_id IN ({', '.join(str(int(id)) for id in actor.channel_ids)})"
