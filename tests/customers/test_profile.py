"""The profile tells all that was said with a customer, and nothing that this member may not see."""

from comptoir.channels.port import Person
from comptoir.conversations import resolving, writing
from comptoir.conversations.customers import profile
from comptoir.conversations.models import Conversation
from comptoir.customers import editing, queries
from comptoir.customers.models import Customer
from comptoir.foundation.transaction import Transaction
from comptoir.team.models import Member
from tests.customers.cast import file_of, link
from tests.house import House


def answer(house: House, conversation_id: int, client_id: str) -> None:
    words = writing.Words(client_id=client_id, text="Oui.", to=[Person("lea@garage-morel.example", "Léa")])
    key = house.services.secrets.key("threads")
    house.write(
        lambda tx: writing.reply(tx, tx.find(Conversation, conversation_id), words, token_key=key), by=house.bruno
    )


def subjects(house: House, customer_id: int, member: Member) -> list[str]:
    """The whole timeline, read two by two."""
    found, cursor = [], None
    while True:
        page = house.read(lambda tx, c=cursor: profile.page(tx, customer_id, cursor=c, limit=2), by=member)
        found += [row.subject for row in page.rows]
        cursor = page.next
        if cursor is None:
            return found


def test_the_timeline_holds_every_channel_newest_first_and_obeys_what_one_may_see(house: House) -> None:
    garage = file_of(house)
    for subject, channel in (("Un", house.sav), ("Deux", house.achats), ("Trois", house.sav), ("Quatre", house.sav)):
        house.clock.forward(minutes=1)
        id = house.receive(channel, subject=subject).conversation_id
        link(house, id, garage)
    assert subjects(house, garage, house.chloe) == ["Quatre", "Trois", "Deux", "Un"]
    assert subjects(house, garage, house.bruno) == ["Quatre", "Trois", "Un"]
    assert house.read(lambda tx: profile.figures(tx, garage), by=house.bruno).received == 3
    assert house.read(lambda tx: profile.figures(tx, garage), by=house.chloe).received == 4


def test_the_figures_count_messages_and_how_long_an_answer_took(house: House) -> None:
    garage = file_of(house)
    first = house.receive().conversation_id
    link(house, first, garage, with_contact=True)
    house.clock.forward(minutes=10)
    answer(house, first, "client-0001")
    second = house.receive(subject="Facture").conversation_id
    house.clock.forward(minutes=30)
    answer(house, second, "client-0002")
    house.write(lambda tx: resolving.resolve(tx, tx.find(Conversation, second)), by=house.bruno)
    figures = house.read(lambda tx: profile.figures(tx, garage), by=house.bruno)
    assert (figures.conversations, figures.open, figures.received, figures.sent) == (2, 1, 2, 2)
    assert figures.first_response == 20 * 60, "the median of ten and thirty minutes"


def test_a_customer_nobody_ever_wrote_to_has_figures_of_nothing(house: House) -> None:
    garage = file_of(house)
    figures = house.read(lambda tx: profile.figures(tx, garage), by=house.bruno)
    assert (figures.conversations, figures.first_response, figures.last_at) == (0, None, None)


def test_notes_on_the_file_say_who_wrote_them(house: House) -> None:
    garage = file_of(house)

    def write(tx: Transaction) -> None:
        editing.note(tx, tx.find(Customer, garage), "Toujours appeler avant de livrer.")

    house.write(write, by=house.bruno)
    [note] = house.read(lambda tx: queries.view(tx, tx.find(Customer, garage))).notes
    assert (note.member_id, note.text) == (house.bruno.id, "Toujours appeler avant de livrer.")
    house.write(lambda tx: editing.remove_note(tx, tx.find(Customer, garage), note.id), by=house.anne)
    assert house.read(lambda tx: queries.view(tx, tx.find(Customer, garage))).notes == []
