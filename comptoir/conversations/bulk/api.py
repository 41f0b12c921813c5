"""The doors of bulk acts: begin one, see how far it is, take it back."""

from litestar import Router, delete, get, post
from litestar.params import FromPath, JSONBody

from comptoir.conversations.bulk import bulking, queries
from comptoir.conversations.bulk.schemas import BulkView, NewBulk
from comptoir.foundation.doors import act, query
from comptoir.foundation.transaction import Transaction


@get("/bulks", operation_id="bulks")
@query
def bulks(tx: Transaction) -> list[BulkView]:
    """The member's own of the last half hour, newest first."""
    return queries.recent(tx)


@post("/bulks", operation_id="beginBulk")
@act
def begin(tx: Transaction, data: JSONBody[NewBulk]) -> BulkView:
    """One act on many conversations: those named, or all that a filter lets through (up to 10,000)."""
    return queries.view(tx, bulking.begin(tx, data))


@delete("/bulks/{bulk_id:int}", operation_id="undoBulk", status_code=204)
@act
def undo(tx: Transaction, bulk_id: FromPath[int]) -> None:
    """Every conversation back as it was, but those that changed since."""
    bulking.undo(tx, queries.find(tx, bulk_id))


def router() -> Router:
    return Router("/", route_handlers=[bulks, begin, undo], tags=["conversations"])
