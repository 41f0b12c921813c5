"""The doors of working side by side: presence, mentions, mute, unread again."""

from typing import Annotated, Any

from litestar import Request, Router, delete, get, put
from litestar.params import FromPath, JSONBody, Parameter

from comptoir.conversations import reading, thread
from comptoir.conversations.together import mentioning, muting
from comptoir.conversations.together.presence import Presence, Sign, pack
from comptoir.conversations.together.schemas import Doing, Mentionable, Presences, Presenting
from comptoir.foundation.doors import act, query, run
from comptoir.foundation.errors import NotFound
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction

Tab = Annotated[str, Parameter(min_length=4, max_length=40)]


@put("/conversations/{conversation_id:int}/presence", operation_id="present")
async def present(
    request: Request[Any, Any, Any], conversation_id: FromPath[int], data: JSONBody[Presenting]
) -> Presences:
    """This tab has the conversation on screen: to be said again every 20 s, and every 4 s while its member types. Who else is
    there; changes come by the stream (`event: presence`), of every conversation that one may see."""
    await _sign(request, conversation_id, data.tab, data.doing)
    presence: Presence = request.app.state.presence
    return presence.of(conversation_id)


@delete("/conversations/{conversation_id:int}/presence", operation_id="leave", status_code=204)
async def leave(request: Request[Any, Any, Any], conversation_id: FromPath[int], tab: Tab) -> None:
    await _sign(request, conversation_id, tab, None)


async def _sign(request: Request[Any, Any, Any], conversation_id: int, tab: str, doing: Doing | None) -> None:
    """Whoever may not see the conversation any more has left it."""
    services: Services = request.app.state.door.services

    def look(tx: Transaction) -> tuple[int, bool]:
        try:
            thread.find(tx, conversation_id)
        except NotFound:
            return tx.actor.id or 0, False
        return tx.actor.id or 0, True

    member_id, may_see = await run(request, look, writes=False)
    await services.database.say(pack(Sign(conversation_id, member_id, tab, doing if may_see else None)))
    if not may_see:
        raise NotFound


@get("/conversations/{conversation_id:int}/mentionable", operation_id="mentionable")
@query
def mentionable(tx: Transaction, conversation_id: FromPath[int]) -> list[Mentionable]:
    """Whom a note here can call by name."""
    return mentioning.mentionable(tx, thread.find(tx, conversation_id))


@get("/mutes", operation_id="mutes")
@query
def mutes(tx: Transaction) -> list[int]:
    """The conversations that one does not want to hear of."""
    return muting.mutes(tx)


@put("/conversations/{conversation_id:int}/mute", operation_id="mute", status_code=204)
@act
def mute(tx: Transaction, conversation_id: FromPath[int]) -> None:
    muting.mute(tx, thread.find(tx, conversation_id))


@delete("/conversations/{conversation_id:int}/mute", operation_id="unmute", status_code=204)
@act
def unmute(tx: Transaction, conversation_id: FromPath[int]) -> None:
    muting.unmute(tx, thread.find(tx, conversation_id))


@delete("/conversations/{conversation_id:int}/reading", operation_id="markUnread", status_code=204)
@act
def mark_unread(
    tx: Transaction, conversation_id: FromPath[int], message_id: Annotated[int | None, Parameter(ge=1)] = None
) -> None:
    """Unread again from this message on, for oneself; without one, from the newest that came from outside."""
    reading.unread(tx, thread.find(tx, conversation_id), since=message_id)


def router() -> Router:
    handlers = [present, leave, mentionable, mutes, mute, unmute, mark_unread]
    return Router("/", route_handlers=handlers, tags=["together"])
