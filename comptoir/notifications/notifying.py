"""Tell members what concerns them: one notification for each event and each person it concerns, in the commit of the event.

Never for what one did oneself, never for what one may not see, and a muted conversation speaks only to those whom it names
or is given to. More messages of a conversation that one has not looked at yet are one notification that counts; and so are the
conversations that one bulk act gives to one member.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec
from msgspec import Struct

from comptoir.conversations.handling import participating
from comptoir.conversations.models import Status
from comptoir.conversations.schemas import Mention
from comptoir.conversations.together import audience, mentioning
from comptoir.foundation.jobs.port import Job
from comptoir.foundation.services import Services
from comptoir.foundation.tables import to_ms
from comptoir.foundation.transaction import Event, Transaction
from comptoir.notifications import choosing
from comptoir.notifications.schemas import Choices, Kind

COUNTED: frozenset[Kind] = frozenset({"message", "unassigned"})
THROUGH_MUTE: frozenset[Kind] = frozenset({"mentioned", "assigned"})


class _Place(Struct, frozen=True):
    """The conversation of an event: what of it decides who is told."""

    id: int
    channel_id: int
    assignee_id: int | None


class _Said(Struct, frozen=True):
    """The message of an event, as far as that."""

    member_id: int | None
    calls_nobody: bool
    mentions: list[Mention]


class _What(Struct, frozen=True):
    """An event with what it is about: who follows the conversation, and who listens in its channel."""

    event: Event
    place: _Place
    message: _Said | None
    followers: Sequence[int]
    listeners: Sequence[int]

    @property
    def bulk_id(self) -> int | None:
        return (self.event.cause or {}).get("bulk_id")


async def notify(services: Services, job: Job) -> None:
    """What `tell_all` could not do in the event's own commit. Run twice, it tells once."""
    await services.database.write(lambda tx: tell(tx, int(job.args["event_id"])))


def tell(tx: Transaction, event_id: int) -> list[int]:
    """The ids of the notifications that are new or count one more."""
    event = tx.session.get(Event, event_id)
    return tell_all(tx, [event]) if event is not None else []


def tell_all(tx: Transaction, events: Sequence[Event]) -> list[int]:
    """The reflex of every event of `WHO`, given all of one commit: each thing is asked once for all of them."""
    concerned = [(what, WHO[what.event.type](tx, what)) for what in _whats(tx, events)]
    choices = choosing.choices_of_all(tx, {id for _, kinds in concerned for id in kinds})
    in_bulk: dict[int, int] = {}
    ids: list[int] = []
    for what, kinds in concerned:
        told = _tell(tx, what, kinds, choices)
        ids += told.values()
        if what.bulk_id is None:
            _announce(tx, told, choices)
        else:
            in_bulk |= told
    _announce(tx, in_bulk, choices)
    return list(dict.fromkeys(ids))


def _tell(tx: Transaction, what: _What, kinds: Mapping[int, Kind], choices: Mapping[int, Choices]) -> dict[int, int]:
    """Member -> the notification that is new or counts one more."""
    told: dict[int, int] = {}
    for member_id, kind in kinds.items():
        if choices[member_id].ways[kind] and _wants(tx, what, member_id, kind):
            id = _put(tx, what, member_id, kind)
            if id is not None:
                told[member_id] = id
    return told


def _announce(tx: Transaction, told: Mapping[int, int], choices: Mapping[int, Choices]) -> None:
    if told:
        tx.record("notification.made", member_ids=sorted(told))
        _ask_to_push(tx, told, choices)


def _whats(tx: Transaction, events: Iterable[Event]) -> list[_What]:
    """Without those whose conversation is no more, or is spam."""
    places = {
        id: _Place(id, channel_id, assignee_id)
        for id, channel_id, assignee_id in tx.rows(
            "SELECT id, channel_id, assignee_id FROM conversations"
            f" WHERE id IN ({_in(event.conversation_id for event in events)}) AND status <> :spam",
            spam=Status.SPAM,
        )
    }
    said = {
        id: _Said(member_id, bool(calls_nobody), msgspec.json.decode(mentions or "[]", type=list[Mention]))
        for id, member_id, calls_nobody, mentions in tx.rows(
            "SELECT id, member_id, is_imported OR is_automatic, mentions FROM messages"
            f" WHERE id IN ({_in(event.message_id for event in events)})"
        )
    }
    followers = participating.participants_of_all(tx, places)
    listeners = {id: _who_listen(tx, id) for id in {place.channel_id for place in places.values()}}
    return [
        _What(event, place, said.get(event.message_id or 0), followers.get(place.id, ()), listeners[place.channel_id])
        for event in events
        if (place := places.get(event.conversation_id or 0)) is not None
    ]


def _in(ids: Iterable[int | None]) -> str:
    return ", ".join(str(int(id)) for id in sorted({id or 0 for id in ids}))


# -- whom it concerns: member -> kind


def _assigned(tx: Transaction, what: _What) -> dict[int, Kind]:
    member_id = what.event.data.get("member_id")
    return {int(member_id): "assigned"} if member_id is not None else {}


def _team_assigned(tx: Transaction, what: _What) -> dict[int, Kind]:
    """Its members, while none of them has it."""
    team_id = what.event.data.get("team_id")
    if team_id is None or what.place.assignee_id is not None:
        return {}
    return dict.fromkeys(mentioning.team_members(tx, int(team_id)), "assigned")


def _noted(tx: Transaction, what: _What) -> dict[int, Kind]:
    if what.message is None:
        return {}
    mentioned: dict[int, Kind] = dict.fromkeys(mentioning.called_members(tx, what.message.mentions), "mentioned")
    return {**_concerned(what), **mentioned}


