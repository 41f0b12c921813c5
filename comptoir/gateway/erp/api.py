"""The doors of the connection to an ERP: settings for owners, a test, and a look when somebody is on screen."""

from typing import Any, Literal

from litestar import Request, Response, Router, delete, get, post, put
from litestar.params import FromPath, JSONBody

from comptoir.customers.directory.port import Known, Question, Silent
from comptoir.customers.lookups import connecting
from comptoir.customers.lookups.errors import failure
from comptoir.customers.lookups.schemas import FoundInErp, LookedUp, LookupSettings, LookupTest, LookupView, TakeFromErp
from comptoir.foundation.doors import act, query, require_session, run
from comptoir.foundation.errors import NotFound
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.gateway import lookups
from comptoir.providers import erp


@get("/lookup", operation_id="lookup")
@query
def read(tx: Transaction) -> LookupView | None:
    connecting.require_owner(tx.actor)
    known = connecting.find(tx)
    return None if known is None else connecting.view(known)


@put("/lookup", operation_id="connectLookup")
@act
def connect(tx: Transaction, services: Services, data: JSONBody[LookupSettings]) -> LookupView:
    sealed = None if data.token is None else services.secrets.seal(data.token) if data.token else ""
    return connecting.view(connecting.connect(tx, data, sealed=sealed, is_usable=erp.is_usable(data.url)))


@delete("/lookup", operation_id="disconnectLookup", status_code=204)
@act
def disconnect(tx: Transaction) -> None:
    connecting.disconnect(tx)


@post("/lookup/test", operation_id="testLookup", status_code=200)
async def test(request: Request[Any, Any, Any], data: JSONBody[LookupTest]) -> Known:
    """What the ERP says, as it is understood; nothing is kept."""
    services: Services = request.app.state.door.services

    def find(tx: Transaction) -> Any:
        connecting.require_owner(tx.actor)
        return connecting.find(tx)

    known = await run(request, find, writes=False)
    if known is None:
        raise NotFound
    try:
        return await lookups.directory(services, known).ask(
            Question(code=data.code, email=data.email, phone=data.phone)
        )
    except Silent as silent:
        raise failure(silent.code, silent.reason) from None


@put("/lookups/{subject:str}/{subject_id:int}", operation_id="lookUp")
async def look_up(
    request: Request[Any, Any, Any], subject: FromPath[Literal["contact", "customer"]], subject_id: FromPath[int]
) -> Response[LookedUp]:
    """Somebody is on screen: ask the ERP about them, unless that was asked a moment ago. What it says comes by the stream."""
    await require_session(request)
    return Response(await lookups.look_up(request.app.state.door.services, subject, subject_id))


@get("/contacts/{contact_id:int}/lookup", operation_id="findInErp")
async def find(request: Request[Any, Any, Any], contact_id: FromPath[int]) -> list[FoundInErp]:
    """Who is this, to the company's ERP? Asked now, by each of their addresses and numbers until it knows one; nothing is kept."""
    known, questions = await run(request, lambda tx: lookups.about(tx, contact_id), writes=False)
    answer = await lookups.find(request.app.state.door.services, known, questions)
    found: list[FoundInErp] = await run(request, lambda tx: lookups.shown(tx, answer), writes=False)
    return found


@put("/contacts/{contact_id:int}/lookup", operation_id="takeFromErp", status_code=204)
async def take(request: Request[Any, Any, Any], contact_id: FromPath[int], data: JSONBody[TakeFromErp]) -> None:
    """They are this customer of the ERP. It is asked again, so that what is kept is what it says and not what a browser sends."""
    known, questions = await run(request, lambda tx: lookups.about(tx, contact_id), writes=False)
    answer = await lookups.find(request.app.state.door.services, known, questions)
    await run(request, lambda tx: lookups.take(tx, contact_id, data.code, answer), writes=True)


def router() -> Router:
    return Router("/", route_handlers=[read, connect, disconnect, test, look_up, find, take], tags=["lookup"])
