"""By what a contact is reached through one number: every name that its account knows them by."""

from comptoir.channels import queries as channels
from comptoir.channels.chat import Alias, Party
from comptoir.channels.models import Channel
from comptoir.conversations.models import Conversation
from comptoir.customers import identifying
from comptoir.foundation.transaction import Transaction


def party(tx: Transaction, conversation: Conversation, channel: Channel) -> Party:
    """Without an alias where nobody is known: the provider then says recipient_unknown."""
    if conversation.contact_id is None:
        return Party(())
    names = identifying.names_of(tx, conversation.contact_id, channels.account_of(channel))
    given = next((given for kind, _, given in names if kind == "phone" and given), "")
    return Party(tuple(Alias(kind, value) for kind, value, _ in names), given=given)  # type: ignore[arg-type]