def _received(tx: Transaction, what: _What) -> dict[int, Kind]:
    """An answer machine calls nobody. What nobody has taken is for those who asked to hear of such things."""
    if what.message is None or what.message.calls_nobody:
        return {}
    theirs = _concerned(what)
    if what.place.assignee_id is not None:
        return theirs
    anybody: dict[int, Kind] = dict.fromkeys(what.listeners, "unassigned")
    return {**anybody, **theirs}


def _reopened(tx: Transaction, what: _What) -> dict[int, Kind]:
    """Back from its snooze: its assignee, else who sent it to sleep."""
    if what.event.data.get("by") != "clock":
        return {}
    member_id = what.place.assignee_id or tx.value(
        "SELECT actor_id FROM events WHERE conversation_id = :id AND type = 'conversation.snoozed'"
        " AND actor_kind = 'member' ORDER BY id DESC LIMIT 1",
        id=what.place.id,
    )
    return {member_id: "woken"} if member_id else {}


def _failed(tx: Transaction, what: _What) -> dict[int, Kind]:
    member_id = (what.message.member_id if what.message else None) or what.place.assignee_id
    return {member_id: "failed"} if member_id else {}


def _unscheduled(tx: Transaction, what: _What) -> dict[int, Kind]:
    """It could not leave at its moment: its author has it back. What somebody cancelled, or the customer's answer, tells itself."""
    data = what.event.data
    is_told = data.get("why") in ("cancelled", "answered") or not data.get("member_id")
    return {} if is_told else {int(data["member_id"]): "failed"}


WHO: Mapping[str, Callable[[Transaction, _What], dict[int, Kind]]] = {
    "conversation.assigned": _assigned,
    "conversation.team_assigned": _team_assigned,
    "conversation.reopened": _reopened,
    "message.failed": _failed,
    "message.received": _received,
    "message.unscheduled": _unscheduled,
    "note.added": _noted,
}


def _concerned(what: _What) -> dict[int, Kind]:
    """Who works on it: its assignee, and who follows it."""
    assignee_id = what.place.assignee_id
    return dict.fromkeys((*([assignee_id] if assignee_id else ()), *what.followers), "message")


def _who_listen(tx: Transaction, channel_id: int) -> list[int]:
    """Those of the channel who chose anything at all: usually, nobody hears of what nobody has taken."""
    found = tx.rows(
        "SELECT n.member_id FROM notification_choices n JOIN channel_members c ON c.member_id = n.member_id"
        " WHERE c.channel_id = :id",
        id=channel_id,
    )
    return [id for (id,) in found]


# -- whether they want to hear it


def _wants(tx: Transaction, what: _What, member_id: int, kind: Kind) -> bool:
    if what.event.actor_kind == "member" and what.event.actor_id == member_id:
        return False
    if kind not in THROUGH_MUTE and _is_muted(tx, what, member_id):
        return False
    return audience.may_see(tx, what.place.id, member_id)


def _is_muted(tx: Transaction, what: _What, member_id: int) -> bool:
    found = tx.value(
        "SELECT 1 FROM mutes WHERE conversation_id = :conversation AND member_id = :member",
        conversation=what.place.id,
        member=member_id,
    )
    return found is not None


# -- the notification


def _put(tx: Transaction, what: _What, member_id: int, kind: Kind) -> int | None:
    """Its id; None when this event was told of before."""
    facts = {
        "member": member_id,
        "kind": kind,
        "conversation": what.place.id,
        "message": what.event.message_id,
        "event": what.event.id,
        "actor": what.event.actor_id if what.event.actor_kind == "member" else None,
        "at": to_ms(what.event.at),
        "bulk": what.bulk_id,
    }
    same = "conversation_id = :conversation" if what.bulk_id is None else "bulk_id = :bulk"
    known = tx.row(
        f"SELECT id, event_id, read_at FROM notifications WHERE member_id = :member AND {same}"
        " AND kind = :kind ORDER BY event_id DESC LIMIT 1",
        **{key: facts[key] for key in ("member", "conversation", "bulk", "kind")},
    )
    if known is not None and known[1] >= what.event.id:
        return None
    if known is not None and known[2] is None and (kind in COUNTED or what.bulk_id is not None):
        tx.execute(
            "UPDATE notifications SET event_id = :event, conversation_id = :conversation, message_id = :message,"
            " actor_id = :actor, at = :at, count = count + 1 WHERE id = :id",
            id=known[0],
            **{key: facts[key] for key in ("event", "conversation", "message", "actor", "at")},
        )
        return int(known[0])
    made: int | None = tx.value(
        "INSERT INTO notifications (member_id, kind, conversation_id, message_id, event_id, actor_id, bulk_id, count, at)"
        " VALUES (:member, :kind, :conversation, :message, :event, :actor, :bulk, 1, :at)"
        " ON CONFLICT (member_id, event_id) DO NOTHING RETURNING id",
        **facts,
    )
    return made


def _ask_to_push(tx: Transaction, told: Mapping[int, int], choices: Mapping[int, Choices]) -> None:
    """To each browser of those who want it there: an event of its own, so that one that fails is tried again alone."""
    for member_id, id in told.items():
        browsers = tx.rows("SELECT id FROM push_subscriptions WHERE member_id = :member", member=member_id)
        kind = tx.value("SELECT kind FROM notifications WHERE id = :id", id=id)
        if browsers and "push" in choices[member_id].ways[kind]:
            for (subscription_id,) in browsers:
                tx.record("notification.pushed", notification_id=id, subscription_id=subscription_id)
