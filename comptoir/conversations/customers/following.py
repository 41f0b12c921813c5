"""What people wrote follows them into the file that a list, an API or the ERP says they belong to."""

from comptoir.conversations.customers import linking
from comptoir.customers.models import Contact, Customer
from comptoir.foundation.jobs.port import Job
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Event, Transaction


async def follow(services: Services, job: Job) -> None:
    """At contact.placed: one short transaction for each contact."""
    event_id = int(job.args["event_id"])
    ids: list[int] = await services.database.read(lambda tx: tx.find(Event, event_id).data["contact_ids"])
    for id in ids:
        await services.database.write(lambda tx, id=id: _follow(tx, id))  # type: ignore[misc]


def _follow(tx: Transaction, contact_id: int) -> None:
    contact = tx.session.get(Contact, contact_id)
    customer = None if contact is None or contact.customer_id is None else tx.find(Customer, contact.customer_id)
    if contact is not None and customer is not None and customer.is_current:
        linking.belong(tx, contact, customer)
