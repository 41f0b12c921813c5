"""The doors of views."""

from litestar import Router, delete, get, patch, post, put
from litestar.params import FromPath, JSONBody

from comptoir.conversations.views import editing, queries
from comptoir.conversations.views.schemas import ChangeView, NewView, ViewCount, ViewOrder, ViewView
from comptoir.foundation.doors import act, query
from comptoir.foundation.transaction import Transaction


@get("/views", operation_id="views")
@query
def views(tx: Transaction) -> list[ViewView]:
    """The member's own, then the shared ones."""
    return queries.views(tx)


@get("/views/counts", operation_id="viewCounts")
@query
def counts(tx: Transaction) -> list[ViewCount]:
    """How many conversations each of them shows."""
    return queries.counts(tx)


@post("/views", operation_id="createView")
@act
def create(tx: Transaction, data: JSONBody[NewView]) -> ViewView:
    return queries.view(tx, editing.create(tx, name=data.name, asked=data.filter, is_shared=data.is_shared))


@patch("/views/{view_id:int}", operation_id="changeView")
@act
def change(tx: Transaction, view_id: FromPath[int], data: JSONBody[ChangeView]) -> ViewView:
    view = queries.find(tx, view_id)
    editing.change(tx, view, name=data.name, asked=data.filter, is_shared=data.is_shared)
    return queries.view(tx, view)


@put("/views/order", operation_id="arrangeViews", status_code=204)
@act
def arrange(tx: Transaction, data: JSONBody[ViewOrder]) -> None:
    editing.arrange(tx, data.ids)


@delete("/views/{view_id:int}", operation_id="deleteView", status_code=204)
@act
def remove(tx: Transaction, view_id: FromPath[int]) -> None:
    editing.delete(tx, queries.find(tx, view_id))


def router() -> Router:
    return Router("/", route_handlers=[views, counts, create, change, arrange, remove], tags=["views"])
