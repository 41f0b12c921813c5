"""The index knows in which channel a message is, not who has its conversation: for who sees less, each match is asked."""

from comptoir.foundation.transaction import Actor
from comptoir.team.access import visible


def within_scope(actor: Actor, message_id: str) -> str:
    """The condition on the conversation, to put after others; empty for who sees all of their channels. `message_id` is SQL."""
    if actor.scope == "all":
        return ""
    return (
        " AND EXISTS (SELECT 1 FROM messages m JOIN conversations c ON c.id = m.conversation_id"
        f" WHERE m.id = {message_id} AND {visible(actor)})"
    )
