"""The doors of the channels room that need nobody but us. What talks to a mail server first is in gateway/api.py."""

from litestar import Router, delete, get, put
from litestar.params import FromPath, JSONBody

from comptoir.channels import connecting, joining, queries, recalling, reopening
from comptoir.channels.schemas import ChannelView, Recall, Reopening
from comptoir.foundation.doors import act, query
from comptoir.foundation.transaction import Transaction


@get("/channels", operation_id="channels")
@query
def channels(tx: Transaction) -> list[ChannelView]:
    """Every connected mailbox for owners and admins, one's own for members."""
    return queries.channels(tx)


@delete("/channels/{channel_id:int}", operation_id="disconnectChannel", status_code=204)
@act
def disconnect(tx: Transaction, channel_id: FromPath[int]) -> None:
    """No mail is fetched or sent any more; its conversations are kept, hidden, until it is connected again."""
    connecting.disconnect(tx, queries.managed(tx, channel_id))


@put("/channels/{channel_id:int}/members/{member_id:int}", operation_id="addChannelMember", status_code=204)
@act
def add_member(tx: Transaction, channel_id: FromPath[int], member_id: FromPath[int]) -> None:
    joining.add_member(tx, queries.managed(tx, channel_id), member_id)


@delete("/channels/{channel_id:int}/members/{member_id:int}", operation_id="removeChannelMember", status_code=204)
@act
def remove_member(tx: Transaction, channel_id: FromPath[int], member_id: FromPath[int]) -> None:
    """What was assigned to them there goes back to unassigned."""
    joining.remove_member(tx, queries.managed(tx, channel_id), member_id)


@put("/channels/{channel_id:int}/reopening", operation_id="reopenWithin", status_code=204)
@act
def reopen_within(tx: Transaction, channel_id: FromPath[int], data: JSONBody[Reopening]) -> None:
    """What a customer's message does to a conversation that was resolved."""
    reopening.reopen_within(tx, queries.managed(tx, channel_id), data.within_days)


@put("/channels/{channel_id:int}/history", operation_id="recallChannel", status_code=204)
@act
def recall(tx: Transaction, channel_id: FromPath[int], data: JSONBody[Recall]) -> None:
    """Bring in the mail from before the connection, quietly; or go on with it."""
    recalling.start(tx, queries.managed(tx, channel_id), period=data.period)


@delete("/channels/{channel_id:int}/history", operation_id="stopRecallingChannel", status_code=204)
@act
def stop_recalling(tx: Transaction, channel_id: FromPath[int]) -> None:
    """Bring in no more of it. What came stays."""
    recalling.stop(tx, queries.managed(tx, channel_id))


def router() -> Router:
    return Router(
        "/",
        route_handlers=[channels, disconnect, add_member, remove_member, reopen_within, recall, stop_recalling],
        tags=["channels"],
    )
