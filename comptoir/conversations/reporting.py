"""News of a reply that has left: it was not delivered to somebody, is late, has arrived, was read. It joins the reply it is
about, recipient by recipient, and never opens a conversation.

Forward only for each recipient: late, delivered, read; a failure may follow a delivery, and nothing but a reading follows a
failure. The reply as a whole has failed when it failed for everybody.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from comptoir.channels.models import Channel
from comptoir.channels.port import Bounce, Incoming, Report
from comptoir.conversations import awaiting, resolving
from comptoir.conversations.models import Conversation, Delivery, Kind, Message
from comptoir.foundation.tables import to_ms
from comptoir.foundation.transaction import Transaction
from comptoir.mail.causes import cause_of
from comptoir.mail.threads import normalise_subject

LEFT = (Delivery.SENDING, Delivery.SENT, Delivery.DELIVERED, Delivery.READ, Delivery.FAILED)
BOUNCES_WITHIN = timedelta(days=6)  # mail servers try for five days

_RANKS = {"delayed": 1, "delivered": 2, "failed": 3, "read": 4}


def take_in(tx: Transaction, channel: Channel, incoming: Incoming) -> Message | None:
    """The reply that this mail has news of, now with that news; None when we sent nothing it could be about."""
    assert incoming.bounce is not None
    message = _about(tx, channel, incoming.bounce)
    if message is not None:
        report(tx, message, incoming.bounce.reports)
    return message


def report(tx: Transaction, message: Message, reports: Sequence[Report]) -> None:
    """Write down what became of it; the same news twice is once."""
    changed = [entry for one in reports if (entry := _enter(tx, message, one))]
    if not changed:
        return
    before = message.delivery
    settle(message)
    conversation = tx.find(Conversation, message.conversation_id)
    conversation.version += 1
    if message.delivery == Delivery.FAILED and before != Delivery.FAILED:
        conversation.failed_count += 1
    if any(entry["state"] == "failed" for entry in changed):
        _bring_to_attention(tx, conversation)
    worst = max(changed, key=lambda entry: entry["state"] == "failed")
    tx.record(
        _event(message, before, worst["state"]),
        conversation_id=conversation.id,
        message_id=message.id,
        channel_id=message.channel_id,
        code=worst["cause"],
    )


def settle(message: Message) -> None:
    """What the receipts of every recipient make of the whole. One still being sent stays so: its outcome comes first."""
    states = {entry["address"]: entry["state"] for entry in message.receipts or ()}
    people = recipients_of(message)
    if message.delivery not in (Delivery.SENT, Delivery.DELIVERED, Delivery.READ) or not people:
        return
    refused = {address for address, _ in message.refusals or ()}
    reached = [states.get(address, "") for address in people if address not in refused]
    failures = [entry for entry in message.receipts or () if entry["state"] == "failed"]
    if failures and all(state == "failed" for state in reached):
        message.delivery = Delivery.FAILED
        message.error_code, message.error_detail = failures[0]["cause"], failures[0]["reason"] or None
    elif all(state == "read" for state in reached):
        message.delivery = Delivery.READ
    elif all(state in ("delivered", "read") for state in reached):
        message.delivery = Delivery.DELIVERED


def recipients_of(message: Message) -> list[str]:
    """Everybody it went to, each once."""
    people = [person for field in ("to", "cc", "bcc") for person in message.recipients.get(field, ())]
    return list(dict.fromkeys(address.lower() for address, _ in people))


def _enter(tx: Transaction, message: Message, report: Report) -> dict[str, Any] | None:
    """The receipt of that recipient, as it is now; None when this is no news."""
    address = _whose(message, report)
    entries = {entry["address"]: entry for entry in message.receipts or ()}
    known = entries.get(address)
    if known is not None and _RANKS[known["state"]] >= _RANKS[report.fate]:
        return None
    is_bad = report.fate in ("failed", "delayed")
    entry = {
        "address": address,
        "state": report.fate,
        "at": tx.now.isoformat(),
        "reason": report.reason if is_bad else "",
        "cause": cause_of(report.status, report.reason) if is_bad else "",
    }
    message.receipts = [*(e for e in entries.values() if e["address"] != address), entry]
    return entry


def _whose(message: Message, report: Report) -> str:
    """The recipient a report is about. Another address than ours of a mail to one person is where theirs is forwarded."""
    people = recipients_of(message)
    if report.address in people or len(people) != 1:
        return report.address
    return people[0]


def _bring_to_attention(tx: Transaction, conversation: Conversation) -> None:
    conversation.last_at = max(conversation.last_at, tx.now)
    if not conversation.is_open:
        resolving.reopen(tx, conversation, by="bounce")


def _event(message: Message, before: str | None, state: str) -> str:
    if message.delivery == Delivery.FAILED and before != Delivery.FAILED:
        return "message.failed"
    if message.delivery != before:
        return f"message.{message.delivery}"
    return {"failed": "message.bounced", "delayed": "message.late"}.get(state, "message.receipt")


def _about(tx: Transaction, channel: Channel, bounce: Bounce) -> Message | None:
    for header_id in bounce.original_ids:
        found = tx.value(
            "SELECT id FROM messages WHERE channel_id = :channel AND header_id = :header AND kind = :reply",
            channel=channel.id,
            header=header_id,
            reply=Kind.REPLY,
        ) or tx.value(
            "SELECT message_id FROM renamed_mails WHERE channel_id = :channel AND digest = :digest",
            channel=channel.id,
            digest=awaiting.digest(header_id),
        )
        message = tx.session.get(Message, found) if found else None
        if message is not None and message.delivery in LEFT:
            return message
    return _by_recipient(tx, channel, bounce)


def _by_recipient(tx: Transaction, channel: Channel, bounce: Bounce) -> Message | None:
    """The last resort: the newest mail of these days to that person about that subject."""
    subject = normalise_subject(bounce.original_subject)
    addresses = [report.address for report in bounce.reports if report.address]
    if not subject or not addresses:
        return None
    rows = tx.rows(
        "SELECT id, subject, recipients FROM messages WHERE channel_id = :channel AND kind = :reply AND at > :since"
        " ORDER BY id DESC LIMIT 2000",
        channel=channel.id,
        reply=Kind.REPLY,
        since=to_ms(tx.now - BOUNCES_WITHIN),
    )
    for message_id, known, recipients in rows:
        if normalise_subject(known) == subject and any(f'"{address}"' in recipients for address in addresses):
            return tx.find(Message, message_id)
    return None
