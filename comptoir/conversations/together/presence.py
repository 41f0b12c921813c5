"""Who has a conversation open, and who writes in it, right now. Kept in memory, gone by itself, never in the log.

Each browser says so again every SECONDS; what it does not repeat expires. With several web processes on PostgreSQL each of
them hears every sign (`Database.say`), so each has the whole picture, and one that starts has it after one round. Who is present
is told to everybody who may see the conversation at the moment of telling (stream.py), for their list and for the thread.
"""

from datetime import datetime, timedelta
from typing import Literal

import msgspec
from msgspec import Struct

from comptoir.conversations.together.schemas import Doing, Presences, Present

STAYS = timedelta(seconds=50)  # a browser says it again every 20 s; one sign may be lost
WRITES = timedelta(seconds=9)  # while somebody types, every 4 s

Kind = Literal["reply", "note"]


class Sign(Struct, frozen=True):
    """One browser's word about one conversation; `doing` None: it has left. `tab` tells two tabs of one member apart."""

    conversation_id: int
    member_id: int
    tab: str
    doing: Doing | None


class _Seen(Struct):
    until: datetime
    writes: Kind | None
    writes_until: datetime


class Presence:
    """What this process has heard. All of it runs on the loop's thread."""

    def __init__(self) -> None:
        self._seen: dict[int, dict[tuple[int, str], _Seen]] = {}

    def hear(self, sign: Sign, now: datetime) -> bool:
        """Whether it changes what is shown of that conversation."""
        before = self.of(sign.conversation_id)
        here = self._seen.setdefault(sign.conversation_id, {})
        key = (sign.member_id, sign.tab)
        if sign.doing is None:
            here.pop(key, None)
        else:
            writes: Kind | None = None if sign.doing == "looking" else sign.doing
            here[key] = _Seen(now + STAYS, writes, now + WRITES)
        self._forget(sign.conversation_id, now)
        return self.of(sign.conversation_id) != before

    def expire(self, now: datetime) -> list[int]:
        """The conversations of which less is true by now."""
        changed = []
        for id in list(self._seen):
            before = self.of(id)
            self._forget(id, now)
            if self.of(id) != before:
                changed.append(id)
        return changed

    def of(self, conversation_id: int) -> Presences:
        """Each member once, whatever their tabs: writing somewhere is writing."""
        members: dict[int, Doing] = {}
        for (member_id, _), seen in self._seen.get(conversation_id, {}).items():
            members[member_id] = seen.writes or members.get(member_id, "looking")
        return Presences(conversation_id, [Present(id, doing) for id, doing in sorted(members.items())])

    def conversations(self) -> set[int]:
        """Where somebody is."""
        return set(self._seen)

    def _forget(self, conversation_id: int, now: datetime) -> None:
        here = self._seen.get(conversation_id, {})
        for key, seen in list(here.items()):
            if seen.until <= now:
                del here[key]
            elif seen.writes_until <= now:
                seen.writes = None
        if not here:
            self._seen.pop(conversation_id, None)


def pack(sign: Sign) -> str:
    return msgspec.json.encode(sign).decode()


def unpack(words: str) -> Sign:
    return msgspec.json.decode(words, type=Sign)
