"""Who a reply goes to, and from which of our addresses; and the people one may mean while one types."""

from dataclasses import dataclass

import msgspec

from comptoir.channels import queries as channels
from comptoir.conversations.answering.schemas import SuggestedPerson
from comptoir.conversations.schemas import PersonView, ReplyRecipients
from comptoir.conversations.uploading import MOST_BYTES
from comptoir.foundation.tables import from_ms
from comptoir.foundation.transaction import Transaction
from comptoir.mail import signatures
from comptoir.mail.threads import reply_subject
from comptoir.team.access import visible

SHOWN = 8
BASE64 = 0.72  # what is left for files in a mail of a given size: three bytes in four, and the words


@dataclass(frozen=True)
class _Facts:
    """One row: the conversation, its channel, and the mail being answered."""

    channel_address: str
    channel_name: str
    aliases: list[str]
    quotes_history: bool
    size_limit: int | None
    subject: str
    answered_id: int | None
    answered_at: int | None
    contact: PersonView | None
    envelope: dict[str, list[list[str]]]


def reply_all(tx: Transaction, conversation_id: int, *, message_id: int | None = None) -> ReplyRecipients:
    """To the mail named, or to the newest from outside: its sender (or Reply-To) and everybody else but ourselves. A mail of
    our own is answered to whom it went."""
    facts = _facts(tx, conversation_id, message_id)
    own = channels.own_addresses(tx)
    senders = [PersonView(address, facts.channel_name) for address in (facts.channel_address, *facts.aliases)]
    wrote = _people(facts, "reply_to") or _people(facts, "from")
    is_ours = bool(wrote) and wrote[0].address in own
    to = _others(_people(facts, "to") if is_ours else wrote, own, set())
    if not to and facts.contact:
        to = [facts.contact]
    cc = _others(
        _people(facts, "cc") if is_ours else _people(facts, "to") + _people(facts, "cc"),
        own,
        {person.address for person in to},
    )
    return ReplyRecipients(
        sender=_sender(facts, senders),
        to=to,
        cc=cc,
        subject=reply_subject(facts.subject),
        in_reply_to_id=facts.answered_id,
        senders=senders,
        signature=_signature(tx, facts.channel_name),
        quotes_history=facts.quotes_history,
        files_limit=int((facts.size_limit or 1.4 * MOST_BYTES) * BASE64),
        author=next(iter(_people(facts, "from")), None),
        at=None if facts.answered_at is None else from_ms(facts.answered_at),
    )


def suggest(tx: Transaction, typed: str) -> list[SuggestedPerson]:
    """Colleagues, then contacts of the conversations that the member sees, by name or address."""
    words = typed.strip().lower()
    if not words:
        return []
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    given = {"start": f"{escaped}%", "inside": f"% {escaped}%"}
    matches = (
        "(lower(p.{address}) LIKE :start ESCAPE '\\' OR lower(p.name) LIKE :start ESCAPE '\\'"
        " OR lower(p.name) LIKE :inside ESCAPE '\\')"
    )
    members = tx.rows(
        f"SELECT p.email, p.name FROM members p WHERE p.is_active AND {matches.format(address='email')}"
        f" ORDER BY p.name LIMIT {SHOWN}",
        **given,
    )
    contacts = tx.rows(
        f"SELECT p.address, p.name FROM contacts p WHERE {matches.format(address='address')} AND p.address LIKE '%@%'"
        f" AND EXISTS (SELECT 1 FROM conversations c WHERE c.contact_id = p.id AND {visible(tx.actor)})"
        f" ORDER BY p.id DESC LIMIT {SHOWN}",
        **given,
    )
    found = {address: SuggestedPerson(address, name, is_member=True) for address, name in members}
    for address, name in contacts:
        found.setdefault(address, SuggestedPerson(address, name))
    return list(found.values())[:SHOWN]


def _facts(tx: Transaction, conversation_id: int, message_id: int | None) -> _Facts:
    row = tx.row(
        "SELECT ch.address, ch.name, ch.aliases, ch.quotes_history, ch.size_limit, c.subject, m.id, m.at, p.address, p.name,"
        " m.recipients FROM conversations c JOIN channels ch ON ch.id = c.channel_id"
        " LEFT JOIN contacts p ON p.id = c.contact_id"
        " LEFT JOIN messages m ON m.id = coalesce(:message, nullif(c.last_incoming_id, 0),"
        " (SELECT id FROM messages WHERE conversation_id = c.id AND kind = 'incoming' ORDER BY at DESC, id DESC LIMIT 1))"
        " AND m.conversation_id = c.id"
        " AND m.kind IN ('incoming', 'reply') WHERE c.id = :id",
        id=conversation_id,
        message=message_id,
    )
    assert row is not None
    address, name, aliases, quotes, size, subject, answered_id, answered_at, *contact, packed = row
    contact_address, contact_name = contact
    return _Facts(
        channel_address=address,
        channel_name=name,
        aliases=msgspec.json.decode(aliases),
        quotes_history=bool(quotes),
        size_limit=size,
        subject=subject,
        answered_id=answered_id,
        answered_at=answered_at,
        contact=PersonView(contact_address, contact_name or "") if contact_address else None,
        envelope=msgspec.json.decode(packed) if packed else {},
    )


def _people(facts: _Facts, field: str) -> list[PersonView]:
    return [PersonView(address, name) for address, name in facts.envelope.get(field, ())]


def _sender(facts: _Facts, senders: list[PersonView]) -> PersonView:
    """The one of our addresses that the mail was sent to, as it says; the mailbox's own where it says none."""
    named = [person.address for field in ("to", "cc", "delivered_to") for person in _people(facts, field)]
    if facts.channel_address in named:
        return senders[0]
    return next((sender for address in named for sender in senders if sender.address == address), senders[0])


def _others(people: list[PersonView], own: set[str], named: set[str]) -> list[PersonView]:
    kept = []
    for person in people:
        if person.address and person.address not in own and person.address not in named:
            named.add(person.address)
            kept.append(person)
    return kept


def _signature(tx: Transaction, mailbox: str) -> str:
    """The acting member's, as the text that will stand below their mail."""
    row = tx.row(
        "SELECT m.signature, m.name, m.email, o.name FROM members m LEFT JOIN organisations o ON o.id = 1"
        " WHERE m.id = :me AND m.signature <> ''",
        me=tx.actor.id,
    )
    if row is None:
        return ""
    html, name, email, company = row
    values = {"name": name, "email": email, "company": company or "", "mailbox": mailbox}
    return signatures.as_text(signatures.filled(html, values))
