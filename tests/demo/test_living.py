"""The sample customers write while one watches, answer what they are told, and go home in the end."""

import asyncio

import pytest

from comptoir.channels.models import Channel
from comptoir.channels.port import Person
from comptoir.conversations import receiving, writing
from comptoir.conversations.models import Conversation, Message
from comptoir.demo import living
from comptoir.demo.everyday import ANSWERS
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.gateway import ledger
from comptoir.mail import mime
from comptoir.mail.quotes import preview
from tests.demo.test_demo import as_owner, count, play
from tests.house import Clock, House


def wait(demo: Services, seconds: float) -> None:
    """Time passes, and what customers wrote is read, as the job does."""
    assert isinstance(demo.clock, Clock)
    for _ in range(int(seconds // 4)):
        demo.clock.forward(seconds=4)
        asyncio.run(living.go_on(demo))
        demo.database.write_now(lambda tx: read_all(tx, demo.secrets.key("threads")))


def read_all(tx: Transaction, token_key: bytes) -> None:
    for ledger_id in ledger.in_state(tx, ledger.KEPT):
        entry = ledger.find(tx, ledger_id)
        assert entry is not None and entry.body is not None
        incoming = mime.read(entry.body, entry.received_at)
        landed = receiving.receive(
            tx, tx.find(Channel, entry.channel_id), incoming, ledger_id=ledger_id, token_key=token_key
        )
        ledger.settle(tx, ledger_id, state=ledger.READ, message_id=landed.message_id)


def conversation_with(demo: Services, contact: str) -> Conversation:
    """The newest one with somebody."""
    id = play(
        demo,
        lambda tx: tx.value(
            "SELECT c.id FROM conversations c JOIN contacts p ON p.id = c.contact_id WHERE p.name LIKE :name"
            " ORDER BY c.last_at DESC LIMIT 1",
            name=contact,
        ),
    )
    return play(demo, lambda tx: tx.find(Conversation, id))


def answer(demo: Services, conversation_id: int, text: str, to: str = "x@garage.example") -> Message:
    """Anne answers, and it has left."""
    anne = play(demo, as_owner)
    words = writing.Words(client_id=f"anne-{count(demo, 'messages')}", text=text, to=[Person(to)])

    def write(tx: Transaction) -> Message:
        found = tx.find(Conversation, conversation_id)
        written = writing.reply(tx, found, words, token_key=demo.secrets.key("threads")).message
        written.delivery = "sent"
        return written

    return demo.database.write_now(write, actor=anne)


def note(demo: Services, conversation_id: int) -> None:
    words = writing.Words(client_id=f"note-{count(demo, 'messages')}", text="À suivre")
    demo.database.write_now(
        lambda tx: writing.note(tx, tx.find(Conversation, conversation_id), words), actor=play(demo, as_owner)
    )


def texts(demo: Services, conversation_id: int) -> list[str]:
    sql = "SELECT text FROM messages WHERE conversation_id = :id AND kind = 'incoming' ORDER BY id"
    return [text for (text,) in play(demo, lambda tx: tx.rows(sql, id=conversation_id))]


def test_somebody_writes_every_45_seconds(demo: Services) -> None:
    before = count(demo, "conversations")

    wait(demo, 4)
    first = count(demo, "conversations")
    wait(demo, 180)

    assert first == before + 1, "the first one comes at once"
    assert count(demo, "conversations") == first + 3


def test_a_customer_answers_in_the_thread_and_in_their_language(demo: Services) -> None:
    emma = conversation_with(demo, "Emma Hartley")

    answer(demo, emma.id, "Yes, all in stock.")
    wait(demo, 4)
    too_soon = len(texts(demo, emma.id))
    wait(demo, 20)

    assert len(texts(demo, emma.id)) == too_soon + 1, "after 8 to 20 seconds, once"
    assert preview(texts(demo, emma.id)[-1]).startswith(ANSWERS["en"][0])
    assert "> Yes, all in stock." in texts(demo, emma.id)[-1]


def test_a_note_does_not_keep_a_customer_from_answering(demo: Services) -> None:
    karim = conversation_with(demo, "Karim Haddad%")
    before = len(texts(demo, karim.id))

    answer(demo, karim.id, "Il est au comptoir.")
    note(demo, karim.id)
    wait(demo, 24)

    assert len(texts(demo, karim.id)) == before + 1


def test_who_is_not_of_the_cast_keeps_nobody_waiting(demo: Services) -> None:
    """The mail that could not be read has nobody to answer; the reply after it is answered all the same."""
    unreadable = play(demo, lambda tx: tx.value("SELECT conversation_id FROM messages WHERE is_unreadable"))
    karim = conversation_with(demo, "Karim Haddad%")
    before = len(texts(demo, karim.id))

    answer(demo, unreadable, "Pouvez-vous renvoyer votre message ?")
    answer(demo, karim.id, "Il est au comptoir.")
    wait(demo, 24)

    assert len(texts(demo, karim.id)) == before + 1


def test_a_conversation_ends_after_a_few_answers(demo: Services) -> None:
    karim = conversation_with(demo, "Karim Haddad%")
    before = len(texts(demo, karim.id))

    for _ in range(living.MOST_ANSWERS + 2):
        answer(demo, karim.id, "Voilà.")
        wait(demo, 24)

    assert len(texts(demo, karim.id)) == before + living.MOST_ANSWERS


def test_nothing_new_while_a_mail_is_still_being_read(demo: Services) -> None:
    clock = demo.clock
    assert isinstance(clock, Clock)
    before = count(demo, "ledger")

    for _ in range(3):
        clock.forward(seconds=60)
        asyncio.run(living.go_on(demo))

    assert count(demo, "ledger") == before + 1


def test_they_go_home_in_the_end(demo: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(living, "MOST_MAILS", count(demo, "ledger") + 2)
    before = count(demo, "ledger")

    wait(demo, 400)

    assert count(demo, "ledger") == before + 2


def test_nobody_writes_to_a_real_mailbox(house: House) -> None:
    asyncio.run(living.go_on(house.services))

    assert count(house.services, "ledger") == 0
