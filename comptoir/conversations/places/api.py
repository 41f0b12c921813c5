"""The doors for a mail at the wrong place, or from somebody else than it seems."""

from litestar import Router, delete, post, put
from litestar.params import FromPath, JSONBody

from comptoir.conversations import attributing, splitting, thread
from comptoir.conversations.schemas import Place
from comptoir.foundation.doors import act
from comptoir.foundation.transaction import Transaction


@post("/messages/{message_id:int}/split", operation_id="split")
@act
def split(tx: Transaction, message_id: FromPath[int]) -> Place:
    """Move this mail, and the later ones that answer it, to a new conversation; undone with `moveMessage`."""
    return Place(splitting.split(tx, thread.find_message(tx, message_id)).id)


@put("/messages/{message_id:int}/conversation", operation_id="moveMessage", status_code=204)
@act
def move(tx: Transaction, message_id: FromPath[int], data: JSONBody[Place]) -> None:
    """Move this mail, and what answers it, to another conversation of the same mailbox. One left empty is gone."""
    splitting.move(tx, thread.find_message(tx, message_id), thread.find(tx, data.conversation_id))


@put("/messages/{message_id:int}/authorship", operation_id="attribute", status_code=204)
@act
def attribute(tx: Transaction, message_id: FromPath[int]) -> None:
    """Take a forwarded mail for its author's again."""
    attributing.give_to_author(tx, thread.find_message(tx, message_id))


@delete("/messages/{message_id:int}/authorship", operation_id="unattribute", status_code=204)
@act
def unattribute(tx: Transaction, message_id: FromPath[int]) -> None:
    """The guess was wrong: the mail is from the colleague who forwarded it."""
    attributing.give_to_colleague(tx, thread.find_message(tx, message_id))


def router() -> Router:
    return Router("/", route_handlers=[split, move, attribute, unattribute], tags=["conversations"])
