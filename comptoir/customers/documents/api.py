"""The documents of a customer, for whoever answers them."""

from typing import Annotated

from litestar import Router, get
from litestar.params import FromPath, Parameter

from comptoir.customers.documents import queries
from comptoir.customers.documents.schemas import DocumentPage
from comptoir.foundation.doors import query
from comptoir.foundation.transaction import Transaction

Cursor = Annotated[str | None, Parameter(max_length=40)]
Limit = Annotated[int, Parameter(ge=1, le=100)]


@get("/customers/{customer_id:int}/documents", operation_id="documents")
@query
def documents(tx: Transaction, customer_id: FromPath[int], cursor: Cursor = None, limit: Limit = 20) -> DocumentPage:
    """Newest first; `cursor` is the `next` of the page before."""
    return queries.of_customer(tx, customer_id, cursor=cursor, limit=limit)


def router() -> Router:
    return Router("/", route_handlers=[documents], tags=["documents"])
