"""The doors of the labels room."""

from litestar import Router, delete, get, patch, post, put
from litestar.params import FromPath, JSONBody

from comptoir.foundation.doors import act, query
from comptoir.foundation.transaction import Transaction
from comptoir.labels import editing, queries
from comptoir.labels.schemas import ChangeLabel, LabelView, MergeLabel, NewLabel


@get("/labels", operation_id="labels")
@query
def labels(tx: Transaction) -> list[LabelView]:
    """Every label, by name; archived ones too."""
    return queries.labels(tx)


@post("/labels", operation_id="createLabel")
@act
def create(tx: Transaction, data: JSONBody[NewLabel]) -> LabelView:
    return queries.view(editing.create(tx, name=data.name, colour=data.colour))


@patch("/labels/{label_id:int}", operation_id="changeLabel")
@act
def change(tx: Transaction, label_id: FromPath[int], data: JSONBody[ChangeLabel]) -> LabelView:
    label = queries.find(tx, label_id)
    editing.change(tx, label, name=data.name, colour=data.colour)
    return queries.view(label)


@put("/labels/{label_id:int}/archive", operation_id="archiveLabel", status_code=204)
@act
def archive(tx: Transaction, label_id: FromPath[int]) -> None:
    """No longer on offer; the conversations that have it keep it."""
    editing.archive(tx, queries.find(tx, label_id))


@delete("/labels/{label_id:int}/archive", operation_id="restoreLabel", status_code=204)
@act
def restore(tx: Transaction, label_id: FromPath[int]) -> None:
    editing.restore(tx, queries.find(tx, label_id))


@put("/labels/{label_id:int}/merge", operation_id="mergeLabel", status_code=204)
@act
def merge(tx: Transaction, label_id: FromPath[int], data: JSONBody[MergeLabel]) -> None:
    """Every conversation with this label has the other one instead; this one is no more."""
    editing.merge(tx, queries.find(tx, label_id), into=queries.find(tx, data.into_id))


def router() -> Router:
    return Router("/", route_handlers=[labels, create, change, archive, restore, merge], tags=["labels"])
