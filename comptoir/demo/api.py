"""The doors of the sample data: bring it in, take it away."""

from typing import Any

from litestar import Request, Router, delete, post

from comptoir.demo import clearing, opening
from comptoir.foundation.doors import run


@post("/demo", operation_id="fillWithDemo", status_code=204)
async def fill(request: Request[Any, Any, Any]) -> None:
    """Fill an organisation that has no mailbox yet with a sample cast and its mail. For the owner."""
    owner_id: int = await run(request, opening.require_empty, writes=False)
    await opening.fill(request.app.state.door.services, owner_id)
    if (board := request.app.state.switchboard) is not None:
        await board.open()


@delete("/demo", operation_id="clearDemo", status_code=204)
async def clear(request: Request[Any, Any, Any]) -> None:
    """Remove the sample data, and all that was said in its mailboxes. For the owner."""
    await run(request, clearing.require_demo, writes=False)
    if (board := request.app.state.switchboard) is not None:
        await board.close()
    await clearing.clear(request.app.state.door.services)


def router() -> Router:
    return Router("/", route_handlers=[fill, clear], tags=["demo"])
