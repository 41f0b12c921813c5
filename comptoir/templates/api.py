"""The doors of the templates room. Files of canned replies come through conversations/contents, where uploads are."""

from litestar import Router, delete, get, patch, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from comptoir.foundation.doors import act, query
from comptoir.foundation.transaction import Transaction
from comptoir.templates import editing, queries
from comptoir.templates.schemas import ChangeTemplate, Kind, NewTemplate, TemplateDefaults, TemplateView


@get("/templates", operation_id="templates")
@query
def templates(
    tx: Transaction, kind: FromQuery[Kind | None] = None, channel_id: FromQuery[int | None] = None
) -> list[TemplateView]:
    """What this member may use, the most used first; the browser searches in it."""
    return queries.templates(tx, kind=kind, channel_id=channel_id)


@post("/templates", operation_id="createTemplate")
@act
def create(tx: Transaction, data: JSONBody[NewTemplate]) -> TemplateView:
    """A canned reply. A shared one needs an owner or an admin."""
    return queries.view(tx, editing.create(tx, data))


@patch("/templates/{template_id:int}", operation_id="changeTemplate")
@act
def change(tx: Transaction, template_id: FromPath[int], data: JSONBody[ChangeTemplate]) -> TemplateView:
    template = queries.find(tx, template_id)
    editing.change(tx, template, data)
    return queries.view(tx, template)


@delete("/templates/{template_id:int}", operation_id="archiveTemplate", status_code=204)
@act
def archive(tx: Transaction, template_id: FromPath[int]) -> None:
    """A canned reply that is no longer offered."""
    editing.archive(tx, queries.find(tx, template_id))


@put("/templates/{template_id:int}/defaults", operation_id="setTemplateDefaults")
@act
def set_defaults(tx: Transaction, template_id: FromPath[int], data: JSONBody[TemplateDefaults]) -> TemplateView:
    """What the variables of a WhatsApp template start as."""
    template = queries.find(tx, template_id)
    editing.set_defaults(tx, template, data.defaults)
    return queries.view(tx, template)


@delete("/templates/{template_id:int}/files/{file_id:int}", operation_id="detachFromTemplate", status_code=204)
@act
def detach(tx: Transaction, template_id: FromPath[int], file_id: FromPath[int]) -> None:
    editing.detach(tx, queries.find(tx, template_id), file_id)


def router() -> Router:
    handlers = [templates, create, change, archive, set_defaults, detach]
    return Router("/", route_handlers=handlers, tags=["templates"])
