"""People to write to through one channel, while their name is typed; an open conversation with them is said at once."""

from comptoir.channels.models import Channel
from comptoir.channels.port import ChannelKind
from comptoir.conversations.beginning.schemas import People, Reachable
from comptoir.customers import completing
from comptoir.customers.directory import reading
from comptoir.foundation.among import rows_among
from comptoir.foundation.transaction import Transaction
from comptoir.team.access import visible

MOST = 8
KINDS = {ChannelKind.EMAIL: ("email",), ChannelKind.WHATSAPP: ("phone",)}


def find(tx: Transaction, channel: Channel, line: str, *, customer_id: int | None = None) -> People:
    """`customer_id`: whose country a number without a prefix is read in, and whose people come first where nothing is typed."""
    kinds = KINDS[ChannelKind(channel.kind)]
    typed = _typed(tx, channel, line, customer_id)
    ids = completing.contacts(tx, line, kinds=kinds, limit=MOST)
    if customer_id is not None and not line.strip():
        ids = [
            id
            for (id,) in tx.rows(
                "SELECT id FROM contacts WHERE customer_id = :id AND merged_into_id IS NULL ORDER BY name_key, id LIMIT :most",
                id=customer_id,
                most=MOST,
            )
        ]
    people = _reachable(tx, channel, ids)
    known = next((one for one in people if typed is not None and one.address == typed.address), None)
    return People(people, known or typed)


def _typed(tx: Transaction, channel: Channel, line: str, customer_id: int | None) -> Reachable | None:
    """What is typed, where it is an address or a number itself; with whoever has it."""
    try:
        if channel.kind == ChannelKind.EMAIL:
            address = value = reading.email(line)
        else:
            value = reading.phone(line, _country(tx, channel, customer_id))
            address = f"+{value}"
    except reading.Bad:
        return None
    owner = tx.value(
        "SELECT contact_id FROM identities WHERE kind = :kind AND value = :value AND ended_at IS NULL ORDER BY scope LIMIT 1",
        kind="email" if address == value else "phone",
        value=value,
    )
    known = _reachable(tx, channel, [owner]) if owner else []
    same = next((one for one in known if one.address == address), None)
    return same or Reachable(owner, "", address, reading.shown(address), None, "", "", None, "")


def _country(tx: Transaction, channel: Channel, customer_id: int | None) -> str | None:
    found = tx.value("SELECT country FROM customers WHERE id = :id", id=customer_id) if customer_id else None
    return found or reading.country_of(channel.address)


def _reachable(tx: Transaction, channel: Channel, ids: list[int]) -> list[Reachable]:
    """One line for each address or number, in the order of `ids`."""
    if not ids:
        return []
    kinds = KINDS[ChannelKind(channel.kind)]  # not in the query: SQLite would walk every identity of that kind
    rows = rows_among(
        tx,
        "SELECT DISTINCT p.id, p.name, i.kind, i.value, f.id, f.name, f.code FROM contacts p"
        " JOIN identities i ON i.contact_id = p.id AND i.ended_at IS NULL"
        " LEFT JOIN customers f ON f.id = p.customer_id WHERE p.id IN ({values})",
        ids,
    )
    open_ones = {
        contact_id: (id, subject)
        for contact_id, id, subject in rows_among(
            tx,
            # First theirs, then the open ones among them: the planner would rather walk the whole channel.
            "WITH theirs AS MATERIALIZED (SELECT id, contact_id, channel_id, subject, status, assignee_id, team_id, last_at"
            " FROM conversations WHERE contact_id IN ({values}) AND channel_id = :channel)"
            " SELECT c.contact_id, c.id, c.subject FROM theirs c"
            f" WHERE c.status IN ('open', 'pending', 'snoozed') AND {visible(tx.actor)} ORDER BY c.last_at, c.id",
            ids,
            channel=channel.id,
        )
    }
    found = []
    for id, name, kind, value, customer_id, customer, code in sorted(rows, key=lambda row: ids.index(row[0])):
        if kind not in kinds:
            continue
        address = f"+{value}" if kind == "phone" else value
        conversation_id, subject = open_ones.get(id, (None, ""))
        found.append(
            Reachable(
                id,
                name,
                address,
                reading.shown(address),
                customer_id,
                customer or "",
                code or "",
                conversation_id,
                subject,
            )
        )
    return found[: MOST * 2]
