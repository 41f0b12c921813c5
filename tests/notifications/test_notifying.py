"""Each is told of what concerns them, once, and of nothing that they did themselves or may not see."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from comptoir.channels.models import Channel
from comptoir.conversations import assigning, delivering, snoozing, thread, writing
from comptoir.conversations.bulk import bulking
from comptoir.conversations.bulk.schemas import Assign, NewBulk
from comptoir.conversations.handling import merging, participating, spamming
from comptoir.conversations.models import Conversation, Delivery, Message
from comptoir.conversations.schemas import NewMention
from comptoir.conversations.together import muting
from comptoir.conversations.writing import Words
from comptoir.foundation.transaction import Transaction
from comptoir.notifications import choosing, dismissing, notifying, queries, wording
from comptoir.notifications.schemas import Choices, NotificationPage
from comptoir.team.models import Member
from tests.house import House


class Told:
    """Each event tells in its own commit; the job that stands in for that, and may run again, finds nothing more to tell."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._seen = house.read(lambda tx: tx.log_position())

    def happen(self) -> None:
        events = self.house.read(
            lambda tx: tx.rows("SELECT id, type FROM events WHERE id > :seen ORDER BY id", seen=self._seen)
        )
        for id, type in events:
            if type in notifying.WHO:
                assert self.house.write(lambda tx, id=id: notifying.tell(tx, id)) == []  # type: ignore[misc]
            self._seen = id

    def page(self, member: Member) -> NotificationPage:
        self.happen()
        return self.house.read(queries.page, by=member)

    def kinds(self, member: Member) -> list[str]:
        return [row.kind for row in self.page(member).rows]


@pytest.fixture
def told(house: House) -> Told:
    return Told(house)


def test_a_bulk_act_that_gives_many_is_one_notification_for_each_who_gets_them(house: House, told: Told) -> None:
    many = bulking.CHUNK + 3  # more than one commit
    ids = [house.receive(subject=f"Sujet {number}").conversation_id for number in range(many)]
    told.happen()
    others = told.page(house.chloe).rows

    def give(conversation_ids: list[int]) -> None:
        new = NewBulk(Assign(house.chloe.id), conversation_ids)
        id = house.write(lambda tx: bulking.begin(tx, new).id, by=house.bruno)
        while house.write(lambda tx: bulking.go_on(tx, id)):
            pass

    give(ids)
    [one, *before] = told.page(house.chloe).rows
    assert (one.kind, one.count, before) == ("assigned", many, others)
    assert wording.sentence(one, language="fr", actor="Bruno") == f"{many} conversations vous sont assignées (Bruno)"
    assert wording.path(one) == "/conversations?tab=mine&status=any"
    made = house.events().count("notification.made")
    assert made == 2, "her browsers are told once for each commit"

    house.write(lambda tx: dismissing.read(tx, conversation_id=one.conversation_id), by=house.chloe)
    assert not told.page(house.chloe).rows[0].is_read, "one of them is not all of them"
    assert told.kinds(house.bruno) == [], "not to who did it"


def test_a_bulk_act_on_one_conversation_tells_as_a_single_act_does(house: House, told: Told) -> None:
    id = house.receive().conversation_id
    told.happen()
    bulk = house.write(lambda tx: bulking.begin(tx, NewBulk(Assign(house.chloe.id), [id])).id, by=house.bruno)
    while house.write(lambda tx: bulking.go_on(tx, bulk)):
        pass

    [one] = told.page(house.chloe).rows
    assert one.count == 1 and wording.sentence(one, language="en", actor="Bruno").startswith("Bruno assigns to you: ")


def assign(house: House, conversation_id: int, to: Member, *, by: Member | None) -> None:
    house.write(lambda tx: assigning.assign(tx, thread.find(tx, conversation_id), member_id=to.id), by=by)


def note(house: House, conversation_id: int, text: str, *calls: NewMention, by: Member) -> int:
    words = Words(client_id=f"note {text}"[:64], text=text, mentions=calls)
    return house.write(lambda tx: writing.note(tx, thread.find(tx, conversation_id), words).message.id, by=by)


