"""All that is held on somebody, as one archive: readable JSON, the files, and the mails and payloads as they came."""

import asyncio
import tempfile
import zipfile
from collections import Counter
from pathlib import PurePath
from typing import IO, Any

import msgspec

from comptoir.foundation.files import FileMissing
from comptoir.foundation.jobs.port import Job
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.privacy import asking, failing, finding
from comptoir.privacy.finding import Scope, numbers
from comptoir.privacy.models import DataRequest
from comptoir.privacy.schemas import Report

MOST_FILES = 20_000
Rows = list[dict[str, Any]]


async def export(services: Services, job: Job) -> None:
    """At privacy.export_asked."""
    database = services.database
    asked = await database.read(lambda tx: finding.asked(tx, int(job.args["event_id"])))
    if asked is None:
        return
    request, scope = asked
    async with failing.told(services, job, request.id):
        report, key = await _archive(services, scope)
        await database.write(lambda tx: asking.end(tx, tx.find(DataRequest, request.id), report, file_key=key))


async def _archive(services: Services, scope: Scope) -> tuple[Report, str]:
    """What is in it, and its key."""
    database = services.database
    counts: Counter[str] = Counter()
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            _write(archive, "person.json", await database.read(lambda tx: _person(tx, scope, counts)))
            for id in scope.conversation_ids:
                said = await database.read(lambda tx, id=id: _conversation(tx, id, counts))  # type: ignore[misc]
                _write(archive, f"conversations/{id}.json", said)
                await asyncio.to_thread(_copy_files, services, archive, said, counts)
            _write(archive, "groups.json", await database.read(lambda tx: _messages(tx, scope.message_ids)))
        key = await asyncio.to_thread(_keep, services, file)
    return Report(dict(counts), []), key


def _person(tx: Transaction, scope: Scope, counts: Counter[str]) -> dict[str, Rows]:
    contacts, customer = numbers(scope.contact_ids), numbers([scope.customer_id] if scope.customer_id else [])
    found = {
        "contacts": _rows(tx, "contacts", f"id IN ({contacts})"),
        "identities": _rows(tx, "identities", f"contact_id IN ({contacts})"),
        "customers": _rows(tx, "customers", f"id IN ({customer})"),
        "documents": _rows(tx, "documents", f"customer_id IN ({customer})"),
        "notes": _rows(tx, "customer_notes", f"customer_id IN ({customer})"),
    }
    counts.update({name: len(rows) for name, rows in found.items()})
    return found


def _conversation(tx: Transaction, id: int, counts: Counter[str]) -> dict[str, Any]:
    ids = finding.messages_of(tx, [id])
    counts["conversations"] += 1
    counts["messages"] += len(ids)
    return {
        "conversation": _rows(tx, "conversations", f"id = {int(id)}")[0],
        "messages": _messages(tx, ids),
        "events": _rows(tx, "events", f"conversation_id = {int(id)}"),
        "attachments": _rows(tx, "attachments", f"message_id IN ({numbers(ids)})"),
        "payloads": _rows(tx, "ledger", f"message_id IN ({numbers(ids)})"),
        "others": {
            table: _rows(tx, table, f"{column} IN ({int(id)})") for table, column in finding.hanging_on("conversations")
        },
    }


def _messages(tx: Transaction, ids: Any) -> Rows:
    found = _rows(tx, "messages", f"id IN ({numbers(ids)})")
    html = {row["message_id"]: row["html"] for row in _rows(tx, "message_html", f"message_id IN ({numbers(ids)})")}
    return [row | {"html": html.get(row["id"])} for row in found]


def _rows(tx: Transaction, table: str, where: str) -> Rows:
    return tx.records(f"SELECT * FROM {table} WHERE {where}")


def _copy_files(services: Services, archive: zipfile.ZipFile, said: dict[str, Any], counts: Counter[str]) -> None:
    for file in said["attachments"]:
        name = PurePath(str(file["name"]).replace("\\", "/")).name[:120] or "file"
        _copy(services, archive, f"files/{file['id']}-{name}", file["file_key"], None, counts)
    for entry in said["payloads"]:
        body = entry.pop("body", None)
        _copy(services, archive, f"payloads/{entry['id']}.txt", entry["file_key"], body, counts)


def _copy(
    services: Services, archive: zipfile.ZipFile, path: str, key: str | None, body: bytes | None, counts: Counter[str]
) -> None:
    try:
        content = bytes(body) if body is not None else services.files.get(key) if key else None
    except FileMissing:
        return
    if content is not None and counts["files"] < MOST_FILES:
        archive.writestr(path, content)
        counts["files"] += 1


def _write(archive: zipfile.ZipFile, path: str, value: Any) -> None:
    archive.writestr(path, msgspec.json.format(msgspec.json.encode(value, enc_hook=_plain), indent=1))


def _plain(value: Any) -> Any:
    return bytes(value).decode(errors="replace") if isinstance(value, memoryview | bytes) else str(value)


def _keep(services: Services, file: IO[bytes]) -> str:
    file.seek(0)
    return services.files.put(file.read())
