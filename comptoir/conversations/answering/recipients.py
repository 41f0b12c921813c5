"""Who a reply goes to, and from which of our addresses; and the people one may mean while one types."""

from dataclasses import dataclass

import msgspec

from comptoir.channels import queries as channels
from comptoir.conversations.answering.schemas import SuggestedPerson
from comptoir.conversations.schemas import PersonView, ReplyRecipients
from comptoir.conversations.uploading import MOST_BYTES
from comptoir.customers.identifying import EMAIL, address_of
from comptoir.foundation.tables import from_ms
from comptoir.foundation.transaction import Transaction
from comptoir.mail import signatures
from comptoir.mail.threads import reply_subject
from comptoir.team.access import visible

SHOWN = 8
BASE64 = 0.72  # what is left for files in a mail of a given size: three bytes in four, and the words
Envelope = dict[str, list[list[str]]]  # header -> address and name of each


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
    contact_id: int | None
    contact_name: str
    envelope: Envelope


def reply_all(tx: Transaction, conversation_id: int, *, message_id: int | None = None) -> ReplyRecipients:
    """To the mail named, or to the newest from outside: its sender (or Reply-To) and everybody else but ourselves. A mail of
    our own is answered to whom it went; so is a conversation in which nobody has answered us yet."""
    facts = _facts(tx, conversation_id, message_id)
    own = channels.own_addresses(tx)
    senders = [PersonView(address, facts.channel_name) for address in (facts.channel_address, *facts.aliases)]
    mail = facts.envelope or _last_sent(tx, conversation_id)
    wrote = _people(mail, "reply_to") or _people(mail, "from")
    is_ours = bool(wrote) and wrote[0].address in own
    to = _others(_people(mail, "to") if is_ours else wrote, own, set())
    if not to and (address := address_of(tx, facts.contact_id, EMAIL)):
        to = [PersonView(address, facts.contact_name)]
    cc = _others(
        _people(mail, "cc") if is_ours else _people(mail, "to") + _people(mail, "cc"),
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
        author=next(iter(_people(facts.envelope, "from")), None),
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
        "(lower({address}) LIKE :start ESCAPE '\\' OR lower(p.name) LIKE :start ESCAPE '\\'"
        " OR lower(p.name) LIKE :inside ESCAPE '\\')"
    )
    members = tx.rows(
        f"SELECT p.email, p.name FROM members p WHERE p.is_active AND {matches.format(address='p.email')}"
        f" ORDER BY p.name LIMIT {SHOWN}",
        **given,
    )
    contacts = tx.rows(
        "SELECT i.value, p.name FROM identities i JOIN contacts p ON p.id = i.contact_id"
        f" WHERE i.kind = 'email' AND i.ended_at IS NULL AND {matches.format(address='i.value')}"
        f" AND EXISTS (SELECT 1 FROM conversations c WHERE c.contact_id = p.id AND {visible(tx.actor)})"
        f" ORDER BY p.id DESC, i.id LIMIT {SHOWN}",
        **given,
    )
    found = {address: SuggestedPerson(address, name, is_member=True) for address, name in members}
    for address, name in contacts:
        found.setdefault(address, SuggestedPerson(address, name))
    return list(found.values())[:SHOWN]


def _facts(tx: Transaction, conversation_id: int, message_id: int | None) -> _Facts:
    row = tx.row(
        "SELECT ch.address, ch.name, ch.aliases, ch.quotes_history, ch.size_limit, c.subject, m.id, m.at, c.contact_id, p.name,"
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
    address, name, aliases, quotes, size, subject, answered_id, answered_at, contact_id, contact_name, packed = row
    return _Facts(
        channel_address=address,
        channel_name=name,
        aliases=msgspec.json.decode(aliases),
        quotes_history=bool(quotes),
        size_limit=size,
        subject=subject,
        answered_id=answered_id,
        answered_at=answered_at,
        contact_id=contact_id,
        contact_name=contact_name or "",
        envelope=_envelope(packed),
    )


def _last_sent(tx: Transaction, conversation_id: int) -> Envelope:
    asked = (
        "SELECT recipients FROM messages WHERE conversation_id = :id AND kind = 'reply' AND delivery <> 'failed'"
        " ORDER BY at DESC, id DESC LIMIT 1"
    )
    return _envelope(tx.value(asked, id=conversation_id))


def _envelope(packed: str | None) -> Envelope:
    return msgspec.json.decode(packed, type=Envelope) if packed else {}


def _people(mail: Envelope, field: str) -> list[PersonView]:
    return [PersonView(address, name) for address, name in mail.get(field, ())]


def _sender(facts: _Facts, senders: list[PersonView]) -> PersonView:
    """The one of our addresses that the mail was sent to, as it says; the mailbox's own where it says none."""
    named = [person.address for field in ("to", "cc", "delivered_to") for person in _people(facts.envelope, field)]
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
