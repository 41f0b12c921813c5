"""A manager asks for all that is held on somebody, or that it be erased. Both are written down, without naming anybody."""

from datetime import timedelta

from comptoir.customers.models import Contact, Customer
from comptoir.foundation.errors import NotFound
from comptoir.foundation.transaction import Transaction
from comptoir.privacy.errors import NameDiffers
from comptoir.privacy.models import DataRequest
from comptoir.privacy.schemas import Report, Subject
from comptoir.team import access

KEPT_FOR = timedelta(days=7)


def export(tx: Transaction, subject: Subject, id: int) -> DataRequest:
    _find(tx, subject, id)
    return _ask(tx, "export", subject, id)


def erase(tx: Transaction, subject: Subject, id: int, *, name: str) -> DataRequest:
    """`name`: what the member typed. NameDiffers where it is not theirs."""
    known = _find(tx, subject, id)
    if " ".join(name.split()).casefold() != known.casefold():
        raise NameDiffers(name=known)
    return _ask(tx, "erasure", subject, id)


def retry(tx: Transaction, request: DataRequest) -> None:
    """A failed one goes on where it stopped: what is erased already stays in its report."""
    if request.state == "failed":
        request.state, request.asked_at, request.ended_at = "waiting", tx.now, None
        tx.record(f"privacy.{request.kind}_asked", request_id=request.id)


def end(tx: Transaction, request: DataRequest, report: Report, *, file_key: str | None = None) -> None:
    request.state = "done"
    request.ended_at = tx.now
    request.report = {
        "counts": {name: count for name, count in sorted(report.counts.items()) if count},
        "kept": report.kept,
    }
    request.file_key = file_key
    request.kept_until = tx.now + KEPT_FOR if file_key else None
    tx.record(f"privacy.{request.kind}_done", request_id=request.id)


def fail(tx: Transaction, request: DataRequest) -> None:
    if request.state == "waiting":
        request.state, request.ended_at = "failed", tx.now
        tx.record(f"privacy.{request.kind}_failed", request_id=request.id)


def _ask(tx: Transaction, kind: str, subject: Subject, id: int) -> DataRequest:
    request = DataRequest(
        kind=kind, subject=subject, subject_id=id, member_id=tx.actor.id, state="waiting", asked_at=tx.now
    )
    tx.add(request)
    tx.record(f"privacy.{kind}_asked", request_id=request.id)
    return request


def _find(tx: Transaction, subject: Subject, id: int) -> str:
    """The name, or the address of who has none."""
    access.require_manager(tx.actor)
    known: Contact | Customer | None = (
        tx.session.get(Contact, id) if subject == "contact" else tx.session.get(Customer, id)
    )
    if known is None:
        raise NotFound
    return " ".join((known.name or (known.address if isinstance(known, Contact) else "")).split())