def choose(house: House, member: Member, **ways: Any) -> None:
    house.write(lambda tx: choosing.choose(tx, Choices(ways=ways)), by=member)  # type: ignore[arg-type]


def test_who_is_given_a_conversation_is_told_and_who_takes_it_is_not(house: House, told: Told) -> None:
    lea = house.receive()
    told.happen()
    assign(house, lea.conversation_id, house.chloe, by=house.anne)

    (row,) = told.page(house.chloe).rows
    assert (row.kind, row.actor_id, row.title, row.is_read) == ("assigned", house.anne.id, "Léa Morel", False)
    assign(house, lea.conversation_id, house.bruno, by=house.bruno)
    assert told.kinds(house.bruno) == [] and told.kinds(house.anne) == []


def test_new_messages_of_mine_count_in_one_line_until_i_look(house: House, told: Told) -> None:
    first = house.receive()
    told.happen()
    assign(house, first.conversation_id, house.chloe, by=house.chloe)
    mail = house.read(lambda tx: tx.find(Message, first.message_id))
    for text in ("Et le prix ?", "Et le délai ?"):
        house.receive(text=text, in_reply_to=(mail.header_id,), subject="Re: Plaquettes 0 986 494 123")
        told.happen()

    page = told.page(house.chloe)
    assert [(row.kind, row.count, row.excerpt) for row in page.rows] == [("message", 2, "Et le délai ?")]
    assert page.unread == 1 and [row.id for row in page.ringing] == [page.rows[0].id]
    house.write(lambda tx: dismissing.read(tx, conversation_id=first.conversation_id), by=house.chloe)
    assert told.page(house.chloe).unread == 0
    house.receive(text="Alors ?", in_reply_to=(mail.header_id,), subject="Re: Plaquettes 0 986 494 123")
    assert [row.count for row in told.page(house.chloe).rows] == [1, 2]


def test_a_note_tells_whom_it_calls_and_who_follows_and_not_its_author(house: House, told: Told) -> None:
    lea = house.receive()
    told.happen()
    house.write(lambda tx: participating.follow(tx, thread.find(tx, lea.conversation_id), house.anne.id))

    id = note(
        house, lea.conversation_id, "@Bruno tu as le stock ?", NewMention("member", house.bruno.id), by=house.chloe
    )

    (row,) = told.page(house.bruno).rows
    assert (row.kind, row.message_id, row.excerpt) == ("mentioned", id, "@Bruno tu as le stock ?")
    assert told.kinds(house.anne) == ["message"] and told.kinds(house.chloe) == []
    note(house, lea.conversation_id, "Oui, 4 pièces", by=house.bruno)
    assert told.kinds(house.chloe) == ["message"], "she takes part since her note"


def test_nobodys_mail_calls_only_who_asked_to_hear_of_it(house: House, told: Told) -> None:
    choose(house, house.bruno, unassigned=["app"])
    house.receive()
    assert told.kinds(house.bruno) == ["unassigned"] and told.kinds(house.anne) == []


def test_what_one_may_no_longer_see_is_neither_made_nor_shown(house: House, told: Told) -> None:
    secret, lea = house.receive(house.achats), house.receive()
    told.happen()
    house.write(lambda tx: assigning.assign(tx, thread.find(tx, lea.conversation_id), member_id=house.bruno.id))
    assert told.kinds(house.bruno) == ["assigned"]
    house.write(lambda tx: tx.execute("UPDATE conversations SET assignee_id = :id", id=house.bruno.id))
    note(house, secret.conversation_id, "Prix d'achat : 40 €", by=house.chloe)
    assert told.kinds(house.bruno) == ["assigned"], "not told of a channel that is not his"

    house.write(lambda tx: _leave(tx, house.sav, house.bruno))
    page = told.page(house.bruno)
    assert (page.rows, page.unread, page.ringing) == ([], 0, [])


