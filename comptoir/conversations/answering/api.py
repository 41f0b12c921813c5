"""The doors around a reply: drafts, taking back, forwards, recipients, one's signature."""

from typing import Annotated, Any

from litestar import Request, Response, Router, delete, get, post, put
from litestar.params import FromPath, JSONBody, Parameter

from comptoir.conversations import forwarding, thread, writing
from comptoir.conversations.answering import drafting, recipients, signing, withdrawing
from comptoir.conversations.answering.schemas import (
    DraftVersion,
    DraftView,
    KeepDraft,
    Signature,
    SuggestedPerson,
)
from comptoir.conversations.messages import messages_of
from comptoir.conversations.schemas import DraftMark, MessageView, Mode, NewReply, ReplyRecipients
from comptoir.foundation.doors import act, query, run
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.team import queries as team
from comptoir.team.schemas import Me


@get("/drafts", operation_id="draftMarks")
@query
def draft_marks(tx: Transaction) -> list[DraftMark]:
    """Where one has drafts, newest first. What they say is in the conversation."""
    return drafting.marks(tx)


@get("/conversations/{conversation_id:int}/drafts", operation_id="drafts")
@query
def drafts(tx: Transaction, conversation_id: FromPath[int]) -> list[DraftView]:
    """One's own; nobody else's."""
    return drafting.drafts_of(tx, thread.find(tx, conversation_id))


@put("/conversations/{conversation_id:int}/drafts/{mode:str}", operation_id="keepDraft")
@act
def keep_draft(
    tx: Transaction, conversation_id: FromPath[int], mode: FromPath[Mode], data: JSONBody[KeepDraft]
) -> DraftVersion:
    """409 draft_gone when it was sent or emptied meanwhile: what one still has on screen is then kept with version 0."""
    conversation = thread.find(tx, conversation_id)
    return DraftVersion(drafting.keep(tx, conversation, mode, data.content, known=data.version))


@delete("/conversations/{conversation_id:int}/drafts/{mode:str}", operation_id="dropDraft", status_code=204)
@act
def drop_draft(tx: Transaction, conversation_id: FromPath[int], mode: FromPath[Mode]) -> None:
    drafting.drop(tx, thread.find(tx, conversation_id), mode)


@delete("/messages/{message_id:int}/delivery", operation_id="withdraw", status_code=200)
@act
def withdraw(tx: Transaction, message_id: FromPath[int]) -> DraftView:
    """Take back one's reply while it is held (`held_until`): the draft that it has become. 409 too_late after that."""
    return withdrawing.withdraw(tx, thread.find_message(tx, message_id))


@post("/conversations/{conversation_id:int}/forwards", operation_id="forward")
async def forward(
    request: Request[Any, Any, Any], conversation_id: FromPath[int], data: JSONBody[NewReply]
) -> Response[MessageView]:
    """Send mails of this conversation (`forwarded`) to a third party, in a side conversation of their own: the message there.
    201, or 200 when this `client_id` was already forwarded."""
    services: Services = request.app.state.door.services
    token_key = services.secrets.key("threads")

    def work(tx: Transaction) -> tuple[MessageView, bool]:
        conversation = thread.find(tx, conversation_id)
        written = forwarding.forward(tx, conversation, writing.words_of(data), token_key=token_key)
        return messages_of(tx, [written.message.id])[0], written.is_new

    view, is_new = await run(request, work, writes=True)
    return Response(view, status_code=201 if is_new else 200)


@get("/messages/{message_id:int}/recipients", operation_id="recipientsOf")
@query
def recipients_of(tx: Transaction, message_id: FromPath[int]) -> ReplyRecipients:
    """Who an answer to this mail goes to."""
    message = thread.find_message(tx, message_id)
    return recipients.reply_all(tx, message.conversation_id, message_id=message.id)


@get("/recipients", operation_id="suggestRecipients")
@query
def suggest_recipients(tx: Transaction, q: Annotated[str, Parameter(max_length=200)]) -> list[SuggestedPerson]:
    """Colleagues, and contacts of the conversations one sees, whose name or address begins so."""
    return recipients.suggest(tx, q)


@put("/me/signature", operation_id="changeSignature")
@act
def change_signature(tx: Transaction, data: JSONBody[Signature]) -> Me:
    signing.sign_with(tx, data.html)
    return team.view_of_me(tx, team.me(tx))


def router() -> Router:
    handlers = [
        draft_marks,
        drafts,
        keep_draft,
        drop_draft,
        withdraw,
        forward,
        recipients_of,
        suggest_recipients,
        change_signature,
    ]
    return Router("/", route_handlers=handlers, tags=["answering"])
