"""From where does a firm write? Learnt from the addresses of its people, for a whole batch: who else writes from there is suggested.

The same rules as where a member says it (`editing.learn_domain`): never a public mail host, nor where a file has the domain.
"""

from collections.abc import Iterable

from comptoir.customers import public_hosts, words
from comptoir.customers.directory import batches
from comptoir.customers.editing import DOMAIN
from comptoir.foundation.among import rows_among
from comptoir.foundation.transaction import Transaction


def learn(tx: Transaction, said: Iterable[tuple[int, str]]) -> None:
    """`said`: customers, and addresses of theirs. Where two have one domain, it is the first one's."""
    first: dict[str, int] = {}
    for customer_id, address in said:
        first.setdefault(public_hosts.domain_of(address), customer_id)
    wanted = {
        domain: id for domain, id in first.items() if DOMAIN.fullmatch(domain) and not public_hosts.is_public(domain)
    }
    if not wanted:
        return
    taken = rows_among(tx, "SELECT domain FROM customer_domains WHERE domain IN ({values})", wanted)
    persons = rows_among(tx, "SELECT id FROM customers WHERE is_person AND id IN ({values})", wanted.values())
    known, private = {domain for (domain,) in taken}, {id for (id,) in persons}
    fresh = [(domain, id) for domain, id in wanted.items() if domain not in known and id not in private]
    batches.insert(tx, "customer_domains", ("domain", "customer_id"), fresh, ending="ON CONFLICT DO NOTHING")
    found = [(word, id) for domain, id in fresh for word in sorted(words.of_customer("", None, [domain]))]
    batches.insert(tx, "customer_words", ("word", "customer_id"), found, ending="ON CONFLICT DO NOTHING")
