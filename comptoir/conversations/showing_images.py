"""Show the remote images of everything that a contact writes, or ask for each mail again: for the whole team, from any of
their messages. The images come through our proxy either way.
"""

from comptoir.conversations.models import Message
from comptoir.customers.models import Contact
from comptoir.foundation.errors import NotFound
from comptoir.foundation.transaction import Transaction


def show(tx: Transaction, message: Message) -> None:
    _decide(tx, message, shows=True)


def hide(tx: Transaction, message: Message) -> None:
    _decide(tx, message, shows=False)


def _decide(tx: Transaction, message: Message, *, shows: bool) -> None:
    if message.contact_id is None:
        raise NotFound
    contact = tx.find(Contact, message.contact_id)
    if contact.shows_images != shows:
        contact.shows_images = shows
        tx.record(
            "contact.images_shown" if shows else "contact.images_hidden",
            conversation_id=message.conversation_id,
            message_id=message.id,
            channel_id=message.channel_id,
            contact_id=contact.id,
        )
