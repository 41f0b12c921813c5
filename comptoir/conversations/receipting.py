"""What a provider says later of a message of ours: it was sent, delivered, read, or it failed after all. Forward only.

Statuses come in any order, twice, and before we know the message by the provider's id; ours, which we sent along, finds it too.
"""

import msgspec

from comptoir.channels.chat import Receipted
from comptoir.conversations import early, remarking
from comptoir.conversations.models import Conversation, Delivery, Kind, Message
from comptoir.conversations.telling import count_failures, tell
from comptoir.foundation.transaction import Transaction

OURS = "m"  # a message of ours is m and its number, for the provider
RANKS = {
    Delivery.QUEUED: 0,
    Delivery.SENDING: 0,
    Delivery.SENT: 2,
    Delivery.FAILED: 2,  # what failed had come no further than sent
    Delivery.DELIVERED: 3,
    Delivery.READ: 4,
}
MEANS = {
    "accepted": Delivery.SENT,
    "sent": Delivery.SENT,
    "delivered": Delivery.DELIVERED,
    "read": Delivery.READ,
    "played": Delivery.READ,
}

STEPS = ("accepted", "sent", "delivered", "read", "played")


def our_id(message_id: int) -> str:
    """What we send along with a message, and hear again with its statuses."""
    return f"{OURS}{message_id}"


def receipt(tx: Transaction, channel_id: int, said: Receipted) -> Message | None:
    """The message it is about; None when that is not here yet, and the receipt waits for it."""
    early.one_at_a_time(tx, early.name_of(channel_id, said.external_id))
    message = _message(tx, channel_id, said)
    if message is None:
        early.keep(tx, channel_id, said.external_id, early.RECEIPT, said)
        return None
    is_news = message.external_id is None
    if is_news:
        message.external_id = said.external_id
        _has_left(tx, message)
    elif message.external_id != said.external_id and said.state == "failed":
        return message  # of an attempt before the one that counts
    apply(tx, message, said)
    if is_news:
        apply_early(tx, message, said.external_id)
    return message


def catch_up(tx: Transaction, message: Message) -> None:
    """A message of ours has just got the provider's id: what was said of it before is true now."""
    if message.external_id is not None:
        early.one_at_a_time(tx, early.name_of(message.channel_id, message.external_id))
        apply_early(tx, message, message.external_id)


def apply_early(tx: Transaction, message: Message, external_id: str) -> None:
    """All that waited for it, by somebody who holds its name already (`early.one_at_a_time`)."""
    for kind, body in early.take(tx, message.channel_id, external_id):
        if kind == early.RECEIPT:
            apply(tx, message, msgspec.json.decode(body, type=Receipted))
        elif kind == early.REMARK:
            remarking.apply(tx, message, remarking.decode(body))
        else:
            _quote(tx, int(body), message)


def apply(tx: Transaction, message: Message, said: Receipted) -> None:
    if message.kind != Kind.REPLY:
        return
    if said.state == "failed":
        _fail(tx, message, said)
        return
    state = MEANS[said.state]
    had_played = any(one["state"] == "played" for one in message.receipts or ())
    played = said.state == "played" and not had_played
    is_group = said.party is not None and _is_group(tx, message)
    if is_group:
        _note(tx, message, said)
        state = min(state, Delivery.DELIVERED, key=RANKS.__getitem__)  # read by one is not read by all
    elif played:
        message.receipts = [*(message.receipts or ()), _line(said)]
    is_forward = message.delivery is None or RANKS[state] > RANKS[Delivery(message.delivery)]
    if is_forward:
        if message.delivery == Delivery.FAILED:
            count_failures(tx, message, -1)
        message.delivery = state
        message.error_code = message.error_detail = None
    if is_forward or played:
        tell(tx, message, f"message.{state}")


def _has_left(tx: Transaction, message: Message) -> None:
    """We had given it up as not sent, and the provider has it."""
    if message.delivery == Delivery.FAILED:
        count_failures(tx, message, -1)
        message.delivery = Delivery.SENDING
        message.error_code = message.error_detail = None


def _fail(tx: Transaction, message: Message, said: Receipted) -> None:
    """Only what had come no further than sent can still have failed."""
    if message.delivery in (Delivery.FAILED, Delivery.DELIVERED, Delivery.READ):
        return
    message.delivery = Delivery.FAILED
    message.error_code = said.code[:40] or "failed"
    message.error_detail = said.detail[:2000]
    count_failures(tx, message, +1)
    tell(tx, message, "message.failed", code=message.error_code)


def _message(tx: Transaction, channel_id: int, said: Receipted) -> Message | None:
    """By the provider's id, or by ours."""
    id = tx.value(
        "SELECT id FROM messages WHERE channel_id = :channel AND external_id = :external",
        channel=channel_id,
        external=said.external_id,
    )
    ours = said.our_id.removeprefix(OURS)
    if id is None and said.our_id.startswith(OURS) and ours.isascii() and ours.isdigit() and len(ours) < 19:
        id = tx.value(
            "SELECT id FROM messages WHERE id = :id AND channel_id = :channel AND kind = :reply",
            id=int(ours),
            channel=channel_id,
            reply=Kind.REPLY,
        )
    return None if id is None else tx.session.get(Message, id, with_for_update=not tx.is_sqlite)


def _quote(tx: Transaction, answer_id: int, message: Message) -> None:
    """An answer that came before what it answers."""
    answer = tx.session.get(Message, answer_id)
    if answer is not None:
        answer.quoted_id = message.id
        tell(tx, answer, "message.completed")


def _is_group(tx: Transaction, message: Message) -> bool:
    return tx.find(Conversation, message.conversation_id).group_id is not None


def _note(tx: Transaction, message: Message, said: Receipted) -> None:
    """In a group, how far it came with each person."""
    line = _line(said)
    receipts = list(message.receipts or ())
    before = next((one for one in receipts if one["address"] == line["address"]), None)
    if before is None:
        receipts.append(line)
    elif STEPS.index(before["state"]) < STEPS.index(said.state):
        receipts[receipts.index(before)] = line
    message.receipts = receipts


def _line(said: Receipted) -> dict[str, str]:
    address = said.party.aliases[0].value if said.party and said.party.aliases else ""
    return {"address": address, "state": said.state, "at": said.at.isoformat()}
