"""One act of a bulk on one conversation: the very acts of the room, what they change, and the way back."""

from datetime import datetime
from typing import Any

from comptoir.conversations import assigning, labelling, resolving, snoozing
from comptoir.conversations.bulk.schemas import (
    Act,
    Assign,
    AssignTeam,
    Pause,
    PutLabel,
    Reopen,
    Resolve,
    Sleep,
    TakeLabel,
)
from comptoir.conversations.models import Conversation, Status
from comptoir.foundation.transaction import Transaction
from comptoir.labels import queries as labels


def perform(tx: Transaction, conversation: Conversation, act: Act) -> None:
    match act:
        case Assign(member_id=None):
            assigning.unassign(tx, conversation)
        case Assign(member_id=int(member_id)):
            assigning.assign(tx, conversation, member_id=member_id)
        case AssignTeam(team_id=None):
            assigning.unassign_team(tx, conversation)
        case AssignTeam(team_id=int(team_id)):
            assigning.assign_team(tx, conversation, team_id=team_id)
        case PutLabel(label_id):
            labelling.label(tx, conversation, labels.find(tx, label_id))
        case TakeLabel(label_id):
            labelling.unlabel(tx, conversation, labels.find(tx, label_id))
        case Sleep(snooze):
            snoozing.snooze(tx, conversation, until=snooze.until, wakes_on_reply=snooze.wakes_on_reply)
        case Resolve():
            resolving.resolve(tx, conversation)
        case Reopen():
            resolving.reopen(tx, conversation)
        case Pause():
            resolving.pause(tx, conversation)


def state_of(tx: Transaction, conversation: Conversation, act: Act) -> dict[str, Any]:
    """What the act changes, as it is now."""
    match act:
        case Assign() | AssignTeam():
            return {"assignee_id": conversation.assignee_id, "team_id": conversation.team_id}
        case PutLabel(label_id) | TakeLabel(label_id):
            return {"has": labelling.has(tx, conversation.id, label_id)}
        case _:
            return {
                "status": conversation.status,
                "until": conversation.snoozed_until and conversation.snoozed_until.isoformat(),
                "wakes_on_reply": conversation.wakes_on_reply,
            }


def put_back(tx: Transaction, conversation: Conversation, act: Act, before: dict[str, Any]) -> None:
    """The inverse act, with the earlier values. A snooze whose moment has passed meanwhile is over."""
    match act:
        case Assign() | AssignTeam():
            _give_back(tx, conversation, before["team_id"], before["assignee_id"])
        case PutLabel(label_id):
            labelling.unlabel(tx, conversation, labels.find(tx, label_id))
        case TakeLabel(label_id):
            labelling.label(tx, conversation, labels.find(tx, label_id))
        case _:
            _put_status_back(tx, conversation, before)


def _give_back(tx: Transaction, conversation: Conversation, team_id: int | None, member_id: int | None) -> None:
    """To the team first: a member who is not of it would lose it again."""
    if team_id is None:
        assigning.unassign_team(tx, conversation)
    else:
        assigning.assign_team(tx, conversation, team_id=team_id)
    if member_id is None:
        assigning.unassign(tx, conversation)
    else:
        assigning.assign(tx, conversation, member_id=member_id)


def _put_status_back(tx: Transaction, conversation: Conversation, before: dict[str, Any]) -> None:
    until = None if before["until"] is None else datetime.fromisoformat(before["until"])
    match before["status"]:
        case Status.RESOLVED:
            resolving.resolve(tx, conversation)
        case Status.PENDING:
            resolving.pause(tx, conversation)
        case Status.SNOOZED if until is None or until > tx.now:
            snoozing.snooze(tx, conversation, until=until, wakes_on_reply=before["wakes_on_reply"])
        case _:
            resolving.reopen(tx, conversation)
