"""The doors of imports: a file is taken, its columns are named and looked at, it comes in, and says which lines did not."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from litestar import Request, Response, Router, delete, get, post, put
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery, JSONBody

from comptoir.customers.imports import importing, queries, tables
from comptoir.customers.imports.schemas import Columns, ImportView, Preview
from comptoir.foundation.doors import act, query, run
from comptoir.foundation.errors import NotFound
from comptoir.foundation.files import FileMissing
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.team import access


@dataclass
class ImportForm:
    file: UploadFile


@post("/directory/imports", operation_id="takeImport", request_max_body_size=tables.MOST_BYTES + 2**20)
async def take(
    request: Request[Any, Any, Any],
    data: Annotated[ImportForm, Body(media_type=RequestEncodingType.MULTI_PART)],
    kind: FromQuery[Literal["customers", "documents"]],
) -> ImportView:
    """CSV (any encoding, any separator), XLSX or XLS. Nothing comes in yet: the columns are guessed, to be looked at."""
    services: Services = request.app.state.door.services
    await run(request, lambda tx: access.require_manager(tx.actor), writes=False)
    lines = await asyncio.to_thread(tables.read, await data.file.read())
    key = await asyncio.to_thread(services.files.put, lines.content)

    def work(tx: Transaction) -> ImportView:
        taken = importing.take(tx, kind=kind, file_name=data.file.filename, file_key=key, lines=lines)
        return queries.view(taken)

    view: ImportView = await run(request, work, writes=True)
    return view


@get("/directory/imports", operation_id="imports")
@query
def imports(tx: Transaction) -> list[ImportView]:
    """The newest twenty."""
    return queries.newest(tx)


@get("/directory/imports/{import_id:int}", operation_id="import")
@query
def one(tx: Transaction, import_id: FromPath[int]) -> ImportView:
    return queries.view(queries.find(tx, import_id))


@put("/directory/imports/{import_id:int}/columns", operation_id="nameColumns")
async def name_columns(request: Request[Any, Any, Any], import_id: FromPath[int], data: JSONBody[Columns]) -> Preview:
    """Say what each column is, and see what would come in."""

    def work(tx: Transaction) -> Any:
        given = queries.find(tx, import_id)
        importing.name_columns(tx, given, columns=data.columns, document_kind=data.document_kind)
        return given

    return await _preview(request, await run(request, work, writes=True))


@get("/directory/imports/{import_id:int}/preview", operation_id="previewImport")
async def preview(request: Request[Any, Any, Any], import_id: FromPath[int]) -> Preview:
    return await _preview(request, await run(request, lambda tx: queries.find(tx, import_id), writes=False))


@put("/directory/imports/{import_id:int}/start", operation_id="startImport", status_code=204)
@act
def start(tx: Transaction, import_id: FromPath[int]) -> None:
    importing.start(tx, queries.find(tx, import_id))


@delete("/directory/imports/{import_id:int}", operation_id="stopImport", status_code=204)
@act
def stop(tx: Transaction, import_id: FromPath[int]) -> None:
    """What came in stays."""
    importing.stop(tx, queries.find(tx, import_id))


@get("/directory/imports/{import_id:int}/troubles", operation_id="importTroubles")
async def troubles(request: Request[Any, Any, Any], import_id: FromPath[int]) -> Response[bytes]:
    """The lines that did not come in whole, with why, as CSV: correct them, and bring that file in."""
    content: bytes = await run(
        request,
        lambda tx: queries.troubles_file(tx, queries.find(tx, import_id), tx.actor.language),
        writes=False,
    )
    headers = {"content-disposition": f'attachment; filename="import-{import_id}.csv"', "cache-control": "no-store"}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


async def _preview(request: Request[Any, Any, Any], given: Any) -> Preview:
    services: Services = request.app.state.door.services
    try:
        content = await asyncio.to_thread(services.files.get, given.file_key)
    except FileMissing:
        raise NotFound from None
    return await asyncio.to_thread(queries.preview, given, content)


def router() -> Router:
    handlers = [take, imports, one, name_columns, preview, start, stop, troubles]
    return Router("/", route_handlers=handlers, tags=["imports"])
