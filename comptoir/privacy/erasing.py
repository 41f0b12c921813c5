"""Erase what is held on somebody: their conversations first, some at a time, then payloads, then the person.

Each part is one short transaction, and all of it can be run again: a killed erasure goes on with what is left. Files leave
the store last, when nothing names them any more.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence

from comptoir.conversations.search import index
from comptoir.foundation.jobs.port import Job
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.privacy import asking, finding, payloads
from comptoir.privacy.finding import Scope, numbers
from comptoir.privacy.models import DataRequest
from comptoir.privacy.schemas import Report

PART = 10  # conversations of a transaction


async def erase(services: Services, job: Job) -> None:
    """At privacy.erasure_asked."""
    database = services.database
    asked = await database.read(lambda tx: finding.asked(tx, int(job.args["event_id"])))
    if asked is None:
        return
    request, scope = asked
    counts: Counter[str] = Counter()
    keys: list[str] = []
    kept = await database.read(lambda tx: _kept(tx, scope))
    for start in range(0, len(scope.conversation_ids), PART):
        ids = scope.conversation_ids[start : start + PART]
        keys += await database.write(lambda tx, ids=ids: erase_conversations(tx, ids, counts))  # type: ignore[misc]
    keys += await database.write(lambda tx: erase_messages(tx, scope.message_ids, counts))
    keys += await payloads.erase(services, scope.names, counts)
    await payloads.erase_said(services, scope.contact_ids, scope.customer_id, counts)
    keys += await database.write(lambda tx: erase_person(tx, request, scope, counts))
    unused = await database.read(lambda tx: finding.unused(tx, keys))
    for key in unused:
        await asyncio.to_thread(services.files.delete, key)
    counts["files"] += len(unused)
    report = Report({name: count for name, count in sorted(counts.items()) if count}, kept)
    await database.write(lambda tx: asking.end(tx, tx.find(DataRequest, request.id), report))


def erase_conversations(tx: Transaction, ids: Sequence[int], counts: Counter[str]) -> list[str]:
    """With all that hangs on them, and what the log said of them; the keys of their files."""
    keys = erase_messages(tx, finding.messages_of(tx, ids), counts)
    for table, column in finding.hanging_on("conversations"):
        counts["others"] += tx.execute(f"DELETE FROM {table} WHERE {column} IN ({numbers(ids)})")
    tx.execute(f"UPDATE conversations SET origin_id = NULL WHERE origin_id IN ({numbers(ids)})")
    counts["events"] += tx.execute(f"DELETE FROM events WHERE conversation_id IN ({numbers(ids)})")
    channels = tx.rows(f"SELECT id, channel_id FROM conversations WHERE id IN ({numbers(ids)})")
    counts["conversations"] += tx.execute(f"DELETE FROM conversations WHERE id IN ({numbers(ids)})")
    for id, channel_id in channels:
        tx.record("conversation.removed", conversation_id=id, channel_id=channel_id)
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
    if scope.customer_id is not None:
        tx.execute("UPDATE conversations SET customer_id = NULL WHERE customer_id = :id", id=scope.customer_id)
        tx.execute("UPDATE customers SET merged_into_id = NULL WHERE merged_into_id = :id", id=scope.customer_id)
        _erase_rows(tx, "customers", str(int(scope.customer_id)), "customer", counts)
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
