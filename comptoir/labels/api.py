"""The doors of the labels room."""

from litestar import Router, get

from comptoir.foundation.doors import query
from comptoir.foundation.transaction import Transaction
from comptoir.labels import queries
from comptoir.labels.schemas import LabelPill


@get("/labels", operation_id="labels")
@query
def labels(tx: Transaction) -> list[LabelPill]:
    return queries.labels(tx)


def router() -> Router:
    return Router("/", route_handlers=[labels], tags=["labels"])
