"""Mails come in any order: an answer before the mail it answers, history newest first. What a message answers and we do not
have is remembered as belonging to its conversation, so that whichever mail comes next finds the place.
"""

import hashlib
from collections.abc import Sequence

from comptoir.conversations import redirects
from comptoir.conversations.models import Conversation, Message
from comptoir.foundation.transaction import Transaction

REMEMBERED = 20  # of the newest references of one mail: a longer chain is a mailing list, or a trick


def note(tx: Transaction, message: Message, answered: Sequence[str]) -> None:
    """The message is in its conversation; the mails it `answered` (Message-IDs) and that are not here are awaited there."""
    wanted = {digest(header_id): header_id for header_id in dict.fromkeys(reversed(answered))}
    for known in _here(tx, message.channel_id, list(wanted.values())[:REMEMBERED]):
        wanted.pop(digest(known), None)
    for one in list(wanted)[:REMEMBERED]:
        tx.execute(
            "INSERT INTO awaited_mails (channel_id, digest, conversation_id) VALUES (:channel, :digest, :conversation)"
            " ON CONFLICT DO NOTHING",
            channel=message.channel_id,
            digest=one,
            conversation=message.conversation_id,
        )


def waiting_for(tx: Transaction, channel_id: int, header_ids: Sequence[str]) -> list[Conversation]:
    """The conversations that await one of these mails, in this order, each once."""
    wanted = {digest(header_id): None for header_id in header_ids[: REMEMBERED + 1] if header_id}
    if not wanted:
        return []
    named = {f"d{number}": one for number, one in enumerate(wanted)}
    rows = tx.rows(
        "SELECT digest, conversation_id FROM awaited_mails WHERE channel_id = :channel"
        f" AND digest IN ({', '.join(f':{name}' for name in named)})",
        channel=channel_id,
        **named,
    )
    found: dict[str, int] = dict(rows)
    held = [redirects.current(tx, tx.find(Conversation, found[one])) for one in wanted if one in found]
    return list({conversation.id: conversation for conversation in held}.values())


def arrived(tx: Transaction, message: Message) -> None:
    """It is here: from now on its own row says where it belongs."""
    if message.header_id:
        tx.execute(
            "DELETE FROM awaited_mails WHERE channel_id = :channel AND digest = :digest",
            channel=message.channel_id,
            digest=digest(message.header_id),
        )


def renamed(tx: Transaction, channel_id: int, header_id: str, message_id: int) -> None:
    """A server gave this message of ours another Message-ID."""
    tx.execute(
        "INSERT INTO renamed_mails (channel_id, digest, message_id) VALUES (:channel, :digest, :message)"
        " ON CONFLICT DO NOTHING",
        channel=channel_id,
        digest=digest(header_id),
        message=message_id,
    )


def digest(header_id: str) -> str:
    return hashlib.blake2b(header_id.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _here(tx: Transaction, channel_id: int, header_ids: Sequence[str]) -> list[str]:
    if not header_ids:
        return []
    named = {f"h{number}": header_id for number, header_id in enumerate(header_ids)}
    rows = tx.rows(
        "SELECT header_id FROM messages WHERE channel_id = :channel"
        f" AND header_id IN ({', '.join(f':{name}' for name in named)})",
        channel=channel_id,
        **named,
    )
    return [header_id for (header_id,) in rows]
