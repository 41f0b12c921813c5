"""The doors of the customers room: the files and the people on them. The whole team keeps them."""

from typing import Annotated

from litestar import Router, delete, get, patch, post, put
from litestar.params import FromPath, JSONBody, Parameter

from comptoir.customers import completing, editing, naming, queries
from comptoir.customers import search as searching
from comptoir.customers.schemas import (
    ChangeContact,
    ContactView,
    CustomerFacts,
    CustomerHit,
    CustomerView,
    Duplicate,
    NewContact,
    NewIdentity,
    NewNoteOnFile,
    NoteView,
)
from comptoir.foundation.doors import act, query
from comptoir.foundation.transaction import Transaction


@get("/customers/search", operation_id="searchCustomers")
@query
def search(
    tx: Transaction,
    q: Annotated[str, Parameter(max_length=200)],
    limit: Annotated[int, Parameter(ge=1, le=50)] = 10,
) -> list[CustomerHit]:
    """Files that a few letters or digits find, by name, code, domain, or by the name, address or number of their people."""
    return searching.customers(tx, q, limit=limit)


@get("/customers/{customer_id:int}", operation_id="customer")
@query
def read(tx: Transaction, customer_id: FromPath[int]) -> CustomerView:
    return queries.view(tx, queries.find(tx, customer_id))


@post("/customers", operation_id="createCustomer")
@act
def create(tx: Transaction, data: JSONBody[CustomerFacts]) -> CustomerView:
    return queries.view(tx, editing.create(tx, data))


@put("/customers/{customer_id:int}", operation_id="changeCustomer")
@act
def change(tx: Transaction, customer_id: FromPath[int], data: JSONBody[CustomerFacts]) -> CustomerView:
    customer = queries.find(tx, customer_id)
    editing.change(tx, customer, data)
    return queries.view(tx, customer)


@put("/customers/{customer_id:int}/archive", operation_id="archiveCustomer", status_code=204)
@act
def archive(tx: Transaction, customer_id: FromPath[int]) -> None:
    """No longer in the list nor on offer; what it holds stays."""
    editing.archive(tx, queries.find(tx, customer_id))


@delete("/customers/{customer_id:int}/archive", operation_id="restoreCustomer", status_code=204)
@act
def restore(tx: Transaction, customer_id: FromPath[int]) -> None:
    editing.restore(tx, queries.find(tx, customer_id))


@get("/customers/{customer_id:int}/duplicates", operation_id="customerDuplicates")
@query
def duplicates(tx: Transaction, customer_id: FromPath[int]) -> list[Duplicate]:
    """Files that may be the same firm."""
    return queries.duplicates(tx, queries.find(tx, customer_id))


@post("/customers/{customer_id:int}/notes", operation_id="noteOnCustomer")
@act
def note(tx: Transaction, customer_id: FromPath[int], data: JSONBody[NewNoteOnFile]) -> NoteView:
    written = editing.note(tx, queries.find(tx, customer_id), data.text)
    return NoteView(written.id, written.member_id, written.at, written.text)


@delete("/customers/{customer_id:int}/notes/{note_id:int}", operation_id="removeNoteOnCustomer", status_code=204)
@act
def remove_note(tx: Transaction, customer_id: FromPath[int], note_id: FromPath[int]) -> None:
    editing.remove_note(tx, queries.find(tx, customer_id), note_id)


@get("/contacts/search", operation_id="searchContacts")
@query
def search_contacts(tx: Transaction, q: Annotated[str, Parameter(max_length=200)]) -> list[ContactView]:
    """People that a few letters or digits mean."""
    return queries.contacts(tx, completing.contacts(tx, q, kinds=("email", "phone"), limit=10))


@get("/contacts/{contact_id:int}", operation_id="contact")
@query
def contact(tx: Transaction, contact_id: FromPath[int]) -> ContactView:
    return queries.contact(tx, queries.find_contact(tx, contact_id))


@post("/contacts", operation_id="createContact")
@act
def create_contact(tx: Transaction, data: JSONBody[NewContact]) -> ContactView:
    customer_id = None if data.customer_id is None else queries.find(tx, data.customer_id).id
    made = naming.create(tx, name=data.name, addresses=data.addresses, customer_id=customer_id)
    return queries.contact(tx, made)


@patch("/contacts/{contact_id:int}", operation_id="changeContact")
@act
def change_contact(tx: Transaction, contact_id: FromPath[int], data: JSONBody[ChangeContact]) -> ContactView:
    known = queries.find_contact(tx, contact_id)
    naming.rename(tx, known, data.name)
    return queries.contact(tx, known)


@post("/contacts/{contact_id:int}/identities", operation_id="addIdentity")
@act
def add_identity(tx: Transaction, contact_id: FromPath[int], data: JSONBody[NewIdentity]) -> ContactView:
    """An e-mail address or a phone number; without a prefix it is read as the customer's country writes it."""
    known = queries.find_contact(tx, contact_id)
    naming.add(tx, known, data.value)
    return queries.contact(tx, known)


@delete("/contacts/{contact_id:int}/identities/{identity_id:int}", operation_id="removeIdentity", status_code=204)
@act
def remove_identity(tx: Transaction, contact_id: FromPath[int], identity_id: FromPath[int]) -> None:
    naming.remove(tx, queries.find_contact(tx, contact_id), identity_id)


def router() -> Router:
    handlers = [
        search,
        read,
        create,
        change,
        archive,
        restore,
        duplicates,
        note,
        remove_note,
        search_contacts,
        contact,
        create_contact,
        change_contact,
        add_identity,
        remove_identity,
    ]
    return Router("/", route_handlers=handlers, tags=["customers"])
