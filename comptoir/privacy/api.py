"""The doors of data protection, for owners and admins: export, erase, and what was done."""

import asyncio
from typing import Any

from litestar import Request, Response, Router, get, post, put
from litestar.params import FromPath, JSONBody

from comptoir.foundation.doors import act, query, run
from comptoir.foundation.downloads import file_response
from comptoir.foundation.files import FileMissing
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.privacy import asking, queries
from comptoir.privacy.errors import NothingToDownload
from comptoir.privacy.schemas import DataRequestView, Erase, Subject


@get("/privacy/{subject:str}/{subject_id:int}", operation_id="dataRequests")
@query
def requests(tx: Transaction, subject: FromPath[Subject], subject_id: FromPath[int]) -> list[DataRequestView]:
    return queries.requests(tx, subject, subject_id)


@post("/privacy/{subject:str}/{subject_id:int}/export", operation_id="exportData")
@act
def export(tx: Transaction, subject: FromPath[Subject], subject_id: FromPath[int]) -> DataRequestView:
    """An archive of all that is held on them; it can be downloaded for seven days once it is ready."""
    return queries.view(asking.export(tx, subject, subject_id))


@post("/privacy/{subject:str}/{subject_id:int}/erasure", operation_id="eraseData")
@act
def erase(
    tx: Transaction, subject: FromPath[Subject], subject_id: FromPath[int], data: JSONBody[Erase]
) -> DataRequestView:
    """For good. `name` is typed by the member, to be sure of whom."""
    return queries.view(asking.erase(tx, subject, subject_id, name=data.name))


@get("/privacy/requests/{request_id:int}", operation_id="dataRequest")
@query
def one(tx: Transaction, request_id: FromPath[int]) -> DataRequestView:
    """How far it is, and its report."""
    return queries.view(queries.find(tx, request_id))


@put("/privacy/requests/{request_id:int}/attempt", operation_id="retryDataRequest", status_code=204)
@act
def retry(tx: Transaction, request_id: FromPath[int]) -> None:
    """Once it has failed: it goes on where it stopped."""
    asking.retry(tx, queries.find(tx, request_id))


@get("/privacy/requests/{request_id:int}/archive", operation_id="dataArchive")
async def archive(request: Request[Any, Any, Any], request_id: FromPath[int]) -> Response[bytes]:
    services: Services = request.app.state.door.services
    key = await run(request, lambda tx: queries.archive(tx, request_id), writes=False)
    try:
        content = await asyncio.to_thread(services.files.get, key)
    except FileMissing:
        raise NothingToDownload from None
    response = file_response(content, name=f"donnees-{request_id}.zip", media_type="application/zip", is_shown=False)
    response.headers["cache-control"] = "no-store"
    return response


def router() -> Router:
    return Router("/", route_handlers=[requests, export, erase, one, retry, archive], tags=["privacy"])
