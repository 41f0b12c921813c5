"""What was asked about somebody, newest first; and the archive that came of it."""

from sqlalchemy import select

from comptoir.foundation.transaction import Transaction
from comptoir.privacy.errors import NothingToDownload
from comptoir.privacy.models import DataRequest
from comptoir.privacy.schemas import DataRequestView, Report, Subject
from comptoir.team import access

MOST = 20


def requests(tx: Transaction, subject: Subject, id: int) -> list[DataRequestView]:
    access.require_manager(tx.actor)
    found = tx.session.scalars(
        select(DataRequest)
        .where(DataRequest.subject == subject, DataRequest.subject_id == id)
        .order_by(DataRequest.id.desc())
        .limit(MOST)
    )
    return [view(one) for one in found]


def find(tx: Transaction, request_id: int) -> DataRequest:
    access.require_manager(tx.actor)
    return tx.find(DataRequest, request_id)


def archive(tx: Transaction, request_id: int) -> str:
    """Its key."""
    request = find(tx, request_id)
    if request.file_key is None or (request.kept_until is not None and request.kept_until < tx.now):
        raise NothingToDownload
    return request.file_key


def view(request: DataRequest) -> DataRequestView:
    return DataRequestView(
        id=request.id,
        kind=request.kind,  # type: ignore[arg-type]
        subject=request.subject,  # type: ignore[arg-type]
        subject_id=request.subject_id,
        member_id=request.member_id,
        state=request.state,  # type: ignore[arg-type]
        asked_at=request.asked_at,
        ended_at=request.ended_at,
        has_file=request.file_key is not None,
        report=Report(**request.report) if request.report and request.state != "waiting" else None,
    )
