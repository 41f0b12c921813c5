"""A sign of ours under a customer's message. It is shown at once, and told to the customer by a job: both know the last one."""

from comptoir.channels import policy
from comptoir.channels.models import Channel
from comptoir.conversations import refusing
from comptoir.conversations.models import Conversation, Message
from comptoir.foundation.tables import to_ms
from comptoir.foundation.transaction import Transaction
from comptoir.team.models import Member


def react(tx: Transaction, message: Message, emoji: str) -> None:
    """`emoji` empty takes it back. A number has one sign for the whole house: a colleague's is replaced, as the customer sees it."""
    channel = tx.find(Channel, message.channel_id)
    abilities = policy.ABILITIES.get(channel.provider)
    if abilities is None or not abilities.can_react or message.external_id is None:
        raise refusing.NotPossible
    conversation = tx.find(Conversation, message.conversation_id)
    refusing.require(
        channel.provider, window_until=conversation.window_until, now=tx.now, is_template=False, words="", files=()
    )
    before = next((one for one in message.reactions or () if _is_ours(one)), None)
    if (before["emoji"] if before else "") == emoji:
        return
    member = tx.find(Member, tx.actor.id) if tx.actor.kind == "member" and tx.actor.id is not None else None
    # the same shape as what comes from outside: who, when, and which one (conversations.remarking)
    ours = {
        "emoji": emoji,
        "by": str(member.id) if member else "house",
        "name": member.name if member else "",
        "who": "house",
        "at": to_ms(tx.now),
        "id": "",
    }
    message.reactions = [*(one for one in message.reactions or () if not _is_ours(one)), ours]
    conversation.version += 1
    tx.record(
        "reaction.chosen",
        conversation_id=message.conversation_id,
        message_id=message.id,
        channel_id=message.channel_id,
        emoji=emoji,
    )


def emoji_of(message: Message) -> str:
    """Ours, as it is now; "" for none."""
    return next((str(one["emoji"]) for one in message.reactions or () if _is_ours(one)), "")


def _is_ours(reaction: dict[str, object]) -> bool:
    return reaction.get("by") not in ("contact", "phone_app")
