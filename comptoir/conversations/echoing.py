"""What we sent from elsewhere comes home: a mail found in the Sent folder, a message echoed from the team's phone.

It is ours, so it answers the customer and nobody waits any longer; it is never unread, starts nothing and reopens nothing.
A conversation that it opens is resolved from the start: we spoke last, and the customer's answer is what brings it to the team.
"""

from collections.abc import Iterable
from datetime import datetime

from comptoir.channels import queries as channels
from comptoir.channels.models import Channel
from comptoir.channels.port import Incoming, Person
from comptoir.conversations import gathering, importing, matching, receiving, recounting, resolving
from comptoir.conversations.models import Conversation, Delivery, Kind, Message
from comptoir.conversations.receiving import Received
from comptoir.conversations.telling import tell
from comptoir.conversations.writing_down import KeptFile, has_shown_files, write_down
from comptoir.customers import recognizing
from comptoir.customers.models import Contact
from comptoir.foundation.tables import from_ms, to_ms
from comptoir.foundation.transaction import Transaction
from comptoir.mail.quotes import preview

MAIL_CLIENT = "mail_client"
PHONE_APP = "phone_app"


def echo(
    tx: Transaction,
    channel: Channel,
    mail: Incoming,
    *,
    files: Iterable[KeptFile] = (),
    remote_images: int = 0,
    ledger_id: int | None = None,
    is_imported: bool = False,
    token_key: bytes,
) -> Received:
    """A mail of the Sent folder: one of our own replies, known already, or one that somebody wrote in another program.
    `is_imported`: it was sent before the mailbox was connected."""
    known = receiving.already_here(tx, channel.id, mail)
    if known is not None:
        _claim(tx, mail, known)
        return known
    contact = addressee(tx, mail)
    match = matching.match(tx, channel, mail, contact, token_key=token_key)
    conversation = match.conversation or receiving.open_for(tx, channel, mail, contact, is_quiet=True)
    message = Message(
        conversation_id=conversation.id,
        channel_id=channel.id,
        kind=Kind.REPLY,
        created_at=tx.now,
        member_id=_writer(tx, mail),
        external_id=mail.external_id,
        delivery=Delivery.SENT,
        via=MAIL_CLIENT,
        ledger_id=ledger_id,
        match_reason=match.reason,
        is_imported=is_imported,
    )
    kept = list(files)
    write_down(tx, message, mail, None, files=kept, remote_images=remote_images)
    landing = importing.land if is_imported else land
    landing(tx, conversation, message, has_files=has_shown_files(kept))
    gathering.gather(tx, match.waiting, conversation, mail, contact)
    return Received(message.id, conversation.id, True)


def land(tx: Transaction, conversation: Conversation, message: Message, *, has_files: bool) -> None:
    """What our words from elsewhere do to their conversation, whatever carried them; one event. The message is inserted."""
    if message.at >= conversation.last_at:
        conversation.preview = preview(message.text) or message.subject
        conversation.preview_kind = message.kind
    conversation.last_at = max(conversation.last_at, min(message.at, tx.now))
    conversation.waiting_since = _still_waiting(tx, conversation, message)
    conversation.has_files = conversation.has_files or has_files
    conversation.version += 1
    tell(tx, message, "message.echoed", via=message.via)


def _claim(tx: Transaction, mail: Incoming, known: Received) -> None:
    """A mail of ours that came back (we are in copy of it) before its place in the Sent folder was seen: it was taken for
    somebody's who writes to us."""
    message = tx.find(Message, known.message_id)
    if message.kind != Kind.INCOMING or message.contact_id is not None:
        return
    conversation = tx.find(Conversation, message.conversation_id)
    message.kind, message.delivery, message.via = Kind.REPLY, Delivery.SENT, MAIL_CLIENT
    message.member_id = _writer(tx, mail)
    tx.flush()
    recounting.recount(tx, conversation)
    if conversation.contact_id is None and (contact := addressee(tx, mail)) is not None:
        conversation.contact_id = contact.id
    if conversation.last_incoming_id == 0:
        resolving.resolve(tx, conversation)
    tell(tx, message, "message.echoed", via=message.via)


def addressee(tx: Transaction, mail: Incoming) -> Contact | None:
    """Whom we wrote to: the first recipient who is not ourselves."""
    own = channels.own_addresses(tx)
    person = next((person for person in (*mail.to, *mail.cc, *mail.bcc) if person.address not in own), None)
    return recognizing.recognize(tx, kind="email", value=person.address, name=person.name) if person else None


def _writer(tx: Transaction, mail: Incoming) -> int | None:
    """The member whose address the mail was written or handed in from. A shared mailbox does not say who used it."""
    people: tuple[Person, ...] = (mail.submitter, mail.sender)
    for person in people:
        found = tx.value("SELECT id FROM members WHERE email = :address", address=person.address)
        if person.address and found is not None:
            return int(found)
    return None


def _still_waiting(tx: Transaction, conversation: Conversation, message: Message) -> datetime | None:
    """Since when the customer waits, now that this was said: what they wrote after it is still unanswered."""
    if conversation.waiting_since is None or message.at < conversation.waiting_since:
        return conversation.waiting_since
    oldest = tx.value(
        "SELECT min(at) FROM messages WHERE conversation_id = :conversation AND kind = :incoming AND at > :at"
        " AND NOT is_imported",
        conversation=conversation.id,
        incoming=Kind.INCOMING,
        at=to_ms(message.at),
    )
    return None if oldest is None else from_ms(oldest)
