"""The doors where customers and conversations meet."""

from typing import Annotated

from litestar import Router, delete, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody, Parameter

from comptoir.conversations import thread
from comptoir.conversations.customers import details, linking, listing, merging, profile
from comptoir.conversations.customers.schemas import (
    BelongTo,
    Details,
    Figures,
    LinkCustomer,
    MergeDone,
    MergeInto,
    MergePreview,
)
from comptoir.conversations.schemas import ConversationPage
from comptoir.customers import queries
from comptoir.customers.schemas import CustomerPage, Sort
from comptoir.foundation.doors import act, query
from comptoir.foundation.transaction import Transaction

Cursor = Annotated[str | None, Parameter(max_length=40)]
Limit = Annotated[int, Parameter(ge=1, le=100)]


@get("/customers", operation_id="customers")
@query
def customers(
    tx: Transaction,
    q: Annotated[str, Parameter(max_length=200)] = "",
    sort: FromQuery[Sort] = "name",
    archived: FromQuery[bool] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> CustomerPage:
    """One page of the list; `cursor` is the `next` of the page before."""
    return listing.page(tx, sort=sort, line=q, archived=archived, cursor=cursor, limit=limit)


@get("/customers/{customer_id:int}/conversations", operation_id="customerConversations")
@query
def conversations(
    tx: Transaction, customer_id: FromPath[int], cursor: Cursor = None, limit: Limit = 25
) -> ConversationPage:
    """Everything said with this customer on every channel that the member sees, the newest first."""
    return profile.page(tx, queries.find(tx, customer_id).id, cursor=cursor, limit=limit)


@get("/customers/{customer_id:int}/figures", operation_id="customerFigures")
@query
def figures(tx: Transaction, customer_id: FromPath[int]) -> Figures:
    return profile.figures(tx, queries.find(tx, customer_id).id)


@get("/conversations/{conversation_id:int}/details", operation_id="details")
@query
def read_details(tx: Transaction, conversation_id: FromPath[int]) -> Details:
    """What stands beside the thread: contact, customer, suggestions, what else is open, what was said elsewhere."""
    return details.of(tx, thread.find(tx, conversation_id))


@put("/conversations/{conversation_id:int}/customer", operation_id="linkCustomer", status_code=204)
@act
def link(tx: Transaction, conversation_id: FromPath[int], data: JSONBody[LinkCustomer]) -> None:
    conversation = thread.find(tx, conversation_id)
    linking.link(tx, conversation, queries.find(tx, data.customer_id), with_contact=data.with_contact)


@delete("/conversations/{conversation_id:int}/customer", operation_id="unlinkCustomer", status_code=204)
@act
def unlink(tx: Transaction, conversation_id: FromPath[int]) -> None:
    linking.unlink(tx, thread.find(tx, conversation_id))


@put("/contacts/{contact_id:int}/customer", operation_id="linkContact", status_code=204)
@act
def belong(tx: Transaction, contact_id: FromPath[int], data: JSONBody[BelongTo]) -> None:
    """One of this customer's people from now on; their conversations follow, but for those linked elsewhere by hand."""
    linking.belong(tx, queries.find_contact(tx, contact_id), queries.find(tx, data.customer_id))


@delete("/contacts/{contact_id:int}/customer", operation_id="unlinkContact", status_code=204)
@act
def leave(tx: Transaction, contact_id: FromPath[int]) -> None:
    linking.leave(tx, queries.find_contact(tx, contact_id))


@delete("/contacts/{contact_id:int}/suggestions", operation_id="refuseSuggestions", status_code=204)
@act
def refuse(tx: Transaction, contact_id: FromPath[int]) -> None:
    """None of the suggested files is theirs."""
    linking.refuse(tx, queries.find_contact(tx, contact_id))


@get("/customers/{customer_id:int}/merge", operation_id="previewCustomerMerge")
@query
def preview_customers(tx: Transaction, customer_id: FromPath[int], into: FromQuery[int]) -> MergePreview:
    """What would move if this file became part of the other."""
    return merging.preview(tx, queries.find(tx, customer_id), queries.find(tx, into))


@post("/customers/{customer_id:int}/merge", operation_id="mergeCustomer")
@act
def merge_customers(tx: Transaction, customer_id: FromPath[int], data: JSONBody[MergeInto]) -> MergeDone:
    return MergeDone(merging.merge(tx, queries.find(tx, customer_id), queries.find(tx, data.into_id)).id)


@get("/contacts/{contact_id:int}/merge", operation_id="previewContactMerge")
@query
def preview_contacts(tx: Transaction, contact_id: FromPath[int], into: FromQuery[int]) -> MergePreview:
    return merging.preview(tx, queries.find_contact(tx, contact_id), queries.find_contact(tx, into))


@post("/contacts/{contact_id:int}/merge", operation_id="mergeContact")
@act
def merge_contacts(tx: Transaction, contact_id: FromPath[int], data: JSONBody[MergeInto]) -> MergeDone:
    return MergeDone(merging.merge(tx, queries.find_contact(tx, contact_id), queries.find_contact(tx, data.into_id)).id)


@delete("/merges/{merge_id:int}", operation_id="undoMerge", status_code=204)
@act
def undo(tx: Transaction, merge_id: FromPath[int]) -> None:
    """Give back what is still where the merge put it."""
    merging.undo(tx, merge_id)


def router() -> Router:
    handlers = [
        customers,
        conversations,
        figures,
        read_details,
        link,
        unlink,
        belong,
        leave,
        refuse,
        preview_customers,
        merge_customers,
        preview_contacts,
        merge_contacts,
        undo,
    ]
    return Router("/", route_handlers=handlers, tags=["customers"])
