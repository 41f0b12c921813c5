"""News of a reply joins that reply, recipient by recipient, forward only; and never opens a conversation."""

import itertools

import pytest

from comptoir.channels.port import Bounce, Incoming, Person, Report
from comptoir.conversations import delivering, reporting, resolving, writing
from comptoir.conversations.errors import AlreadyLeft
from comptoir.conversations.messages import messages_of
from comptoir.conversations.models import Conversation, Delivery, Message
from comptoir.foundation.transaction import Transaction
from tests.house import House, incoming_mail

LEA = "lea@garage-morel.example"
PAUL = "paul@garage-morel.example"
_numbers = itertools.count(1)


def sent(house: House, *to: str, subject: str = "Plaquettes") -> int:
    """A reply of ours that the server took; its id."""
    landed = house.receive(subject=subject)
    key = house.services.secrets.key("threads")
    words = writing.Words(
        client_id=f"client-{next(_numbers):08}", text="Oui.", to=[Person(address) for address in to or (LEA,)]
    )

    def work(tx: Transaction) -> int:
        message = writing.reply(tx, tx.find(Conversation, landed.conversation_id), words, token_key=key).message
        delivering.start(tx, message)
        delivering.sent(tx, message)
        return message.id

    return house.write(work, by=house.bruno)


def report(address: str, fate: str, status: str = "", reason: str = "") -> Report:
    return Report(address, fate, fate == "failed", status, reason)  # type: ignore[arg-type]


def news(house: House, id: int, *reports: Report) -> Message:
    """These reports come back, naming our Message-ID."""
    header_id = house.read(lambda tx: tx.find(Message, id)).header_id or ""
    return comes(house, Bounce(reports, (header_id,), "", True)) or message_of(house, id)


def comes(house: House, bounce: Bounce) -> Message | None:
    mail: Incoming = incoming_mail(house.clock(), sender=Person("mailer-daemon@relais.example"), bounce=bounce)
    return house.write(lambda tx: reporting.take_in(tx, house.sav, mail))


def message_of(house: House, id: int) -> Message:
    return house.read(lambda tx: tx.find(Message, id))


def states(message: Message) -> dict[str, str]:
    return {entry["address"]: entry["state"] for entry in message.receipts or ()}


def test_a_bounce_makes_the_reply_failed_with_a_cause_and_the_conversation_comes_back(house: House) -> None:
    id = sent(house)
    conversation_id = message_of(house, id).conversation_id
    house.write(lambda tx: resolving.resolve(tx, tx.find(Conversation, conversation_id)))
    house.clock.forward(minutes=3)

    message = news(house, id, report(LEA, "failed", "5.1.1", "550 5.1.1 no such user"))

    conversation = house.conversation(conversation_id)
    assert (message.delivery, message.error_code, message.error_detail) == (
        "failed",
        "unknown_address",
        "550 5.1.1 no such user",
    )
    assert conversation.is_open and conversation.failed_count == 1
    assert conversation.last_at == house.clock.now
    assert house.events(conversation_id)[-2:] == ["conversation.reopened", "message.failed"]
    [receipt] = house.read(lambda tx: messages_of(tx, [id])[0]).receipts
    assert (receipt.address, receipt.state, receipt.cause) == (LEA, "failed", "unknown_address")


def test_the_same_bounce_twice_is_told_once(house: House) -> None:
    id = sent(house)
    news(house, id, report(LEA, "failed", "5.1.1"))
    before = house.events()

    news(house, id, report(LEA, "failed", "5.1.1"))

    assert house.events() == before
    assert house.conversation(message_of(house, id).conversation_id).failed_count == 1


