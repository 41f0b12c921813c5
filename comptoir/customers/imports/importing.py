"""A file comes in: it is taken, its columns are named, then its lines come in some at a time, each part in one short transaction.

The part and how far it came are one commit: an import that is killed goes on where it was, and does no line twice. What the lines
say is understood before (parts.py); the transaction only looks up and writes.
"""

from collections.abc import Sequence
from datetime import timedelta

from comptoir.customers.directory import batches, putting
from comptoir.customers.directory.results import ItemResult, Outcome
from comptoir.customers.documents import filing
from comptoir.customers.imports import columns as guessing
from comptoir.customers.imports import tables
from comptoir.customers.imports.errors import AlreadyStarted, MissingColumn
from comptoir.customers.imports.models import FileImport, ImportKind, ImportState
from comptoir.customers.imports.parts import Part, Troubles
from comptoir.foundation.transaction import Transaction
from comptoir.team import access

TELL_EVERY = timedelta(seconds=1)
MOST_TROUBLES = 10_000  # that are kept line by line; they are counted on


def take(tx: Transaction, *, kind: str, file_name: str, file_key: str, lines: tables.Lines) -> FileImport:
    """A file that was read, its columns guessed: nothing comes in yet."""
    access.require_manager(tx.actor)
    [headings], position = tables.lines(lines.content, 0, 1)
    made = FileImport(
        member_id=tx.actor.id,
        kind=kind,
        state=ImportState.READY,
        file_name=file_name[:200],
        file_key=file_key,
        encoding=lines.encoding,
        separator=lines.separator,
        headings=headings,
        columns=guessing.guess(kind, headings),
        document_kind=guessing.kind_of(file_name) or "order",
        rows_total=lines.count,
        rows_done=0,
        position=position,
        created_count=0,
        updated_count=0,
        unchanged_count=0,
        refused_count=0,
        warned_count=0,
        created_at=tx.now,
    )
    tx.add(made)
    return made


def name_columns(tx: Transaction, given: FileImport, *, columns: Sequence[str], document_kind: str) -> None:
    access.require_manager(tx.actor)
    if given.state != ImportState.READY:
        raise AlreadyStarted
    allowed = {"", *guessing.FIELDS[given.kind]}
    named = [column if column in allowed else "" for column in columns[: len(given.headings)]]
    given.columns = [
        "" if column in named[:place] and column not in guessing.SEVERAL else column
        for place, column in enumerate(named)
    ]
    given.document_kind = document_kind


def start(tx: Transaction, given: FileImport) -> None:
    access.require_manager(tx.actor)
    if given.state != ImportState.READY:
        raise AlreadyStarted
    for field in guessing.REQUIRED[given.kind]:
        if field not in given.columns:
            raise MissingColumn(field=field)
    given.state = ImportState.RUNNING
    given.started_at = tx.now
    tx.record("import.started", import_id=given.id)


def stop(tx: Transaction, given: FileImport) -> None:
    """What came in stays."""
    access.require_manager(tx.actor)
    if given.state in (ImportState.READY, ImportState.RUNNING):
        given.state = ImportState.STOPPED
        given.ended_at = tx.now
        tx.record("import.stopped", import_id=given.id)


def take_part(tx: Transaction, import_id: int, part: Part) -> FileImport:
    """It comes in, unless the import was stopped, or went on from there already. The import as it is now."""
    given = tx.find(FileImport, import_id)
    if given.state != ImportState.RUNNING or given.position != part.position:
        return given
    results = (
        putting.put_understood(tx, part.customers)
        if given.kind == ImportKind.CUSTOMERS
        else filing.file(tx, part.documents, source="file")
    )
    troubles = part.troubles + _told(results, part)
    _count(given, results, troubles)
    _keep(tx, given, troubles)
    given.rows_done += len(part.lines)
    given.position = part.end
    if not part.lines or given.rows_done >= given.rows_total:
        given.state = ImportState.DONE
        given.ended_at = tx.now
        tx.record("import.ended", import_id=given.id)
    elif given.told_at is None or tx.now - given.told_at >= TELL_EVERY:
        given.told_at = tx.now
        tx.record("import.progressed", import_id=given.id)
    return given


def fail(tx: Transaction, import_id: int) -> None:
    """Its file is gone, or its program has a fault: what came in stays."""
    given = tx.find(FileImport, import_id)
    if given.state == ImportState.RUNNING:
        given.state = ImportState.FAILED
        given.ended_at = tx.now
        tx.record("import.ended", import_id=given.id)


def _told(results: Sequence[ItemResult], part: Part) -> Troubles:
    return [
        (part.first + place, result.outcome == Outcome.REFUSED, result.reason, result.given, part.lines[place])
        for place, result in zip(part.places, results, strict=True)
        if result.reason
    ]


def _count(given: FileImport, results: Sequence[ItemResult], troubles: Troubles) -> None:
    outcomes = [result.outcome for result in results]
    given.created_count += outcomes.count(Outcome.CREATED)
    given.updated_count += outcomes.count(Outcome.UPDATED)
    given.unchanged_count += outcomes.count(Outcome.UNCHANGED)
    given.refused_count += sum(is_refused for _, is_refused, *_ in troubles)
    given.warned_count += sum(not is_refused for _, is_refused, *_ in troubles)


def _keep(tx: Transaction, given: FileImport, troubles: Troubles) -> None:
    kept = max(0, MOST_TROUBLES - (given.refused_count + given.warned_count - len(troubles)))
    batches.insert(
        tx,
        "file_troubles",
        ("import_id", "line", "is_refused", "reason", "given", "cells"),
        [
            (given.id, line, is_refused, reason, said, batches.packed(list(cells)))
            for line, is_refused, reason, said, cells in troubles[:kept]
        ],
        ending="ON CONFLICT DO NOTHING",
    )
