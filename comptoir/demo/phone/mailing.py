"""A sample customer writes a mail by the newcomer's hand: it takes the real way, through the ledger and the reader."""

from comptoir.channels.models import Channel
from comptoir.channels.port import RawMail
from comptoir.conversations.models import Conversation
from comptoir.demo import letters, stage
from comptoir.demo.cast import Customer
from comptoir.demo.phone.schemas import NewPhoneMail
from comptoir.demo.scenes import Mail
from comptoir.foundation.errors import NotFound
from comptoir.foundation.transaction import Transaction
from comptoir.gateway import keeping
from comptoir.mail import threads

KEY = "phone"  # begins the Message-ID: nobody else answers in this customer's place


def post(tx: Transaction, customer: Customer, given: NewPhoneMail) -> None:
    channel = tx.find(Channel, given.channel_id)
    if channel.provider != stage.PROVIDER or channel.disconnected_at is not None:
        raise NotFound
    subject, chain = given.subject.strip() or given.text.strip()[:60], list[str]()
    if given.conversation_id is not None:
        conversation = tx.find(Conversation, given.conversation_id)
        if conversation.channel_id != channel.id:
            raise NotFound
        subject, chain = threads.reply_subject(conversation.subject), stage.chain(tx, conversation)
    uid = 1 + int(tx.value("SELECT count(*) FROM ledger WHERE channel_id = :id", id=channel.id))
    mail = Mail(0, given.text)
    raw = letters.write(customer, channel, " ".join(subject.split()), mail, tx.now, chain, f"{KEY}-{uid}")
    keeping.keep(tx, channel.id, RawMail("INBOX", 1, uid, raw, tx.now), file_key=None)
