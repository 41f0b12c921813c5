"""All that is held on somebody, as one archive: readable JSON, the files, and the mails and payloads as they came.

What was said with them is apart from what the team wrote for itself (`team/`: notes, drafts, what was done): the first is for
them as it is; the second is looked through before it is handed to anybody, because colleagues and other customers are in it.
"""

import asyncio
import tempfile
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath
from typing import IO, Any

import msgspec

from comptoir.conversations.models import Kind
from comptoir.foundation.files import FileMissing
from comptoir.foundation.jobs.port import Job
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.privacy import asking, failing, finding
from comptoir.privacy.finding import Scope, numbers
from comptoir.privacy.models import DataRequest
from comptoir.privacy.schemas import Report

MOST_FILES = 20_000
SAID = (Kind.INCOMING, Kind.REPLY)
OF_CONVERSATION = ("id", "channel_id", "contact_id", "subject", "status", "created_at", "last_at")
README = """\
Ce qui est à la racine a été dit avec cette personne, ou est gardé sur elle.
Le dossier team/ contient ce que l'équipe a écrit pour elle-même (notes, brouillons, journal) :
relisez-le avant d'en remettre une copie.

What is at the top was said with this person, or is kept about them.
The folder team/ holds what the team wrote for itself (notes, drafts, log):
look through it before you hand out a copy.
"""
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
            archive.writestr("README.txt", README)
            person, notes = await database.read(lambda tx: _person(tx, scope, counts))
            _write(archive, "person.json", person)
            if notes:
                _write(archive, "team/notes.json", notes)
            for id in scope.conversation_ids:
                said, inside = await database.read(lambda tx, id=id: _conversation(tx, id, counts))  # type: ignore[misc]
                _write(archive, f"conversations/{id}.json", said)
                _write(archive, f"team/conversations/{id}.json", inside)
                await asyncio.to_thread(_copy_files, services, archive, "", said, counts)
                await asyncio.to_thread(_copy_files, services, archive, "team/", inside, counts)
            among = await database.read(lambda tx: _said(tx, scope.message_ids, counts))
            _write(archive, "among_others.json", among)
            await asyncio.to_thread(_copy_files, services, archive, "", among, counts)
        key = await asyncio.to_thread(_keep, services, file)
    return Report(dict(counts), []), key


def _person(tx: Transaction, scope: Scope, counts: Counter[str]) -> tuple[dict[str, Rows], Rows]:
    """And the team's notes on their file."""
    contacts, customers = numbers(scope.contact_ids), numbers(scope.customer_ids)
    found = {
        "contacts": _rows(tx, "contacts", f"id IN ({contacts})"),
        "identities": _rows(tx, "identities", f"contact_id IN ({contacts})"),
        "customers": _rows(tx, "customers", f"id IN ({customers})"),
        "documents": _rows(tx, "documents", f"customer_id IN ({customers})"),
    }
    notes = _rows(tx, "customer_notes", f"customer_id IN ({customers})")
    counts.update({name: len(rows) for name, rows in found.items()} | {"notes": len(notes)})
    return found, notes


def _conversation(tx: Transaction, id: int, counts: Counter[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What was said, and what is the team's own of it."""
    kinds = dict(tx.rows(f"SELECT id, kind FROM messages WHERE conversation_id = {int(id)} ORDER BY id"))
    counts["conversations"] += 1
    row = _rows(tx, "conversations", f"id = {int(id)}")[0]
    said = _said(tx, [id for id, kind in kinds.items() if kind in SAID], counts)
    own = _said(tx, [id for id, kind in kinds.items() if kind not in SAID], counts)
    inside = own | {
        "payloads": _payloads(tx, [id for id, kind in kinds.items() if kind != Kind.INCOMING]),
        "events": _rows(tx, "events", f"conversation_id = {int(id)}"),
        "others": {
            table: _rows(tx, table, f"{column} IN ({int(id)})") for table, column in finding.hanging_on("conversations")
        },
    }
    return {"conversation": {name: row[name] for name in OF_CONVERSATION}, **said}, inside


def _said(tx: Transaction, ids: Sequence[int], counts: Counter[str]) -> dict[str, Any]:
    among = numbers(ids)
    counts["messages"] += len(ids)
    html = {row["message_id"]: row["html"] for row in _rows(tx, "message_html", f"message_id IN ({among})")}
    found = _rows(tx, "messages", f"id IN ({among})")
    return {
        "messages": [_open(row) | {"html": html.get(row["id"])} for row in found],
        "attachments": _rows(tx, "attachments", f"message_id IN ({among})"),
        "payloads": _payloads(tx, [row["id"] for row in found if row["kind"] == Kind.INCOMING]),
    }


def _payloads(tx: Transaction, ids: Sequence[int]) -> Rows:
    """Of our own mails they name who had a blind copy."""
    return _rows(tx, "ledger", f"message_id IN ({numbers(ids)})")


def _open(message: dict[str, Any]) -> dict[str, Any]:
    """Without those who had a blind copy of what we wrote."""
    recipients = msgspec.json.decode(message["recipients"])
    return message | {"recipients": {field: people for field, people in recipients.items() if field != "bcc"}}


def _rows(tx: Transaction, table: str, where: str) -> Rows:
    return tx.records(f"SELECT * FROM {table} WHERE {where}")


def _copy_files(
    services: Services, archive: zipfile.ZipFile, folder: str, said: dict[str, Any], counts: Counter[str]
) -> None:
    for file in said["attachments"]:
        name = PurePath(str(file["name"]).replace("\\", "/")).name[:120] or "file"
        _copy(services, archive, f"{folder}files/{file['id']}-{name}", file["file_key"], None, counts)
    for entry in said["payloads"]:
        body = entry.pop("body", None)
        _copy(services, archive, f"{folder}payloads/{entry['id']}.txt", entry["file_key"], body, counts)


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
