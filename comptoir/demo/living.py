"""The sample customers go on writing, and answer when a member answers them, so that a newcomer sees the inbox live.

Their mails take the real way: into the ledger, and read by the job. Stateless: what happens next is read from the database,
so a restart forgets nothing, and two processes that decide the same thing at once keep one mail.
"""

from datetime import timedelta

from msgspec import Struct

from comptoir.channels.models import Channel
from comptoir.channels.port import RawMail
from comptoir.conversations.models import Message
from comptoir.demo import clearing, letters, stage
from comptoir.demo.cast import CUSTOMERS, Customer
from comptoir.demo.everyday import ANSWERS, STORIES
from comptoir.demo.scenes import Mail
from comptoir.foundation.services import Services
from comptoir.foundation.tables import to_ms
from comptoir.foundation.transaction import Transaction
from comptoir.gateway import keeping, ledger

EVERY = timedelta(seconds=45)
WHILE = timedelta(hours=1)  # an answer that is older gets none: the customer has moved on
MOST_MAILS = 280  # in all; then the customers have gone home
MOST_ANSWERS = 4  # in one conversation

# After eight to sixteen seconds, different for each reply; the schedule adds four at the most.
THINKS_MS, DIFFERS_MS, WAYS = 8_000, 1_000, 9


class Letter(Struct, frozen=True):
    """What a customer is about to write, and to which mailbox. `chain`: the thread it answers."""

    channel_id: int
    customer: Customer
    subject: str
    text: str
    chain: list[str]


async def go_on(services: Services) -> None:
    """Scheduled: one answer that is due, or else one new mail that is due."""
    if await services.database.read(_due) is not None:
        await services.database.write(_post)


def _post(tx: Transaction) -> None:
    letter = _due(tx)
    if letter is None:
        return
    channel = tx.find(Channel, letter.channel_id)
    uid = 1 + int(tx.value("SELECT count(*) FROM ledger WHERE channel_id = :id", id=channel.id))
    mail = Mail(0, letter.text)
    raw = letters.write(letter.customer, channel, letter.subject, mail, tx.now, letter.chain, f"living-{uid}")
    keeping.keep(tx, channel.id, RawMail("INBOX", 1, uid, raw, tx.now), file_key=None)


def _due(tx: Transaction) -> Letter | None:
    """Nothing while the mail before is still being read: what it answers would be answered twice."""
    channels = tx.rows(
        "SELECT id, address FROM channels WHERE provider = :demo AND disconnected_at IS NULL ORDER BY id",
        demo=stage.PROVIDER,
    )
    if not channels or not clearing.is_open(tx):
        return None
    ids = ", ".join(str(id) for id, _ in channels)
    waits = f"SELECT 1 FROM ledger WHERE state = :kept AND channel_id IN ({ids}) LIMIT 1"
    if tx.value(waits, kept=ledger.KEPT) is not None:
        return None
    count, newest = tx.row(f"SELECT count(*), max(kept_at) FROM ledger WHERE channel_id IN ({ids})") or (0, None)
    if count >= MOST_MAILS:
        return None
    answer = _answer(tx, ids)
    if answer is not None or (newest is not None and newest > to_ms(tx.now - EVERY)):
        return answer
    return _story(channels, count)


def _answer(tx: Transaction, channel_ids: str) -> Letter | None:
    """To the oldest reply to a sample customer, made since the curtain rose, that they have read and not answered."""
    found = tx.rows(
        "SELECT m.id, ct.address, (SELECT count(*) FROM messages a WHERE a.conversation_id = m.conversation_id"
        " AND a.kind = 'reply' AND a.client_id NOT LIKE :scripted AND a.id <= m.id) AS number"
        " FROM conversations c JOIN messages m ON m.conversation_id = c.id"
        f" JOIN contacts ct ON ct.id = c.contact_id AND ct.address IN ({_ADDRESSES})"
        f" WHERE c.channel_id IN ({channel_ids}) AND c.last_at > :lately AND m.kind = 'reply' AND m.delivery = 'sent'"
        " AND m.client_id NOT LIKE :scripted AND m.at > :lately AND m.at + :thinks + (m.id % :ways) * :differs <= :now"
        " AND NOT EXISTS (SELECT 1 FROM messages p WHERE p.conversation_id = m.conversation_id AND p.header_id LIKE :played)"
        " AND NOT EXISTS (SELECT 1 FROM messages n WHERE n.conversation_id = m.conversation_id"
        " AND n.kind IN ('incoming', 'reply') AND n.id > m.id) ORDER BY m.id",
        scripted="demo-%",
        played="<phone-%",  # somebody plays this customer
        lately=to_ms(tx.now - WHILE),
        thinks=THINKS_MS,
        ways=WAYS,
        differs=DIFFERS_MS,
        now=to_ms(tx.now),
    )
    for message_id, address, number in found:
        if number <= MOST_ANSWERS:
            return _answer_to(tx.find(Message, message_id), address, number)
    return None


def _answer_to(reply: Message, address: str, number: int) -> Letter:
    customer = next(customer for customer in CUSTOMERS.values() if customer.address == address)
    quoted = "\n".join(f"> {line}" for line in reply.text.splitlines())
    sender = reply.recipients["from"][0][0]
    when = f"{reply.at:%d/%m/%Y}"
    said = f"Le {when}, <{sender}> a écrit :" if customer.language == "fr" else f"On {when}, <{sender}> wrote:"
    text = f"{ANSWERS[customer.language][number - 1]}\n\n{customer.name}\n\n{said}\n{quoted}"
    chain = [*(reply.chain or []), reply.header_id or ""]
    return Letter(reply.channel_id, customer, reply.subject, text, chain)


def _story(channels: list[tuple[int, str]], count: int) -> Letter:
    """The next one; the number in it makes it another than twelve mails ago."""
    mailboxes = {address.partition("@")[0]: id for id, address in channels}
    stories = [story for story in STORIES if story.mailbox in mailboxes]
    story = stories[count % len(stories)]
    number = f"{100 + count * 37 % 900}"
    customer = CUSTOMERS[story.customer]
    text = f"{story.text.replace('{n}', number)}\n\n{customer.name}"
    subject = story.subject.replace("{n}", number)
    return Letter(mailboxes[story.mailbox], customer, subject, text, [])


_ADDRESSES = ", ".join(f"'{customer.address}'" for customer in CUSTOMERS.values())
