"""The doors of the list: what the filter in its address lets through, page by page, and how many there are."""

from datetime import date
from typing import Annotated

from litestar import Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, Parameter

from comptoir.conversations.filters import pages
from comptoir.conversations.filters.schemas import Assignee, Filter, Kind, StatusAsked
from comptoir.conversations.schemas import ConversationPage, Counts, Priority, Tab
from comptoir.foundation.doors import query
from comptoir.foundation.transaction import Transaction

Limit = Annotated[int, Parameter(ge=1, le=100)]
Cursor = Annotated[str | None, Parameter(max_length=40)]
Ids = Annotated[list[int] | None, Parameter(max_items=100)]


def asked(
    tab: FromQuery[Tab] = "all",
    status: Annotated[list[StatusAsked] | None, Parameter(max_items=6)] = None,
    kind: Annotated[list[Kind] | None, Parameter(max_items=2)] = None,
    channel: Ids = None,
    assignee: Annotated[list[Assignee] | None, Parameter(max_items=100)] = None,
    team: Ids = None,
    label_any: Ids = None,
    label_all: Ids = None,
    label_none: Ids = None,
    priority: Annotated[list[Priority] | None, Parameter(max_items=5)] = None,
    unread: FromQuery[bool] = False,
    failed: FromQuery[bool] = False,
    active_from: FromQuery[date | None] = None,
    active_to: FromQuery[date | None] = None,
    created_from: FromQuery[date | None] = None,
    created_to: FromQuery[date | None] = None,
) -> Filter:
    """The filter, from the query of an address. Without a status: the open ones."""
    return Filter(
        tab=tab,
        status=status or ["open"],
        kind=kind or [],
        channel=channel or [],
        assignee=assignee or [],
        team=team or [],
        label_any=label_any or [],
        label_all=label_all or [],
        label_none=label_none or [],
        priority=priority or [],
        unread=unread,
        failed=failed,
        active_from=active_from,
        active_to=active_to,
        created_from=created_from,
        created_to=created_to,
    )


@get("/conversations", operation_id="conversations")
@query
def conversations(
    tx: Transaction, asked: NamedDependency[Filter], cursor: Cursor = None, limit: Limit = 25
) -> ConversationPage:
    """One page of the list, newest first; `cursor` is the `next` of the page before. A page may hold fewer than `limit` and
    still have a `next`: what matches seldom is looked for a stretch at a time."""
    return pages.page(tx, asked, cursor=cursor, limit=limit)


@get("/conversations/counts", operation_id="counts")
@query
def counts(tx: Transaction, asked: NamedDependency[Filter]) -> Counts:
    """How many each tab holds of what the filter lets through."""
    return pages.counts(tx, asked)


def router() -> Router:
    return Router(
        "/",
        route_handlers=[conversations, counts],
        dependencies={"asked": Provide(asked, sync_to_thread=False)},
        tags=["conversations"],
    )
