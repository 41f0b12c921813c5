"""The doors of the conversations room: thread, acts, search. The list's are in `filters`."""

from typing import Annotated, Any

from litestar import Request, Response, Router, delete, get, post, put
from litestar.params import FromPath, JSONBody, Parameter

from comptoir.conversations import (
    assigning,
    delivering,
    facts,
    labelling,
    reacting,
    reading,
    resolving,
    snoozing,
    starting,
    texting,
    thread,
    voicing,
    writing,
)
from comptoir.conversations.messages import messages_of
from comptoir.conversations.rows import rows_of
from comptoir.conversations.schemas import (
    Assignment,
    MessageView,
    NewConversation,
    NewNote,
    NewReaction,
    NewReply,
    ReadUpTo,
    SearchPage,
    Snooze,
    SnoozeChoice,
    StartedView,
    TeamAssignment,
    Thread,
)
from comptoir.conversations.search import searching
from comptoir.conversations.together import stopping
from comptoir.foundation.doors import act, query, run
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.labels import queries as labels
from comptoir.team import queries as members

Cursor = Annotated[str | None, Parameter(max_length=40)]


@get("/conversations/{conversation_id:int}", operation_id="thread")
@query
def read_thread(tx: Transaction, conversation_id: FromPath[int], before: Cursor = None) -> Thread:
    """The newest fifty messages, or the fifty above the cursor `before`."""
    return thread.read(tx, conversation_id, before=before)


@post("/conversations", operation_id="startConversation")
async def start(request: Request[Any, Any, Any], data: JSONBody[NewConversation]) -> Response[StartedView]:
    """The first message to somebody: 201, or 200 when it goes on in the conversation that is there already."""
    services: Services = request.app.state.door.services
    token_key = services.secrets.key("threads")

    def work(tx: Transaction) -> StartedView:
        started = starting.start(tx, starting.find_channel(tx, data.channel_id), data, token_key=token_key)
        return StartedView(
            conversation=rows_of(tx, [started.conversation.id])[0],
            message=messages_of(tx, [started.message.id])[0],
            is_new=started.is_new,
        )

    view: StartedView = await run(request, work, writes=True)
    return Response(view, status_code=201 if view.is_new else 200)


@get("/conversations/{conversation_id:int}/facts", operation_id="facts")
@query
def read_facts(tx: Transaction, conversation_id: FromPath[int]) -> dict[str, str]:
    """What the fields of templates ({{contact.first_name}}) say in this conversation, for this member."""
    return facts.facts_of(tx, thread.find(tx, conversation_id))


@put("/conversations/{conversation_id:int}/assignment", operation_id="assign", status_code=204)
@act
def assign(tx: Transaction, conversation_id: FromPath[int], data: JSONBody[Assignment]) -> None:
    assigning.assign(tx, thread.find(tx, conversation_id), member_id=data.member_id)


@delete("/conversations/{conversation_id:int}/assignment", operation_id="unassign", status_code=204)
@act
def unassign(tx: Transaction, conversation_id: FromPath[int]) -> None:
    assigning.unassign(tx, thread.find(tx, conversation_id))


@put("/conversations/{conversation_id:int}/team", operation_id="assignTeam", status_code=204)
@act
def assign_team(tx: Transaction, conversation_id: FromPath[int], data: JSONBody[TeamAssignment]) -> None:
    """A member who has it and is not of the team has it no longer."""
    assigning.assign_team(tx, thread.find(tx, conversation_id), team_id=data.team_id)


@delete("/conversations/{conversation_id:int}/team", operation_id="unassignTeam", status_code=204)
@act
def unassign_team(tx: Transaction, conversation_id: FromPath[int]) -> None:
    assigning.unassign_team(tx, thread.find(tx, conversation_id))


@put("/conversations/{conversation_id:int}/resolution", operation_id="resolve", status_code=204)
@act
def resolve(tx: Transaction, conversation_id: FromPath[int]) -> None:
    resolving.resolve(tx, thread.find(tx, conversation_id))


@delete("/conversations/{conversation_id:int}/resolution", operation_id="reopen", status_code=204)
@act
def reopen(tx: Transaction, conversation_id: FromPath[int]) -> None:
    resolving.reopen(tx, thread.find(tx, conversation_id))


@put("/conversations/{conversation_id:int}/pause", operation_id="pause", status_code=204)
@act
def pause(tx: Transaction, conversation_id: FromPath[int]) -> None:
    """Pending, until something happens elsewhere or the customer writes; ended by reopening it."""
    resolving.pause(tx, thread.find(tx, conversation_id))


@get("/snoozes", operation_id="snoozeChoices")
@query
def snooze_choices(tx: Transaction) -> list[SnoozeChoice]:
    """The moments on offer now, in the member's time zone."""
    return list(snoozing.choices(tx.now, members.zone_of_actor(tx)))


@put("/conversations/{conversation_id:int}/snooze", operation_id="snooze", status_code=204)
@act
def snooze(tx: Transaction, conversation_id: FromPath[int], data: JSONBody[Snooze]) -> None:
    """Asleep until a moment, or until the customer answers; ended by reopening it."""
    until = data.until if data.local is None else snoozing.on_the_wall(data.local, members.zone_of_actor(tx))
    snoozing.snooze(tx, thread.find(tx, conversation_id), until=until, wakes_on_reply=data.wakes_on_reply)


