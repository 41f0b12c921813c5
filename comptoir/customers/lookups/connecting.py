"""Where the ERP is asked and how its answer reads: for owners, because the address may lie in the company's own network."""

from collections.abc import Collection

from comptoir.customers.lookups.errors import BadLookupUrl
from comptoir.customers.lookups.models import Lookup
from comptoir.customers.lookups.schemas import LookupSettings, LookupView
from comptoir.foundation.errors import NotAllowed
from comptoir.foundation.transaction import Actor, Transaction


def require_owner(actor: Actor) -> None:
    if actor.kind != "system" and actor.role != "owner":
        raise NotAllowed


def find(tx: Transaction) -> Lookup | None:
    return tx.session.get(Lookup, 1)


def can_ask_about(tx: Transaction, kinds: Collection[str]) -> bool:
    """Whether the ERP is asked for somebody by what they have: `kinds` of identity, email or phone."""
    known = find(tx)
    return known is not None and known.is_active and any(f"{{{kind}}}" in known.url for kind in kinds)


def connect(tx: Transaction, given: LookupSettings, *, sealed: str | None, is_usable: bool) -> Lookup:
    """`sealed`: the token as it is kept; None leaves the one that is there, unless it would go to another server."""
    require_owner(tx.actor)
    if not is_usable:
        raise BadLookupUrl
    known = find(tx) or Lookup(
        id=1, url="", header="", token="", mapping={}, seconds=3, keep_minutes=60, is_active=True, trouble=""
    )
    if sealed is not None:
        known.token = sealed
    elif _server(known.url) != _server(given.url):
        known.token = ""
    known.url, known.header = given.url.strip(), given.header
    known.mapping = {
        "customers": given.customers,
        "customer": given.customer,
        "documents": given.documents,
        "document": given.document,
    }
    known.seconds, known.keep_minutes, known.is_active = given.seconds, given.keep_minutes, given.is_active
    known.trouble = ""
    tx.add(known)
    tx.execute("DELETE FROM lookup_answers")
    tx.record("lookup.connected")
    return known


def disconnect(tx: Transaction) -> None:
    """What it said stays."""
    require_owner(tx.actor)
    known = find(tx)
    if known is not None:
        tx.remove(known)
        tx.record("lookup.disconnected")


def note(tx: Transaction, trouble: str) -> None:
    """How the last question went."""
    known = find(tx)
    if known is not None:
        known.trouble, known.asked_at = trouble, tx.now


def view(known: Lookup) -> LookupView:
    return LookupView(
        url=known.url,
        customers=known.mapping.get("customers", ""),
        customer=known.mapping.get("customer", {}),
        documents=known.mapping.get("documents", ""),
        document=known.mapping.get("document", {}),
        header=known.header,
        has_token=bool(known.token),
        seconds=known.seconds,
        keep_minutes=known.keep_minutes,
        is_active=known.is_active,
        trouble=known.trouble,
        asked_at=known.asked_at,
    )


def _server(url: str) -> str:
    return "/".join(url.split("/")[:3])
