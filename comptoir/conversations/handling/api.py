"""The doors of handling: priority, participants, spam and blocked senders."""

from typing import Annotated

from litestar import Router, delete, get, put
from litestar.params import FromPath, JSONBody, Parameter

from comptoir.conversations import thread
from comptoir.conversations.handling import (
    blocking,
    candidates,
    merging,
    participating,
    prioritizing,
    scheduling,
    spamming,
)
from comptoir.conversations.handling.schemas import BlockedSender, Into, NewPriority, Participants
from comptoir.conversations.models import Priority
from comptoir.conversations.schemas import ConversationRow, Later, SnoozeChoice
from comptoir.foundation.doors import act, query
from comptoir.foundation.transaction import Transaction
from comptoir.team import queries as members


@put("/conversations/{conversation_id:int}/priority", operation_id="prioritize", status_code=204)
@act
def prioritize(tx: Transaction, conversation_id: FromPath[int], data: JSONBody[NewPriority]) -> None:
    prioritizing.prioritize(tx, thread.find(tx, conversation_id), Priority(data.priority))


@put("/conversations/{conversation_id:int}/spam", operation_id="markSpam", status_code=204)
@act
def mark_spam(tx: Transaction, conversation_id: FromPath[int]) -> None:
    """Out of sight, kept: found with the status "spam"."""
    spamming.mark(tx, thread.find(tx, conversation_id))


@delete("/conversations/{conversation_id:int}/spam", operation_id="unmarkSpam", status_code=204)
@act
def unmark_spam(tx: Transaction, conversation_id: FromPath[int]) -> None:
    spamming.unmark(tx, thread.find(tx, conversation_id))


@put("/conversations/{conversation_id:int}/block", operation_id="blockSender", status_code=204)
@act
def block(tx: Transaction, conversation_id: FromPath[int]) -> None:
    """Block who wrote last in it; the conversation is spam."""
    blocking.block(tx, thread.find(tx, conversation_id))


@get("/blocked-senders", operation_id="blockedSenders")
@query
def blocked_senders(tx: Transaction) -> list[BlockedSender]:
    return blocking.blocked_senders(tx)


@delete("/blocked-senders/{identity_id:int}", operation_id="unblockSender", status_code=204)
@act
def unblock(tx: Transaction, identity_id: FromPath[int]) -> None:
    """What they sent meanwhile stays among the spam."""
    blocking.unblock(tx, identity_id)


@put("/conversations/{conversation_id:int}/merge", operation_id="merge", status_code=204)
@act
def merge(tx: Transaction, conversation_id: FromPath[int], data: JSONBody[Into]) -> None:
    """Everything of it goes into the other one, to which its number leads from then on."""
    merging.merge(tx, thread.find(tx, conversation_id), thread.find(tx, data.conversation_id))


@delete("/conversations/{conversation_id:int}/merge", operation_id="unmerge", status_code=204)
@act
def unmerge(tx: Transaction, conversation_id: FromPath[int]) -> None:
    """`conversation_id`: the one that was merged into another. 409 cannot_unmerge when that has become impossible."""
    merging.unmerge(tx, merging.find_merged(tx, conversation_id))


@get("/conversations/{conversation_id:int}/merge-candidates", operation_id="mergeCandidates")
@query
def merge_candidates(
    tx: Transaction, conversation_id: FromPath[int], q: Annotated[str, Parameter(max_length=200)] = ""
) -> list[ConversationRow]:
    """What it may be merged with, and where its mails may be moved: of the same contact, or found by `q` in the same mailbox."""
    return candidates.candidates(tx, thread.find(tx, conversation_id), q)


@get("/send-times", operation_id="sendTimes")
@query
def send_times(tx: Transaction) -> list[SnoozeChoice]:
    """The moments on offer now to send at (hour, afternoon, tomorrow, monday), in the member's time zone."""
    return list(scheduling.choices(tx.now, members.zone_of_actor(tx)))


@put("/messages/{message_id:int}/schedule", operation_id="reschedule", status_code=204)
@act
def reschedule(tx: Transaction, message_id: FromPath[int], data: JSONBody[Later]) -> None:
    """Another moment for a scheduled reply. 409 not_scheduled when it has left, or was cancelled."""
    scheduling.reschedule(tx, thread.find_message(tx, message_id), data)


@delete("/messages/{message_id:int}/schedule", operation_id="unschedule", status_code=204)
@act
def unschedule(tx: Transaction, message_id: FromPath[int]) -> None:
    """It is its author's draft again. One's own is had back, draft and all, by `withdraw`."""
    scheduling.cancel(tx, thread.find_message(tx, message_id))


@get("/conversations/{conversation_id:int}/participants", operation_id="participants")
@query
def participants(tx: Transaction, conversation_id: FromPath[int]) -> Participants:
    return Participants(participating.participants(tx, thread.find(tx, conversation_id).id))


@put("/conversations/{conversation_id:int}/participants/{member_id:int}", operation_id="follow", status_code=204)
@act
def follow(tx: Transaction, conversation_id: FromPath[int], member_id: FromPath[int]) -> None:
    participating.follow(tx, thread.find(tx, conversation_id), member_id)


@delete("/conversations/{conversation_id:int}/participants/{member_id:int}", operation_id="unfollow", status_code=204)
@act
def unfollow(tx: Transaction, conversation_id: FromPath[int], member_id: FromPath[int]) -> None:
    participating.unfollow(tx, thread.find(tx, conversation_id), member_id)


def router() -> Router:
    handlers = [
        prioritize,
        mark_spam,
        unmark_spam,
        block,
        blocked_senders,
        unblock,
        send_times,
        reschedule,
        unschedule,
        merge,
        unmerge,
        merge_candidates,
        participants,
        follow,
        unfollow,
    ]
    return Router("/", route_handlers=handlers, tags=["handling"])