@put("/conversations/{conversation_id:int}/labels/{label_id:int}", operation_id="label", status_code=204)
@act
def label(tx: Transaction, conversation_id: FromPath[int], label_id: FromPath[int]) -> None:
    labelling.label(tx, thread.find(tx, conversation_id), labels.find(tx, label_id))


@delete("/conversations/{conversation_id:int}/labels/{label_id:int}", operation_id="unlabel", status_code=204)
@act
def unlabel(tx: Transaction, conversation_id: FromPath[int], label_id: FromPath[int]) -> None:
    labelling.unlabel(tx, thread.find(tx, conversation_id), labels.find(tx, label_id))


@put("/conversations/{conversation_id:int}/reading", operation_id="readUpTo", status_code=204)
@act
def read_up_to(tx: Transaction, conversation_id: FromPath[int], data: JSONBody[ReadUpTo]) -> None:
    reading.read(tx, thread.find(tx, conversation_id), upto=data.message_id)


@post("/conversations/{conversation_id:int}/messages", operation_id="reply")
async def reply(
    request: Request[Any, Any, Any], conversation_id: FromPath[int], data: JSONBody[NewReply]
) -> Response[MessageView]:
    """Queue a reply: 201, or 200 when this `client_id` was already written. 409 newer_messages: see `seen_id`."""
    services: Services = request.app.state.door.services
    words = writing.words_of(data)
    token_key = services.secrets.key("threads")
    note = await _voice_note(request, data)

    def write(tx: Transaction) -> writing.Written:
        conversation = thread.find(tx, conversation_id)
        stopping.stop_if_newer(tx, conversation, client_id=data.client_id, seen_id=data.seen_id)
        if not texting.goes_through_a_number(tx, conversation):
            return writing.reply(tx, conversation, words, token_key=token_key)
        if note is not None:
            voicing.become(tx, data.attachment_ids[0], note)
        return writing.Written(*texting.reply(tx, conversation, data, seconds=note.seconds if note else 0.0))

    return await _write(request, write)


@post("/conversations/{conversation_id:int}/notes", operation_id="addNote")
async def add_note(
    request: Request[Any, Any, Any], conversation_id: FromPath[int], data: JSONBody[NewNote]
) -> Response[MessageView]:
    """Add a private note: it stays in the house."""
    words = writing.Words(
        client_id=data.client_id, text=data.text, attachment_ids=data.attachment_ids, mentions=data.mentions
    )
    return await _write(request, lambda tx: writing.note(tx, thread.find(tx, conversation_id), words))


@put("/messages/{message_id:int}/delivery", operation_id="retry", status_code=204)
@act
def retry(tx: Transaction, message_id: FromPath[int]) -> None:
    """Send a failed reply again, with the same Message-ID."""
    delivering.retry(tx, thread.find_message(tx, message_id))


@delete("/messages/{message_id:int}", operation_id="discard", status_code=204)
@act
def discard(tx: Transaction, message_id: FromPath[int]) -> None:
    """Remove a failed reply: nothing of it left the house."""
    delivering.discard(tx, thread.find_message(tx, message_id))


@put("/messages/{message_id:int}/reaction", operation_id="react", status_code=204)
@act
def react(tx: Transaction, message_id: FromPath[int], data: JSONBody[NewReaction]) -> None:
    """The customer sees it too, where the provider can show one."""
    reacting.react(tx, thread.find_message(tx, message_id), data.emoji)


@delete("/messages/{message_id:int}/reaction", operation_id="takeReactionBack", status_code=204)
@act
def take_reaction_back(tx: Transaction, message_id: FromPath[int]) -> None:
    reacting.react(tx, thread.find_message(tx, message_id), "")


@get("/search", operation_id="search")
@query
def search(
    tx: Transaction,
    q: Annotated[str, Parameter(max_length=200)],
    cursor: Annotated[int | None, Parameter(ge=0, le=2**62)] = None,
) -> SearchPage:
    """Messages that hold every word of `q`, newest first, of every age and status."""
    return searching.search(tx, q, cursor=cursor)


async def _voice_note(request: Request[Any, Any, Any], data: NewReply) -> voicing.Note | None:
    """What is to be a voice note is made one first; None for everything else, and for what was one already."""
    if not data.is_voice or not data.attachment_ids:
        return None
    services: Services = request.app.state.door.services
    key = await run(request, lambda tx: voicing.recording(tx, data.attachment_ids[0]), writes=False)
    return None if key is None else await voicing.convert(services.files, key)


async def _write(request: Request[Any, Any, Any], write: Any) -> Response[MessageView]:
    def work(tx: Transaction) -> tuple[MessageView, bool]:
        written: writing.Written = write(tx)
        return messages_of(tx, [written.message.id])[0], written.is_new

    view, is_new = await run(request, work, writes=True)
    return Response(view, status_code=201 if is_new else 200)


def router() -> Router:
    handlers = [
        read_thread,
        start,
        read_facts,
        assign,
        unassign,
        assign_team,
        unassign_team,
        resolve,
        reopen,
        pause,
        snooze_choices,
        snooze,
        label,
        unlabel,
        read_up_to,
        reply,
        add_note,
        retry,
        discard,
        react,
        take_reaction_back,
        search,
    ]
    return Router("/", route_handlers=handlers, tags=["conversations"])
