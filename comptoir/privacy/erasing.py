"""Erase what is held on somebody: their conversations first, some at a time, then payloads, then the person.

Each part is one short transaction, which also writes how much it erased into the report, and all of it can be run again: a
killed erasure goes on with what is left and tells it all in the end. Files leave the store last.
"""

import contextlib
from collections import Counter
from collections.abc import Sequence

from comptoir.conversations import recounting
from comptoir.conversations.errors import CannotUnmerge
from comptoir.conversations.handling import merging
from comptoir.conversations.models import Conversation
from comptoir.conversations.search import index
from comptoir.foundation.jobs.port import Job
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.privacy import asking, failing, finding, leaving, payloads
from comptoir.privacy.finding import Scope, numbers
from comptoir.privacy.models import DataRequest
from comptoir.privacy.payloads import Step
from comptoir.privacy.schemas import Report

PART = 10  # conversations of a transaction


async def erase(services: Services, job: Job) -> None:
    """At privacy.erasure_asked."""
    asked = await services.database.read(lambda tx: finding.asked(tx, int(job.args["event_id"])))
    if asked is None:
        return
    request, scope = asked
    async with failing.told(services, job, request.id):
        await _erase(services, request, scope)


async def _erase(services: Services, request: DataRequest, scope: Scope) -> None:
    async def step(work: Step) -> None:
        """One transaction: what it erases, how much that was, and which files leave for it."""
        await services.database.write(lambda tx: _take(tx, request.id, work))

    theirs = await services.database.write(lambda tx: _begin(tx, request, scope))
    for start in range(0, len(theirs.conversation_ids), PART):
        ids = theirs.conversation_ids[start : start + PART]
        await step(lambda tx, counts, ids=ids: erase_conversations(tx, ids, counts))  # type: ignore[misc]
    await step(lambda tx, counts: erase_among(tx, theirs.message_ids, counts))
    await payloads.erase(services, theirs.names, step)
    await payloads.erase_said(services, theirs, step)
    await step(lambda tx, counts: erase_person(tx, request, theirs, counts))
    await leaving.take_out(services, request.id, lambda tx, gone: _count(tx, request.id, Counter(files=gone)))
    await services.database.write(lambda tx: _end(tx, request.id))


def _begin(tx: Transaction, asked: DataRequest, scope: Scope) -> Scope:
    """What was merged with somebody else's conversation is each one's own again, where that can be undone: they lose nothing by
    an erasure. What must be kept is asked while there is something to ask: one that goes on keeps its first answer."""
    theirs = set(scope.conversation_ids)
    merges = tx.rows("SELECT source_id, target_id FROM conversation_merges ORDER BY at DESC, source_id DESC")
    for source_id, target_id in merges:
        if (source_id in theirs) != (target_id in theirs):
            with contextlib.suppress(CannotUnmerge):
                merging.unmerge(tx, tx.find(Conversation, source_id))
    scope = finding.scope(tx, asked.subject, asked.subject_id)
    request = tx.find(DataRequest, asked.id)
    if request.report is None:
        request.report = {"counts": {}, "kept": _kept(tx, scope)}
    return scope


def _take(tx: Transaction, request_id: int, work: Step) -> None:
    counts: Counter[str] = Counter()
    leaving.leave(tx, request_id, work(tx, counts))
    _count(tx, request_id, counts)


def _count(tx: Transaction, request_id: int, counts: Counter[str]) -> None:
    request = tx.find(DataRequest, request_id)
    before = request.report or {}
    request.report = before | {"counts": dict(Counter(before["counts"]) + counts)}


def _end(tx: Transaction, request_id: int) -> None:
    request = tx.find(DataRequest, request_id)
    asking.end(tx, request, Report(**(request.report or {})))


def erase_conversations(tx: Transaction, ids: Sequence[int], counts: Counter[str]) -> list[str]:
    """With what is merged into them, all that hangs on them, what the log said of them, and what of them was shown to third
    parties; the keys of their files."""
    ids = finding.with_merged(tx, "conversations", ids)
    messages = finding.messages_of(tx, ids)
    forwards = finding.forwards_of(tx, ids, messages)
    keys = erase_messages(tx, messages, counts)
    for table, column in finding.hanging_on("conversations"):
        counts["others"] += tx.execute(f"DELETE FROM {table} WHERE {column} IN ({numbers(ids)})")
    for column in ("origin_id", "continued_by_id"):
        tx.execute(f"UPDATE conversations SET {column} = NULL WHERE {column} IN ({numbers(ids)})")
    counts["events"] += tx.execute(f"DELETE FROM events WHERE conversation_id IN ({numbers(ids)})")
    channels = tx.rows(f"SELECT id, channel_id FROM conversations WHERE id IN ({numbers(ids)})")
    counts["conversations"] += tx.execute(f"DELETE FROM conversations WHERE id IN ({numbers(ids)})")
    for id, channel_id in channels:
        tx.record("conversation.removed", conversation_id=id, channel_id=channel_id)
    return keys + erase_among(tx, forwards, counts)


