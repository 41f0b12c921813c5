"""Whatever is combined, the filter lets through what a person would, reading every conversation one by one: no more, no less,
in the order of the list, and without a row twice or missing from one page to the next."""

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from comptoir.channels.models import Channel
from comptoir.conversations import labelling
from comptoir.conversations.filters import conditions, pages
from comptoir.conversations.filters.schemas import Filter
from comptoir.conversations.filters.walking import walk
from comptoir.conversations.models import Conversation, Reading
from comptoir.foundation.transaction import Actor, Transaction
from comptoir.labels.models import Label
from comptoir.team.access import can_see
from tests.house import House

PARIS = ZoneInfo("Europe/Paris")
LABELS = range(1, 7)
STATUSES = ("open", "pending", "snoozed", "resolved", "spam")
PRIORITIES = ("none", "high", "urgent")


@pytest.fixture
def sixty(house: House) -> list[int]:
    """Sixty conversations in three channels, some at the same moment, with everything that a filter can ask about."""
    dice = random.Random(5)

    def fill(tx: Transaction) -> list[int]:
        number = Channel(kind="whatsapp", provider="meta", name="WhatsApp", address="+33612345678", settings={})
        number.secrets, number.health, number.version, number.created_at = "", "connected", 0, tx.now
        tx.add(number, *(Label(id=id, name=f"L{id}", colour="teal") for id in LABELS))
        tx.execute("INSERT INTO channel_members VALUES (:channel, :member)", channel=number.id, member=house.chloe.id)
        channels = (house.sav.id, house.achats.id, number.id)
        return [_conversation(tx, house, dice, dice.choice(channels)) for _ in range(60)]

    return house.write(fill)


def _conversation(tx: Transaction, house: House, dice: random.Random, channel_id: int) -> int:
    created = tx.now - timedelta(hours=dice.randrange(24 * 30))
    found = Conversation(
        channel_id=channel_id,
        subject="",
        status=dice.choice(STATUSES),
        assignee_id=dice.choice([None, house.bruno.id, house.chloe.id]),
        version=1,
        created_at=created,
        last_at=created + timedelta(hours=dice.randrange(24 * 3)),
        preview="",
        last_incoming_id=dice.choice([0, 5, 9]),
        failed_count=dice.choice([0, 0, 1]),
        team_id=dice.choice([None, None, 1, 2]),
        priority=dice.choice(PRIORITIES),
        has_files=False,
    )
    tx.add(found)
    labelling.put(tx, found.id, dice.sample(LABELS, dice.randrange(4)))
    if dice.random() < 0.6:
        tx.add(Reading(conversation_id=found.id, member_id=house.chloe.id, upto=dice.choice([5, 9])))
    return found.id


def some_filter(house: House, dice: random.Random, channels: list[int]) -> Filter:
    def some(values: Any, most: int = 2) -> list[Any]:
        return dice.sample(list(values), dice.randrange(most + 1)) if dice.random() < 0.4 else []

    def day() -> date | None:
        return date(2026, 11, 24) - timedelta(days=dice.randrange(30)) if dice.random() < 0.2 else None

    return Filter(
        tab=dice.choice(["mine", "unassigned", "all", "all"]),
        status=some(STATUSES, 3) or [dice.choice(["any", "open"])],
        kind=some(["email", "whatsapp"]),
        channel=some(channels),
        assignee=some(["me", "nobody", house.bruno.id]),
        team=some([1, 2]),
        label_any=some(LABELS),
        label_all=some(LABELS),
        label_none=some(LABELS),
        priority=some(PRIORITIES),
        unread=dice.random() < 0.2,
        failed=dice.random() < 0.2,
        active_from=day(),
        active_to=day(),
        created_from=day(),
        created_to=day(),
    )


class Facts(NamedTuple):
    """What a person would see of one conversation."""

    one: Conversation
    labels: set[int]
    kind: str
    upto: int


def facts_of(tx: Transaction, id: int) -> Facts:
    one = tx.find(Conversation, id)
    labels = {id for (id,) in tx.rows("SELECT label_id FROM conversation_labels WHERE conversation_id = :id", id=id)}
    kind = tx.value("SELECT kind FROM channels WHERE id = :id", id=one.channel_id)
    upto = tx.value("SELECT upto FROM readings WHERE conversation_id = :id AND member_id = :me", id=id, me=tx.actor.id)
    return Facts(one, labels, kind, upto or 0)


