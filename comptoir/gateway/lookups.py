"""Ask the ERP about somebody who is looked at, once in a while, and put what it says where everything of the directory lies.

A browser shows what is known at once; what the ERP adds comes by the stream. An ERP that is slow or gone makes nobody wait.
"""

import hashlib
from collections.abc import Sequence

import msgspec

from comptoir.conversations.customers import linking
from comptoir.customers import queries, words
from comptoir.customers.directory import putting
from comptoir.customers.directory.errors import taken
from comptoir.customers.directory.port import Directory, GivenContact, Known, Question, Silent
from comptoir.customers.documents import filing
from comptoir.customers.lookups import connecting
from comptoir.customers.lookups.errors import LookupGone, failure
from comptoir.customers.lookups.models import Lookup
from comptoir.customers.lookups.schemas import FoundInErp, LookedUp
from comptoir.foundation.errors import NotFound
from comptoir.foundation.services import Services
from comptoir.foundation.tables import to_ms
from comptoir.foundation.transaction import Transaction
from comptoir.providers.erp import Erp, Reading


def directory(services: Services, known: Lookup) -> Directory:
    return Erp(
        known.url,
        msgspec.convert(known.mapping, Reading),
        seconds=float(known.seconds),
        header=known.header,
        token=services.secrets.unseal(known.token) if known.token else "",
    )


async def look_up(services: Services, subject: str, id: int) -> LookedUp:
    """`subject`: contact or customer. The same question is asked again only when its answer is older than it is kept."""
    known, questions = await services.database.write(lambda tx: _to_ask(tx, subject, id))
    if known is None or not questions:
        return LookedUp(False)
    erp = directory(services, known)
    for question in questions:
        try:
            answer = await erp.ask(question)
        except Silent as silent:
            code = silent.code
            await services.database.write(lambda tx: connecting.note(tx, code))  # noqa: B023
            return LookedUp(False, code)
        await services.database.write(lambda tx: keep(tx, answer))  # noqa: B023
        if answer.customers:
            break
    return LookedUp(True)


async def find(services: Services, known: Lookup, questions: Sequence[Question]) -> Known:
    """What the ERP says of somebody, asked now and not kept. LookupFailed where it gives no answer."""
    erp = directory(services, known)
    trouble, reason, answer = "", "", Known()
    for question in questions:
        try:
            answer = await erp.ask(question)
        except Silent as silent:
            trouble, reason = silent.code, silent.reason
        if answer.customers or trouble:
            break
    await services.database.write(lambda tx: connecting.note(tx, trouble))
    if trouble:
        raise failure(trouble, reason)
    return answer


def about(tx: Transaction, contact_id: int) -> tuple[Lookup, list[Question]]:
    """Whom to ask, and what. NotFound where no ERP is connected, or there is no such contact."""
    known = connecting.find(tx)
    contact = queries.find_contact(tx, contact_id)
    if known is None or not known.is_active:
        raise NotFound
    return known, _questions(tx, "contact", contact.id)


def shown(tx: Transaction, answer: Known) -> list[FoundInErp]:
    return [
        FoundInErp(
            code=one.code,
            name=one.name or one.code,
            country=one.country or "",
            people=[who for who in (_person(contact) for contact in one.contacts) if who],
            documents=sum(words.code_key(each.customer) == words.code_key(one.code) for each in answer.documents),
            customer=queries.by_code(tx, one.code),
        )
        for one in answer.customers
    ]


def take(tx: Transaction, contact_id: int, code: str, answer: Known) -> None:
    """A member said that they are this customer: their file and its documents are made, or brought up to date."""
    key = words.code_key(code)
    given = [one for one in answer.customers if words.code_key(one.code) == key]
    if not given:
        raise LookupGone(code=code)
    taken(putting.put(tx, given[:1])[0])
    filing.file(tx, [one for one in answer.documents if words.code_key(one.customer) == key], source="lookup")
    file = queries.by_code(tx, code)
    assert file is not None  # it was put above
    linking.belong(tx, queries.find_contact(tx, contact_id), queries.find(tx, file.id))


def _person(contact: GivenContact) -> str:
    return " · ".join(filter(None, (contact.name, *contact.emails, *contact.phones)))


def keep(tx: Transaction, answer: Known) -> None:
    connecting.note(tx, "")
    putting.put(tx, answer.customers)
    filing.file(tx, answer.documents, source="lookup")


def _to_ask(tx: Transaction, subject: str, id: int) -> tuple[Lookup | None, list[Question]]:
    """What was not asked within the time that an answer is kept; noted as asked, so that two browsers ask once."""
    known = connecting.find(tx)
    if known is None or not known.is_active:
        return None, []
    fresh = to_ms(tx.now) - known.keep_minutes * 60_000
    questions = []
    for question in _questions(tx, subject, id):
        said = f"{question.code}|{question.email}|{question.phone}"
        asked = tx.execute(
            "INSERT INTO lookup_answers (key, asked_at) VALUES (:key, :now) ON CONFLICT (key) DO UPDATE"
            " SET asked_at = excluded.asked_at WHERE lookup_answers.asked_at < :fresh",
            key=hashlib.sha256(said.encode()).hexdigest(),
            now=to_ms(tx.now),
            fresh=fresh,
        )
        if asked:
            questions.append(question)
    return known, questions


def _questions(tx: Transaction, subject: str, id: int) -> list[Question]:
    if subject == "customer":
        code = tx.value("SELECT code FROM customers WHERE id = :id", id=id)
        return [Question(code=code)] if code else []
    rows = tx.rows(
        "SELECT DISTINCT kind, value FROM identities WHERE contact_id = :id AND kind IN ('email', 'phone')"
        " AND ended_at IS NULL ORDER BY kind, value LIMIT 6",
        id=id,
    )
    return [Question(email=value) if kind == "email" else Question(phone=value) for kind, value in rows]
