"""The door of the + button: whom one may mean."""

from typing import Annotated

from litestar import Router, get
from litestar.params import FromPath, FromQuery, Parameter

from comptoir.conversations import starting
from comptoir.conversations.beginning import people
from comptoir.conversations.beginning.schemas import People
from comptoir.foundation.doors import query
from comptoir.foundation.transaction import Transaction


@get("/channels/{channel_id:int}/people", operation_id="reachable")
@query
def reachable(
    tx: Transaction,
    channel_id: FromPath[int],
    q: Annotated[str, Parameter(max_length=200)] = "",
    customer_id: FromQuery[int | None] = None,
) -> People:
    """Who can be written to through this channel: by name, customer, code, address, number or document number."""
    return people.find(tx, starting.find_channel(tx, channel_id), q, customer_id=customer_id)


def router() -> Router:
    return Router("/", route_handlers=[reachable], tags=["conversations"])
