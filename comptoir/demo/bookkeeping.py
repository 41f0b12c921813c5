"""Put the sample company's books into the directory, and take them out again.

Before anybody writes, as an ERP would have it. What was in the directory already is left alone, on both ways: the log says which
files were made here.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from comptoir.customers import editing, queries, words
from comptoir.customers.directory import putting
from comptoir.customers.directory.port import GivenContact, GivenCustomer, GivenDocument
from comptoir.customers.documents import filing
from comptoir.demo.books import FILES, File, Paper
from comptoir.demo.cast import CUSTOMERS, DOMAIN
from comptoir.demo.erasing import erase, is_heard
from comptoir.foundation.transaction import Actor, Event, Transaction
from comptoir.team.models import Member

FILED = "demo.filed"  # in the log, with the ids of the files that were made
OPENED_AGO = timedelta(days=500)  # the files
NOTED_AGO = timedelta(days=2)


def file(tx: Transaction, members: Mapping[str, Member]) -> None:
    """By nobody, as an ERP does; but for the notes, which are their writers'."""
    actor, curtain = tx.actor, tx.now
    fresh = [one for one in FILES if queries.by_code(tx, one.code) is None]
    tx.now = curtain - OPENED_AGO
    putting.put(tx, [_customer(one, members[one.owner].email) for one in fresh])
    tx.now = curtain
    made = {found.id: one for one in fresh if (found := queries.by_code(tx, one.code)) is not None}
    tx.record(FILED, customer_ids=list(made))
    papers = [_document(one, paper, curtain.date()) for one in made.values() for paper in one.papers]
    filing.file(tx, [one for one in papers if not _is_filed(tx, one)], source="api")
    tx.now = curtain - NOTED_AGO
    for id, one in made.items():
        for key, text in one.notes:
            writer = members[key]
            tx.actor = Actor("member", writer.id, writer.role, writer.language)
            editing.note(tx, queries.find(tx, id), text)
    tx.actor, tx.now = actor, curtain


def take_back(tx: Transaction) -> None:
    """When the sample conversations are gone. A file that has others by now, or that another was merged into, stays."""
    events = tx.rows("SELECT id FROM events WHERE type = :filed AND conversation_id IS NULL", filed=FILED)
    ids = {id for (event_id,) in events for id in tx.find(Event, event_id).data["customer_ids"]}
    for id in ids:
        merged = tx.rows("SELECT id FROM customers WHERE merged_into_id = :id", id=id)
        if tx.value("SELECT 1 FROM conversations WHERE customer_id = :id LIMIT 1", id=id) is not None:
            continue
        if any(other not in ids for (other,) in merged):
            continue
        for (contact_id,) in tx.rows("SELECT id FROM contacts WHERE customer_id = :id", id=id):
            if is_heard(tx, contact_id):
                tx.execute("UPDATE contacts SET customer_id = NULL WHERE id = :id", id=contact_id)
            else:
                erase(tx, "contacts", f"id = {contact_id}")
        erase(tx, "customers", f"id = {id}")
    for kind in ("contact", "customer"):  # what was merged into one that is gone now
        erase(tx, f"{kind}s", f"merged_into_id NOT IN (SELECT id FROM {kind}s)")
        tx.execute(f"DELETE FROM merges WHERE kind = :kind AND kept_id NOT IN (SELECT id FROM {kind}s)", kind=kind)
    tx.execute("DELETE FROM events WHERE type = :filed AND conversation_id IS NULL", filed=FILED)


def _customer(one: File, owner: str) -> GivenCustomer:
    return GivenCustomer(
        code=one.code,
        name=one.name,
        country=one.country,
        language="fr",
        owner=owner,
        tags=list(one.tags),
        fields=dict(one.fields),
        contacts=[_contact(person) for person in one.people],
    )


def _contact(person: str | tuple[str, str]) -> GivenContact:
    if isinstance(person, tuple):
        return GivenContact(name=person[0], emails=[person[1]])
    known = CUSTOMERS[person]
    name = known.name.partition(" (")[0]  # who writes as "Karim Haddad (Taxi Mistral)" is Karim Haddad to the books
    return GivenContact(name=name, emails=[known.address], phones=[f"+{known.phone}"] if known.phone else [])


def _document(one: File, paper: Paper, today: date) -> GivenDocument:
    return GivenDocument(
        kind=paper.kind,
        number=paper.number,
        customer=one.code,
        issued_on=(today - timedelta(days=paper.ago)).isoformat(),
        state=paper.state,
        total=paper.total,
        currency="EUR" if paper.total is not None else "",
        link=f"https://erp.{DOMAIN}/{paper.kind}/{paper.number}",
    )


def _is_filed(tx: Transaction, given: GivenDocument) -> bool:
    """A newcomer's own, brought in before they looked at the sample data."""
    return (
        tx.value(
            "SELECT 1 FROM documents WHERE kind = :kind AND normalised = :number",
            kind=given.kind,
            number=words.code_key(given.number),
        )
        is not None
    )
