"""Most of what a number hears is plain: somebody we know says something more in the one open conversation that they have.
Many such messages land at once, with a handful of statements for all of them, where `conversing` needs a dozen for each.

Whatever is not plain is left to `conversing`, with all that the same person says beside it. What is written is the same either
way (tests/conversations/test_landing.py).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct, to_builtins

from comptoir.channels import policy
from comptoir.channels import queries as channels
from comptoir.channels.chat import AnyHappening, ChatMessage, Notice, Party
from comptoir.channels.models import Channel
from comptoir.conversations import conversing, early, previews, transcribing
from comptoir.conversations.models import Kind, Status
from comptoir.conversations.search import index
from comptoir.customers import identifying
from comptoir.foundation.tables import from_ms, packed, to_ms
from comptoir.foundation.transaction import About, Transaction

FEW = 3  # fewer are as quick one by one


class Said(Struct, frozen=True):
    """A happening of a channel, and the entry of the ledger that it is from."""

    channel: Channel
    happening: AnyHappening
    ledger_id: int | None


class MovedMeanwhile(Exception):
    """A member resolved, merged or gave away a conversation between two of our statements: nothing of this was done."""


class _Place(Struct):
    """The one conversation that a person has with a number: what their words change of it. `added`: how many."""

    id: int
    contact_id: int
    last_at: datetime
    waiting_since: datetime | None
    window_until: datetime | None
    last_incoming_id: int = 0
    preview: str = ""
    preview_what: str | None = None
    added: int = 0


class _Plain(Struct):
    number: int
    said: ChatMessage
    ledger_id: int | None
    place: _Place


def land_plain(tx: Transaction, said: Sequence[Said]) -> dict[int, int]:
    """Those that are plain, by their number in `said`: the ids of their messages."""
    landed: dict[int, int] = {}
    for channel in {one.channel.id: one.channel for one in said}.values():
        messages = {
            number: one.happening
            for number, one in enumerate(said)
            if one.channel.id == channel.id and isinstance(one.happening, ChatMessage) and _may_be_plain(one.happening)
        }
        if len(messages) >= FEW:
            others = [one.happening for number, one in enumerate(said) if number not in messages]
            plain = _plain(tx, channel, said, messages, {name for one in others for name in _names(one)})
            landed |= _land(tx, channel, plain) if plain else {}
    return landed


def _may_be_plain(said: ChatMessage) -> bool:
    is_ours_or_old = said.is_echo or said.is_history or isinstance(said.content, Notice)
    return bool(said.party.aliases) and not (is_ours_or_old or said.media or said.quoted_id or said.group_id)


def _names(happening: AnyHappening) -> Iterable[str]:
    parties = [getattr(happening, which, None) for which in ("party", "before", "after")]
    return [alias.value for party in parties if isinstance(party, Party) for alias in party.aliases]


# -- which are plain


def _plain(
    tx: Transaction, channel: Channel, said: Sequence[Said], messages: dict[int, ChatMessage], busy: set[str]
) -> list[_Plain]:
    """`busy`: names of whom something else is told beside."""
    scope = channels.account_of(channel)
    early.one_at_a_time(
        tx,
        *(early.name_of(channel.id, one.external_id) for one in messages.values()),
        *(f"{scope} {name}" for one in messages.values() for name in _names(one)),
    )
    known = identifying.familiar(tx, {n: conversing.names(one.party) for n, one in messages.items()}, scope=scope)
    whose = {n: found.id for n, found in known.items() if found.has_name or not messages[n].party.name}
    places = _places(tx, channel, set(whose.values()))
    taken = _taken(tx, channel, [one.external_id for one in messages.values()])
    times = Counter(one.external_id for one in messages.values())
    for number, one in messages.items():
        place = places.get(whose.get(number, 0))
        is_news = one.external_id not in taken and times[one.external_id] == 1
        if place is None or not is_news or min(one.at, tx.now) < place.last_at:
            busy.update(_names(one))
    plain = []
    for number, one in messages.items():
        if busy.isdisjoint(_names(one)):
            plain.append(_Plain(number, one, said[number].ledger_id, places[whose[number]]))
    return plain


def _places(tx: Transaction, channel: Channel, contact_ids: Collection[int]) -> dict[int, _Place]:
    """By contact: of those who have one conversation here, which is open, and who are not blocked; nothing waits for their
    answer to be taken back."""
    if not contact_ids:
        return {}
    contacts = ", ".join(str(id) for id in sorted(contact_ids))
    rows = tx.rows(
        "SELECT c.id, c.contact_id, c.last_at, c.waiting_since, c.window_until, c.status FROM conversations c"
        f" WHERE c.contact_id IN ({contacts}) AND c.channel_id = :channel AND c.group_id IS NULL AND c.status <> :merged"
        " AND NOT EXISTS (SELECT 1 FROM identities i WHERE i.contact_id = c.contact_id AND i.blocked_at IS NOT NULL)"
        " AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = c.id AND m.scheduled_for IS NOT NULL)",
        channel=channel.id,
        merged=Status.MERGED,
    )
    has = Counter(contact_id for _, contact_id, *_ in rows)
    return {
        contact_id: _Place(id, contact_id, from_ms(last_at), _moment(waiting), _moment(until))
        for id, contact_id, last_at, waiting, until, status in rows
        if status == Status.OPEN and has[contact_id] == 1
    }


def _moment(ms: int | None) -> datetime | None:
    return None if ms is None else from_ms(ms)


def _taken(tx: Transaction, channel: Channel, external_ids: Sequence[str]) -> set[str]:
    """Those that are here already, and those that something waits for."""
    given = {f"id{n}": id for n, id in enumerate(external_ids)}
    which = ", ".join(f":{name}" for name in given)
    found = tx.rows(
        f"SELECT external_id FROM messages WHERE channel_id = :channel AND external_id IN ({which})"
        f" UNION ALL SELECT target FROM early_signs WHERE channel_id = :channel AND target IN ({which})",
        channel=channel.id,
        **given,
    )
    return {id for (id,) in found}


# -- into their places


def _land(tx: Transaction, channel: Channel, plain: Sequence[_Plain]) -> dict[int, int]:
    rows = tx.insert_all("messages", [_row(tx, channel, one) for one in plain], returning="external_id, id")
    ids: dict[str, int] = dict(rows)
    for one in plain:
        index.put(tx, channel.id, ids[one.said.external_id], _document(tx, channel, one.said))
        _say(tx, one.place, one.said, ids[one.said.external_id])
    _settle(tx, {one.place.id: one.place for one in plain}.values())
    about = [About(one.place.id, ids[one.said.external_id], channel.id) for one in plain]
    tx.record_all("message.received", about, is_first=False)
    return {one.number: ids[one.said.external_id] for one in plain}


def _row(tx: Transaction, channel: Channel, one: _Plain) -> dict[str, Any]:
    said = one.said
    return {
        "conversation_id": one.place.id,
        "channel_id": channel.id,
        "kind": Kind.INCOMING.value,
        "at": to_ms(min(said.at, tx.now)),
        "created_at": to_ms(tx.now),
        "contact_id": one.place.contact_id,
        "external_id": said.external_id,
        "is_automatic": False,
        "is_unreadable": False,
        "has_html": False,
        "remote_images": 0,
        "ledger_id": one.ledger_id,
        "recipients": packed(transcribing.recipients(channel, said)),
        "subject": "",
        "text": said.text,
        "content": packed(to_builtins(said.content)) if said.content is not None else None,
        "context": packed(transcribing.context(said)),
    }


def _document(tx: Transaction, channel: Channel, said: ChatMessage) -> str:
    found = previews.searched(said.content)
    return index.document(
        transcribing.recipients(channel, said),
        subject="",
        text=said.text,
        at=min(said.at, tx.now),
        people=[transcribing.customer(said.party)],
        files=found,
        has_files=bool(found),
    )


def _say(tx: Transaction, place: _Place, said: ChatMessage, message_id: int) -> None:
    """As `conversing` has it of words that are the newest."""
    at = min(said.at, tx.now)
    until = policy.window_from(at, tx.now)
    place.last_at = max(place.last_at, at)
    place.waiting_since = place.waiting_since or at
    place.window_until = max(place.window_until or until, until)
    place.last_incoming_id = max(place.last_incoming_id, message_id)
    place.preview = previews.words(said.text, said.content, said.media)
    place.preview_what = previews.what(said.content, said.media)
    place.added += 1


def _settle(tx: Transaction, places: Collection[_Place]) -> None:
    changed = tx.execute_all(
        "UPDATE conversations SET last_at = :last_at, waiting_since = :waiting, window_until = :window,"
        " last_incoming_id = :incoming, preview = :preview, preview_kind = :kind, preview_what = :what,"
        " version = version + :added WHERE id = :id AND status = :open AND contact_id = :contact",
        [
            {
                "id": place.id,
                "contact": place.contact_id,
                "open": Status.OPEN.value,
                "last_at": to_ms(place.last_at),
                "waiting": to_ms(place.waiting_since or place.last_at),
                "window": to_ms(place.window_until or place.last_at),
                "incoming": place.last_incoming_id,
                "preview": place.preview,
                "kind": Kind.INCOMING.value,
                "what": place.preview_what,
                "added": place.added,
            }
            for place in sorted(places, key=lambda place: place.id)
        ],
    )
    if changed != len(places):
        raise MovedMeanwhile
