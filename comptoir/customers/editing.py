"""Keep a customer's file: open it, change what it says, put it away, write a note on it. The whole team keeps the files."""

import re

from comptoir.customers import indexing, phones, public_hosts, words
from comptoir.customers.errors import BadCountry, BadDomain, CodeTaken, CustomerNameless, PublicDomain
from comptoir.customers.models import Customer, CustomerNote
from comptoir.customers.schemas import CustomerFacts
from comptoir.foundation.errors import NotFound
from comptoir.foundation.transaction import Transaction

DOMAIN = re.compile(r"(?=.{4,255}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")


def create(tx: Transaction, facts: CustomerFacts) -> Customer:
    customer = Customer(
        name="", name_key="", is_person=facts.is_person, tags=[], fields={}, created_at=tx.now, archived_at=None
    )
    domains = _take(tx, customer, facts)
    tx.add(customer)
    _keep_domains(tx, customer, domains)
    indexing.index_customer(tx, customer)
    tx.record("customer.created", customer_id=customer.id, name=customer.name)
    return customer


def change(tx: Transaction, customer: Customer, facts: CustomerFacts) -> None:
    """The file says what `facts` say, and nothing else; what changes nothing records nothing."""
    before, was_named = _said(customer), customer.name
    domains = _take(tx, customer, facts)
    if not _keep_domains(tx, customer, domains) and before == _said(customer):
        return
    indexing.index_customer(tx, customer)
    tx.record("customer.changed", customer_id=customer.id, is_renamed=was_named != customer.name)


def archive(tx: Transaction, customer: Customer) -> None:
    """No longer in the list nor on offer; what it holds stays where it is."""
    if customer.archived_at is None:
        customer.archived_at = tx.now
        tx.record("customer.archived", customer_id=customer.id)


def restore(tx: Transaction, customer: Customer) -> None:
    if customer.archived_at is not None:
        customer.archived_at = None
        tx.record("customer.restored", customer_id=customer.id)


def note(tx: Transaction, customer: Customer, text: str) -> CustomerNote:
    written = CustomerNote(customer_id=customer.id, member_id=tx.actor.id, at=tx.now, text=text.strip())
    tx.add(written)
    tx.record("customer.noted", customer_id=customer.id, note_id=written.id)
    return written


def remove_note(tx: Transaction, customer: Customer, note_id: int) -> None:
    written = tx.find(CustomerNote, note_id)
    if written.customer_id != customer.id:
        raise NotFound
    tx.remove(written)
    tx.record("customer.noted", customer_id=customer.id, note_id=note_id)


def learn_domain(tx: Transaction, customer_id: int, address: str) -> None:
    """Whoever else writes from there is suggested for this file: not from a public mail host, nor where a file has it."""
    domain = public_hosts.domain_of(address)
    if not DOMAIN.fullmatch(domain) or public_hosts.is_public(domain):
        return
    if tx.value("SELECT 1 FROM customer_domains WHERE domain = :domain", domain=domain) is not None:
        return
    customer = tx.find(Customer, customer_id)
    if not customer.is_person:
        _keep_domains(tx, customer, [*_domains(tx, customer), domain])
        indexing.index_customer(tx, customer)


def _take(tx: Transaction, customer: Customer, facts: CustomerFacts) -> list[str]:
    """Everything but the domains, which are handed back clean."""
    name = " ".join(facts.name.split())
    if not words.key(name):
        raise CustomerNameless
    country = (facts.country or "").strip().upper() or None
    if country is not None and not phones.is_country(country):
        raise BadCountry(country=country)
    code = " ".join((facts.code or "").split()) or None
    _free_code(tx, customer, code)
    customer.name, customer.code, customer.code_key = name, code, words.code_key(code)
    customer.is_person, customer.owner_id = facts.is_person, facts.owner_id
    customer.language, customer.country = facts.language or None, country
    customer.tags = list(dict.fromkeys(tag.strip() for tag in facts.tags if tag.strip()))
    customer.fields = {key.strip(): value.strip() for key, value in facts.fields.items() if key.strip()}
    return [_domain(given) for given in facts.domains if given.strip()]


def _free_code(tx: Transaction, customer: Customer, code: str | None) -> None:
    key = words.code_key(code)
    if key is None:
        return
    taken = tx.row("SELECT id, name FROM customers WHERE code_key = :key", key=key)
    if taken is not None and taken[0] != customer.id:
        raise CodeTaken(code=code, name=taken[1])


def _domain(given: str) -> str:
    """What is behind an address, a page or an @ is a domain too."""
    domain = re.sub(r"^https?://(www\.)?", "", given.strip().lower()).partition("/")[0]
    domain = public_hosts.domain_of(domain)
    if not DOMAIN.fullmatch(domain):
        raise BadDomain(domain=given)
    if public_hosts.is_public(domain):
        raise PublicDomain(domain=domain)
    return domain


def _domains(tx: Transaction, customer: Customer) -> list[str]:
    return [d for (d,) in tx.rows("SELECT domain FROM customer_domains WHERE customer_id = :id", id=customer.id)]


def _keep_domains(tx: Transaction, customer: Customer, wanted: list[str]) -> bool:
    known = set(_domains(tx, customer))
    for domain in known - set(wanted):
        tx.execute(
            "DELETE FROM customer_domains WHERE domain = :domain AND customer_id = :id", domain=domain, id=customer.id
        )
    for domain in set(wanted) - known:
        tx.execute(
            "INSERT INTO customer_domains (domain, customer_id) VALUES (:domain, :id)", domain=domain, id=customer.id
        )
    return known != set(wanted)


def _said(customer: Customer) -> tuple[object, ...]:
    return (
        customer.name,
        customer.code,
        customer.is_person,
        customer.owner_id,
        customer.language,
        customer.country,
        customer.tags,
        customer.fields,
    )