def test_one_recipient_of_two_is_a_line_and_not_a_failed_reply(house: House) -> None:
    id = sent(house, LEA, PAUL)

    message = news(house, id, report(PAUL, "failed", "5.2.2", "552 mailbox full"))
    both = news(house, id, report(LEA, "failed", "5.7.1", "550 5.7.1 refused"))

    assert message.delivery == both.delivery or message.delivery == "sent"
    assert states(both) == {PAUL: "failed", LEA: "failed"}
    assert both.delivery == "failed"
    assert [entry["cause"] for entry in both.receipts or ()] == ["mailbox_full", "rejected"]


def test_late_is_no_failure_and_what_follows_only_goes_forward(house: House) -> None:
    id = sent(house)
    seen = []

    for fate in ("delayed", "delivered", "delayed", "read", "delivered", "failed"):
        message = news(house, id, report(LEA, fate))
        seen.append((message.delivery, states(message)[LEA]))

    assert seen == [
        ("sent", "delayed"),
        ("delivered", "delivered"),
        ("delivered", "delivered"),
        ("read", "read"),
        ("read", "read"),
        ("read", "read"),
    ]


def test_what_was_delivered_may_still_come_back(house: House) -> None:
    id = sent(house)
    news(house, id, report(LEA, "delivered"))

    message = news(house, id, report(LEA, "failed", "5.2.2"))

    assert (message.delivery, message.error_code) == ("failed", "mailbox_full")


def test_a_report_about_the_address_behind_theirs_is_theirs(house: House) -> None:
    id = sent(house)

    assert states(news(house, id, report("lea.perso@ailleurs.example", "failed", "5.1.1"))) == {LEA: "failed"}


def test_a_bounce_without_any_id_is_matched_by_recipient_and_subject(house: House) -> None:
    other = sent(house, subject="Autre chose")
    id = sent(house, subject="Plaquettes")
    sent(house, PAUL, subject="Plaquettes")

    found = comes(house, Bounce((report(LEA, "failed"),), (), "", False, "RE: Plaquettes"))

    assert found is not None and found.id == id
    assert message_of(house, other).receipts is None


@pytest.mark.parametrize(
    "bounce",
    [
        Bounce((Report(LEA, "failed", True, "5.1.1", ""),), ("<never@x.example>",), "", True),
        Bounce((Report("x@x.example", "failed", True, "", ""),), (), "", False, "Plaquettes"),
        Bounce((Report(LEA, "failed", True, "", ""),), (), "", False),
    ],
    ids=["another's mail", "another's address", "nothing to go by"],
)
def test_a_bounce_of_nothing_we_sent_changes_nothing(house: House, bounce: Bounce) -> None:
    sent(house)
    before = house.events()

    assert comes(house, bounce) is None
    assert house.events() == before


def test_a_bounce_quicker_than_the_servers_answer_is_not_lost(house: House) -> None:
    landed = house.receive()
    words = writing.Words(client_id="client-quick", text="Oui.", to=[Person(LEA)])
    key = house.services.secrets.key("threads")
    id = house.write(
        lambda tx: writing.reply(tx, tx.find(Conversation, landed.conversation_id), words, token_key=key).message.id,
        by=house.bruno,
    )
    house.write(lambda tx: delivering.start(tx, tx.find(Message, id)))

    assert news(house, id, report(LEA, "failed", "5.1.1")).delivery == "sending"
    house.write(lambda tx: delivering.sent(tx, tx.find(Message, id)))

    assert message_of(house, id).delivery == "failed"
    assert house.conversation(landed.conversation_id).failed_count == 1


def test_a_bounced_reply_can_be_sent_again_and_not_be_thrown_away(house: House) -> None:
    id = sent(house)
    news(house, id, report(LEA, "failed", "5.2.2"))

    with pytest.raises(AlreadyLeft):
        house.write(lambda tx: delivering.discard(tx, tx.find(Message, id)))
    house.write(lambda tx: delivering.retry(tx, tx.find(Message, id)))

    message = message_of(house, id)
    assert (message.delivery, message.receipts) == (Delivery.QUEUED, None)
    assert house.conversation(message.conversation_id).failed_count == 0
