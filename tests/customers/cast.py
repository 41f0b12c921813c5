"""The customers of the tests, and short ways to keep their files."""

from typing import Any

from comptoir.conversations.customers import linking
from comptoir.conversations.models import Conversation
from comptoir.conversations.rows import rows_of
from comptoir.conversations.schemas import ConversationRow
from comptoir.customers import editing
from comptoir.customers.models import Contact, Customer
from comptoir.customers.schemas import CustomerFacts
from tests.house import House


def file_of(house: House, name: str = "Garage Morel", **facts: Any) -> int:
    """A new file, by Bruno; its id."""
    return house.write(lambda tx: editing.create(tx, CustomerFacts(name, **facts)).id, by=house.bruno)


def link(house: House, conversation_id: int, customer_id: int, *, with_contact: bool = False) -> None:
    house.write(
        lambda tx: linking.link(
            tx, tx.find(Conversation, conversation_id), tx.find(Customer, customer_id), with_contact=with_contact
        ),
        by=house.bruno,
    )


def row(house: House, conversation_id: int) -> ConversationRow:
    return house.read(lambda tx: rows_of(tx, [conversation_id]))[0]


def contact_of(house: House, conversation_id: int) -> Contact:
    id = house.conversation(conversation_id).contact_id
    assert id is not None
    return house.read(lambda tx: tx.find(Contact, id))
