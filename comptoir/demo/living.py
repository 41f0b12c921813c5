"""The sample customers go on writing, and answer when a member answers them, so that a newcomer sees the inbox live.

Their mails take the real way: into the ledger, and read by the job. Stateless: what happens next is read from the database.
"""

from datetime import timedelta

from comptoir.channels.models import Channel
from comptoir.channels.port import RawMail
from comptoir.conversations.models import Conversation, Message
from comptoir.demo import stage
from comptoir.demo.cast import CUSTOMERS
from comptoir.demo.scenes import EVERYDAY, Mail
from comptoir.foundation.services import Services
from comptoir.foundation.tables import to_ms
from comptoir.foundation.transaction import Transaction
from comptoir.gateway import keeping

EVERY = timedelta(seconds=45)
THINKS_FOR = timedelta(seconds=8)
MOST_MAILS = 250  # then the customers have gone home
MOST_ANSWERS = 4  # in one conversation

ANSWERS = (
    "Parfait, merci beaucoup pour votre réponse rapide !",
    "Très bien. Vous pouvez nous livrer avant jeudi ?",
    "Merci. Dernière question : c'est bien la référence d'origine ?",
    "C'est noté, bonne journée à toute l'équipe.",
)


async def go_on(services: Services) -> None:
    """Scheduled: one answer that is due, or else one new mail that is due."""
    if await services.database.read(_has_customers):
        await services.database.write(_answer_or_write)


def _has_customers(tx: Transaction) -> bool:
    sql = "SELECT 1 FROM channels WHERE provider = :demo AND disconnected_at IS NULL LIMIT 1"
    return tx.value(sql, demo=stage.PROVIDER) is not None


def _answer_or_write(tx: Transaction) -> None:
    channels = tx.rows(
        "SELECT id FROM channels WHERE provider = :demo AND disconnected_at IS NULL", demo=stage.PROVIDER
    )
    if not channels:
        return
    count = int(
        tx.value("SELECT count(*) FROM ledger WHERE channel_id IN (SELECT id FROM channels WHERE provider = 'demo')")
    )
    if count < MOST_MAILS and not _answer(tx):
        _write(tx, count)


def _answer(tx: Transaction) -> bool:
    """The oldest reply to a sample customer, made since the curtain rose, that they have read and not answered."""
    found = tx.row(
        "SELECT m.id FROM messages m JOIN channels ch ON ch.id = m.channel_id AND ch.provider = :demo"
        " WHERE m.kind = 'reply' AND m.delivery = 'sent' AND m.client_id NOT LIKE :scripted AND m.at < :read"
        " AND NOT EXISTS (SELECT 1 FROM messages n WHERE n.conversation_id = m.conversation_id AND n.id > m.id)"
        " AND (SELECT count(*) FROM messages a WHERE a.conversation_id = m.conversation_id AND a.kind = 'reply'"
        " AND a.client_id NOT LIKE :scripted) <= :most ORDER BY m.id LIMIT 1",
        demo=stage.PROVIDER,
        scripted="demo-%",
        read=to_ms(tx.now - THINKS_FOR),
        most=MOST_ANSWERS,
    )
    if found is None:
        return False
    reply = tx.find(Message, found[0])
    conversation = tx.find(Conversation, reply.conversation_id)
    address = tx.value("SELECT address FROM contacts WHERE id = :id", id=conversation.contact_id)
    customer = next((customer for customer in CUSTOMERS.values() if customer.address == address), None)
    if customer is None:
        return False
    quoted = "\n".join(f"> {line}" for line in reply.text.splitlines())
    text = f"{ANSWERS[reply.id % len(ANSWERS)]}\n\n{customer.name}\n\nLe {tx.now:%d/%m/%Y}, nous écrivions :\n{quoted}"
    chain = [*(reply.chain or []), reply.header_id or ""]
    _post(tx, reply.channel_id, customer.key, reply.subject, text, chain)
    return True


def _write(tx: Transaction, count: int) -> None:
    newest = tx.value(
        "SELECT max(kept_at) FROM ledger WHERE channel_id IN (SELECT id FROM channels WHERE provider = :demo)",
        demo=stage.PROVIDER,
    )
    if newest is not None and newest > to_ms(tx.now - EVERY):
        return
    key, mailbox, subject, text = EVERYDAY[count % len(EVERYDAY)]
    local = f"{mailbox}@%"
    channel_id = tx.value(
        "SELECT id FROM channels WHERE provider = :demo AND address LIKE :local", demo=stage.PROVIDER, local=local
    )
    if channel_id is not None:
        _post(tx, channel_id, key, f"{subject} ({count})", f"{text}\n\n{CUSTOMERS[key].name}", [])


def _post(tx: Transaction, channel_id: int, customer: str, subject: str, text: str, chain: list[str]) -> None:
    channel = tx.find(Channel, channel_id)
    uid = 1 + int(tx.value("SELECT count(*) FROM ledger WHERE channel_id = :id", id=channel_id))
    mail = Mail(0, text)
    raw = stage.write_mail(CUSTOMERS[customer], channel, subject, mail, tx.now, chain, f"living-{uid}")
    keeping.keep(tx, channel_id, RawMail("INBOX", 1, uid, raw, tx.now), file_key=None)