def erase_among(tx: Transaction, ids: Sequence[int], counts: Counter[str]) -> list[str]:
    """Messages of conversations that stay, for what else is in them; the keys of their files."""
    places = tx.rows(f"SELECT id, conversation_id, channel_id FROM messages WHERE id IN ({numbers(ids)}) ORDER BY id")
    keys = erase_messages(tx, [id for id, *_ in places], counts)
    for id, conversation_id, channel_id in places:
        tx.record("message.erased", conversation_id=conversation_id, message_id=id, channel_id=channel_id)
    for conversation_id in sorted({conversation_id for _, conversation_id, _ in places}):
        if finding.messages_of(tx, [conversation_id]):
            recounting.recount(tx, tx.find(Conversation, conversation_id))
        else:
            keys += erase_conversations(tx, [conversation_id], counts)
    return keys


def erase_messages(tx: Transaction, ids: Sequence[int], counts: Counter[str]) -> list[str]:
    """With their words in the index, their files and the payload that each came in; the keys of those files."""
    keys: list[str] = []
    for start in range(0, len(ids), 500):
        among = numbers(ids[start : start + 500])
        keys += [key for (key,) in tx.rows(f"SELECT file_key FROM attachments WHERE message_id IN ({among})")]
        keys += payloads.empty(tx, f"message_id IN ({among})", counts)
        for id in ids[start : start + 500]:
            index.remove(tx, id)
        tx.execute(
            "DELETE FROM early_signs WHERE EXISTS (SELECT 1 FROM messages m WHERE m.channel_id = early_signs.channel_id"
            f" AND m.external_id = early_signs.target AND m.id IN ({among}))"
        )
        for table, column in finding.hanging_on("messages"):
            tx.execute(f"DELETE FROM {table} WHERE {column} IN ({among})")
        counts["attachments"] += tx.execute(f"DELETE FROM attachments WHERE message_id IN ({among})")
        tx.execute(f"UPDATE messages SET quoted_id = NULL WHERE quoted_id IN ({among})")
        tx.execute(f"DELETE FROM events WHERE message_id IN ({among})")
        counts["messages"] += tx.execute(f"DELETE FROM messages WHERE id IN ({among})")
    return [key for key in keys if key]


def erase_person(tx: Transaction, request: DataRequest, scope: Scope, counts: Counter[str]) -> list[str]:
    """The contacts, and the file where it is one that is erased; what the log and earlier exports say of them."""
    contacts = numbers(scope.contact_ids)
    tx.execute(f"UPDATE messages SET contact_id = NULL WHERE contact_id IN ({contacts})")
    tx.execute(f"UPDATE conversations SET contact_id = NULL WHERE contact_id IN ({contacts})")
    _erase_rows(tx, "contacts", contacts, "contact", counts)
    if scope.customer_ids:
        customers = numbers(scope.customer_ids)
        tx.execute(f"UPDATE conversations SET customer_id = NULL WHERE customer_id IN ({customers})")
        _erase_rows(tx, "customers", customers, "customer", counts)
    if counts["contacts"] or counts["customers"]:
        tx.record(f"{request.subject}.erased", id=request.subject_id)
    exports = tx.rows(
        "SELECT file_key FROM data_requests WHERE subject = :subject AND subject_id = :id AND file_key IS NOT NULL",
        subject=request.subject,
        id=request.subject_id,
    )
    tx.execute(
        "UPDATE data_requests SET file_key = NULL WHERE subject = :subject AND subject_id = :id",
        subject=request.subject,
        id=request.subject_id,
    )
    return [key for (key,) in exports] + payloads.erase_imported(tx, scope.names, counts)


def _erase_rows(tx: Transaction, table: str, ids: str, kind: str, counts: Counter[str]) -> None:
    names = {"identities": "identities", "documents": "documents", "customer_notes": "notes"}
    tx.execute(f"DELETE FROM merges WHERE kind = :kind AND (kept_id IN ({ids}) OR gone_id IN ({ids}))", kind=kind)
    for other, column in finding.hanging_on(table):
        if other not in ("messages", "conversations"):
            counts[names.get(other, "others")] += tx.execute(f"DELETE FROM {other} WHERE {column} IN ({ids})")
    tx.execute(f"UPDATE {table} SET merged_into_id = NULL WHERE merged_into_id IN ({ids})")
    if table == "customers":
        tx.execute(f"UPDATE contacts SET customer_id = NULL WHERE customer_id IN ({ids})")
    counts[table] += tx.execute(f"DELETE FROM {table} WHERE id IN ({ids})")


def _kept(tx: Transaction, scope: Scope) -> list[str]:
    """By code: what stays, as somebody must be told."""
    kinds = {
        kind
        for (kind,) in tx.rows(
            "SELECT DISTINCT ch.kind FROM conversations c JOIN channels ch ON ch.id = c.channel_id"
            f" WHERE c.contact_id IN ({numbers(scope.contact_ids)})"
        )
    }
    kept = ["request"]
    kept += ["mailbox"] if "email" in kinds else []
    kept += ["whatsapp"] if "whatsapp" in kinds else []
    kept += ["group"] if scope.message_ids else []
    return kept
