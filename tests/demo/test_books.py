"""The sample company knows its customers: their files beside the threads, with documents; and all of it goes with the sample data."""

import asyncio

from comptoir.conversations.customers import details, linking, profile
from comptoir.conversations.models import Conversation
from comptoir.customers import editing, queries
from comptoir.customers.directory import putting
from comptoir.customers.directory.port import GivenCustomer, GivenDocument
from comptoir.customers.documents import filing
from comptoir.customers.models import Contact
from comptoir.customers.schemas import CustomerFacts
from comptoir.demo import clearing, opening
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.team.queries import demo_actor
from tests.demo.test_clearing import actor_of, real_mailbox
from tests.demo.test_demo import as_owner, count, play


def test_a_newcomer_sees_customers_beside_the_threads(demo: Services) -> None:
    anne = play(demo, as_owner)

    def look(tx: Transaction) -> None:
        morel = queries.by_code(tx, "ex 0412")
        assert morel is not None
        (thread,) = tx.row("SELECT min(id) FROM conversations WHERE customer_id = :id", id=morel.id) or (0,)
        beside = details.of(tx, tx.find(Conversation, thread))
        assert beside.customer is not None and beside.customer.fields["Remise"] == "12 %"
        assert beside.contact is not None and {one.kind for one in beside.contact.identities} == {"email", "phone"}
        assert beside.elsewhere, "she writes on WhatsApp too"
        figures = profile.figures(tx, morel.id)
        assert figures.received > 3 and figures.sent > 1 and figures.first_response

    play(demo, look, anne)
    assert {kind for (kind,) in play(demo, lambda tx: tx.rows("SELECT DISTINCT kind FROM documents"))} == {
        "order",
        "quote",
        "invoice",
        "delivery",
    }
    assert count(demo, "documents WHERE customer_id IS NULL") == 0
    assert count(demo, "customers WHERE owner_id IS NULL") == 0


def test_who_is_on_no_file_is_suggested_by_the_domain(demo: Services) -> None:
    def suggested(tx: Transaction, address: str) -> list[str]:
        contact_id = tx.value("SELECT contact_id FROM identities WHERE value = :address", address=address)
        return [file.name for file in queries.suggestions(tx, tx.find(Contact, contact_id))]

    assert play(demo, lambda tx: suggested(tx, "contact@auto2000.example")) == ["Auto 2000"]
    assert play(demo, lambda tx: suggested(tx, "emma@hartley-motors.example")) == []


def test_a_file_that_somebody_works_with_stays(demo: Services) -> None:
    """One whom a real mailbox knows by now, and one of the newcomer's own; the others go."""
    anne = play(demo, lambda tx: actor_of(tx, "anne"))

    def work(tx: Transaction) -> None:
        mine, _ = real_mailbox(tx)
        kept = queries.by_code(tx, "EX-0077")
        assert kept is not None
        linking.link(tx, tx.find(Conversation, mine), queries.find(tx, kept.id))
        editing.create(tx, CustomerFacts(name="Vrai client", code="V-1"))

    demo.database.write_now(work, actor=anne)
    asyncio.run(clearing.clear(demo))

    assert play(demo, lambda tx: tx.rows("SELECT name FROM customers ORDER BY name")) == [
        ("Agri Loire",),
        ("Vrai client",),
    ]
    assert count(demo, "documents") == count(demo, "documents WHERE customer_id IS NOT NULL") == 4


def test_what_was_in_the_directory_is_not_touched(demo: Services) -> None:
    asyncio.run(clearing.clear(demo))

    def bring_in(tx: Transaction) -> None:
        putting.put(tx, [GivenCustomer(code="EX 0412", name="Le vrai")])
        filing.file(
            tx, [GivenDocument(kind="order", number="CMD8840", customer="EX0412", state="À nous")], source="api"
        )

    demo.database.write_now(bring_in)
    asyncio.run(opening.fill(demo, play(demo, lambda tx: demo_actor(tx).id or 0)))
    assert play(demo, lambda tx: queries.by_code(tx, "EX-0412").name) == "Le vrai"  # type: ignore[union-attr]
    asyncio.run(clearing.clear(demo))

    assert play(demo, lambda tx: tx.rows("SELECT name FROM customers")) == [("Le vrai",)]
    assert play(demo, lambda tx: tx.rows("SELECT number, state FROM documents")) == [("CMD8840", "À nous")]