def test_what_one_was_told_of_goes_where_its_message_goes(house: House, told: Told) -> None:
    """Merged into what somebody may not see, it is not shown to them; undone, it is again."""
    mine, other = house.receive(subject="Freins"), house.receive(subject="Pompe")
    told.happen()
    given = ((mine, house.bruno), (other, house.chloe))
    for one, member in given:
        house.write(
            lambda tx, one=one, member=member: assigning.assign(  # type: ignore[misc]
                tx, thread.find(tx, one.conversation_id), member_id=member.id
            )
        )
    house.write(lambda tx: tx.execute("UPDATE members SET scope = 'own' WHERE id = :id", id=house.bruno.id))
    note(house, mine.conversation_id, "Vu avec le dépôt", by=house.anne)
    assert sorted(told.kinds(house.bruno)) == ["assigned", "message"]

    both = (mine.conversation_id, other.conversation_id)
    house.write(lambda tx: merging.merge(tx, *(tx.find(Conversation, id) for id in both)), by=house.anne)
    page = told.page(house.bruno)
    assert (page.rows, page.unread) == ([], 0)

    house.write(lambda tx: merging.unmerge(tx, merging.find_merged(tx, mine.conversation_id)), by=house.anne)
    assert sorted(told.kinds(house.bruno)) == ["assigned", "message"]


def _leave(tx: Transaction, channel: Channel, member: Member) -> None:
    tx.execute(
        "DELETE FROM channel_members WHERE channel_id = :channel AND member_id = :member",
        channel=channel.id,
        member=member.id,
    )


def test_history_spam_answer_machines_and_what_is_muted_call_nobody(house: House, told: Told) -> None:
    lea = house.receive()
    mail = house.read(lambda tx: tx.find(Message, lea.message_id))
    assign(house, lea.conversation_id, house.chloe, by=house.chloe)
    answer: dict[str, Any] = {"in_reply_to": (mail.header_id,), "subject": "Re: Plaquettes 0 986 494 123"}

    house.receive(**answer, is_automatic=True)
    house.write(lambda tx: muting.mute(tx, thread.find(tx, lea.conversation_id)), by=house.chloe)
    house.receive(**answer)
    assert told.kinds(house.chloe) == []
    note(house, lea.conversation_id, "@Chloé", NewMention("member", house.chloe.id), by=house.anne)
    assert told.kinds(house.chloe) == ["mentioned"], "who is named hears it all the same"

    house.write(lambda tx: muting.unmute(tx, thread.find(tx, lea.conversation_id)), by=house.chloe)
    house.write(lambda tx: spamming.mark(tx, thread.find(tx, lea.conversation_id)))
    house.receive(**answer)
    assert told.kinds(house.chloe) == ["mentioned"]


def test_a_snooze_that_ends_and_a_reply_that_fails_tell_who_waits_for_them(house: House, told: Told) -> None:
    lea = house.receive()
    soon = snoozing.choices(house.clock(), ZoneInfo("UTC"))[0].until
    house.write(lambda tx: snoozing.snooze(tx, thread.find(tx, lea.conversation_id), until=soon), by=house.bruno)
    house.clock.forward(hours=2)
    house.write(lambda tx: snoozing.wake(tx, lea.conversation_id))
    assert told.kinds(house.bruno) == ["woken"]

    def fail(tx: Transaction) -> None:
        message = tx.find(Message, lea.message_id)
        message.kind, message.member_id, message.delivery = "reply", house.anne.id, Delivery.SENDING
        delivering.failed(tx, message, code="recipients_refused", detail="550")

    house.write(fail)
    assert told.kinds(house.anne) == ["failed"]


def test_each_chooses_how_and_nothing_at_all_is_a_choice(house: House, told: Told) -> None:
    lea = house.receive()
    told.happen()
    choose(house, house.chloe, assigned=["desktop"])
    assign(house, lea.conversation_id, house.chloe, by=house.anne)
    page = told.page(house.chloe)
    assert page.rows == [] and [row.kind for row in page.ringing] == ["assigned"]
    choose(house, house.bruno, assigned=[])
    assign(house, lea.conversation_id, house.bruno, by=house.anne)
    told.happen()
    assert (
        house.read(lambda tx: tx.value("SELECT count(*) FROM notifications WHERE member_id = :b", b=house.bruno.id))
        == 0
    )
