"""Show mails of a conversation to somebody else: a side conversation with that third party, which knows where it comes from.

Its mails share no Message-ID with the customer's, so what the third party answers can only land in the side conversation.
"""

from comptoir.channels.models import Channel
from comptoir.conversations import assigning, writing
from comptoir.conversations.errors import NoRecipient
from comptoir.conversations.models import Conversation, Message, Status
from comptoir.customers import recognizing
from comptoir.foundation.transaction import Transaction
from comptoir.mail.threads import base_subject


def forward(tx: Transaction, conversation: Conversation, words: writing.Words, *, token_key: bytes) -> writing.Written:
    """The same `client_id` twice is the same forward. `words.forwarded` says which mails go along."""
    known = _already_forwarded(tx, conversation, words.client_id)
    if known is not None:
        return writing.Written(known, False)
    if not words.to:
        raise NoRecipient
    writing.check(words)
    side = _side_conversation(tx, conversation, words)
    for here, type, other in (
        (conversation, "conversation.forwarded", side),
        (side, "conversation.begun", conversation),
    ):
        tx.record(
            type,
            conversation_id=here.id,
            channel_id=here.channel_id,
            other_id=other.id,
            address=words.to[0].address,
        )
    return writing.reply(tx, side, words, token_key=token_key)


def forward_subject(subject: str, language: str) -> str:
    return f"{'TR' if language == 'fr' else 'Fwd'}: {base_subject(subject)}".strip()


def _already_forwarded(tx: Transaction, conversation: Conversation, client_id: str) -> Message | None:
    known = tx.value(
        "SELECT m.id FROM conversations c JOIN messages m ON m.conversation_id = c.id AND m.client_id = :client"
        " WHERE c.origin_id = :origin",
        origin=conversation.id,
        client=client_id,
    )
    return tx.find(Message, known) if known else None


def _side_conversation(tx: Transaction, origin: Conversation, words: writing.Words) -> Conversation:
    person = words.to[0]
    contact = recognizing.recognize(tx, kind="email", value=person.address, name=person.name)
    side = Conversation(
        channel_id=tx.find(Channel, origin.channel_id).id,
        contact_id=contact.id,
        customer_id=contact.customer_id,
        subject=words.subject or forward_subject(origin.subject, tx.actor.language),
        status=Status.OPEN,
        version=0,
        created_at=tx.now,
        last_at=tx.now,
        preview="",
        last_incoming_id=0,
        failed_count=0,
        has_files=False,
        origin_id=origin.id,
    )
    tx.add(side)
    assigning.keep_in_sight(tx, side)
    return side
