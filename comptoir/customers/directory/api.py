"""The directory's REST API: customers by their code, documents by their number, a thousand at a time. The same twice is once.

Takes a session of a manager, or `Authorization: Bearer` and a token of the settings (docs/api.md).
"""

from typing import Any

import msgspec
from litestar import Router, delete, get, put
from litestar.params import FromPath, JSONBody

from comptoir.customers.directory import putting, tables
from comptoir.customers.directory.errors import check_size, taken
from comptoir.customers.directory.port import GivenCustomer, GivenDocument
from comptoir.customers.directory.results import ItemResult
from comptoir.customers.documents import filing, queries
from comptoir.customers.documents.schemas import DocumentKindName, DocumentView
from comptoir.foundation.doors import TAKES_TOKENS, act, query
from comptoir.foundation.transaction import Transaction
from comptoir.team.tokens.issuing import require_directory

OPTIONS: dict[str, Any] = {"opt": TAKES_TOKENS}


@put("/customers", operation_id="putCustomers", **OPTIONS)
@act
def put_customers(tx: Transaction, data: JSONBody[list[GivenCustomer]]) -> list[ItemResult]:
    """Up to 1,000, each by its code: one result for each, in their order. What is refused leaves the others be."""
    require_directory(tx.actor)
    check_size(data)
    return putting.put(tx, data)


@put("/customers/by-code/{code:path}", operation_id="putCustomer", **OPTIONS)
@act
def put_customer(tx: Transaction, code: FromPath[str], data: JSONBody[GivenCustomer]) -> ItemResult:
    """What is left out stays as it is; contacts are added or brought up to date, never taken away."""
    require_directory(tx.actor)
    return taken(putting.put(tx, [msgspec.structs.replace(data, code=whole(code))])[0])


@get("/customers/by-code/{code:path}", operation_id="customerByCode", **OPTIONS)
@query
def customer_by_code(tx: Transaction, code: FromPath[str]) -> GivenCustomer:
    require_directory(tx.actor)
    return tables.by_code(tx, whole(code))


@put("/documents", operation_id="putDocuments", **OPTIONS)
@act
def put_documents(tx: Transaction, data: JSONBody[list[GivenDocument]]) -> list[ItemResult]:
    """Up to 1,000, each by its kind and number. One whose customer is not known yet waits for them."""
    require_directory(tx.actor)
    check_size(data)
    return filing.file(tx, data, source="api")


@put("/documents/by-number/{kind:str}/{number:path}", operation_id="putDocument", **OPTIONS)
@act
def put_document(
    tx: Transaction, kind: FromPath[DocumentKindName], number: FromPath[str], data: JSONBody[GivenDocument]
) -> ItemResult:
    """The whole of it: what is left out is emptied."""
    require_directory(tx.actor)
    return taken(filing.file(tx, [msgspec.structs.replace(data, kind=kind, number=whole(number))], source="api")[0])


@get("/documents/by-number/{kind:str}/{number:path}", operation_id="documentByNumber", **OPTIONS)
@query
def document_by_number(tx: Transaction, kind: FromPath[DocumentKindName], number: FromPath[str]) -> DocumentView:
    require_directory(tx.actor)
    return queries.by_number(tx, kind, whole(number))


@delete("/documents/by-number/{kind:str}/{number:path}", operation_id="dropDocument", status_code=204, **OPTIONS)
@act
def drop_document(tx: Transaction, kind: FromPath[DocumentKindName], number: FromPath[str]) -> None:
    require_directory(tx.actor)
    filing.drop(tx, queries.by_number(tx, kind, whole(number)).id)


def whole(place: str) -> str:
    """A code or a number that ends an address, with the slashes that are in it: FA-2026/0042."""
    return place.removeprefix("/")


def router() -> Router:
    handlers = [
        put_customers,
        put_customer,
        customer_by_code,
        put_documents,
        put_document,
        document_by_number,
        drop_document,
    ]
    return Router("/", route_handlers=handlers, tags=["directory"])