def lets_through(actor: Actor, asked: Filter, facts: Facts) -> bool:
    """The oracle: the filter as a person would read it."""
    me, one, labels = actor.id, facts.one, facts.labels
    wanted = {me if who == "me" else None if who == "nobody" else who for who in asked.assignee}

    def within(moment: datetime, first: date | None, last: date | None) -> bool:
        day = moment.astimezone(PARIS).date()
        return (first is None or day >= first) and (last is None or day <= last)

    return all(
        (
            can_see(actor, one),
            {"all": True, "mine": one.assignee_id == me, "unassigned": one.assignee_id is None}[asked.tab],
            one.status in asked.status or ("any" in asked.status and one.status != "spam"),
            not asked.kind or facts.kind in asked.kind,
            not asked.channel or one.channel_id in asked.channel,
            not asked.assignee or one.assignee_id in wanted,
            not asked.team or one.team_id in asked.team,
            not asked.label_any or labels & set(asked.label_any),
            set(asked.label_all) <= labels,
            not labels & set(asked.label_none),
            not asked.priority or one.priority in asked.priority,
            not asked.unread or one.last_incoming_id > facts.upto,
            not asked.failed or one.failed_count > 0,
            within(one.last_at, asked.active_from, asked.active_to),
            within(one.created_at, asked.created_from, asked.created_to),
        )
    )


@pytest.mark.parametrize("few", [0, 1500], ids=["walked", "picked"])
@pytest.mark.parametrize("scope", ["all", "team", "own"])
def test_any_combination_lets_through_what_a_person_would(
    house: House, sixty: list[int], few: int, scope: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.write(lambda tx: tx.execute("UPDATE members SET scope = :scope", scope=scope))
    monkeypatch.setattr(conditions, "FEW", few)
    dice = random.Random(few)

    def compare(tx: Transaction) -> int:
        channels = list(tx.actor.channel_ids or ())
        everything = [facts_of(tx, id) for id in sixty]
        found = 0
        for _ in range(60):
            asked = some_filter(house, dice, channels)
            expected = [facts.one for facts in everything if lets_through(tx.actor, asked, facts)]
            expected.sort(key=lambda one: (one.last_at, one.id), reverse=True)
            assert through(tx, asked, dice.randint(1, 8)) == [one.id for one in expected], asked
            found += len(expected)
        return found

    assert house.read(compare, by=house.chloe) > 20, "the dice asked for something"


def through(tx: Transaction, asked: Filter, limit: int) -> list[int]:
    """Every page of it, each examining few rows, as in a list of hundreds of thousands."""
    ids: list[int] = []
    cursor: str | None = None
    while True:
        walked = walk(tx, asked, cursor=cursor, limit=limit, most=12)
        assert len(walked.rows) <= limit
        ids += [id for (id,) in walked.rows]
        if walked.below is None:
            return ids
        cursor = walked.below


def test_counts_say_when_there_are_more(house: House, sixty: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Filter(status=["any"], label_none=[1])
    exact = house.read(lambda tx: pages.counts(tx, asked), by=house.chloe)
    monkeypatch.setattr(pages, "LOOKED_AT", 20)
    some = house.read(lambda tx: pages.counts(tx, asked), by=house.chloe)

    assert exact.at_least == []
    assert exact.all == len(house.read(lambda tx: through(tx, asked, 50), by=house.chloe))
    assert "all" in some.at_least
    assert 0 < some.all <= 20


def test_a_day_begins_and_ends_where_the_member_lives(house: House) -> None:
    house.clock.now = datetime.combine(date(2026, 11, 20), time(23, 30), UTC)  # 0:30 on the 21st in Paris
    landed = house.receive()

    def on(day: date) -> list[int]:
        asked = Filter(active_from=day, active_to=day)
        return house.read(lambda tx: through(tx, asked, 5), by=house.bruno)

    assert on(date(2026, 11, 21)) == [landed.conversation_id]
    assert on(date(2026, 11, 20)) == []
    assert on(date.max) == on(date.min) == []
