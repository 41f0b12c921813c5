"""The ledger: every mail and every webhook body as it came, before anyone tried to understand it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from comptoir.foundation.tables import Id, Moment, Table


class LedgerEntry(Table):
    """`key` is unique in its channel (mailbox epoch and UID). The bytes are in `body`, or in `file_key` when large.
    `is_sent`: found in the Sent folder; `is_imported`: from before the mailbox was connected.
    `state`: kept (not yet read), read, doubled (the same mail was already here), reported (news of a reply, which it joined),
    unmatched (news of nothing we know: kept, replayable), unreadable (kept, shown, replayable)."""

    __tablename__ = "ledger"
    __table_args__ = (
        UniqueConstraint("channel_id", "key"),
        Index("ix_ledger_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"), type_=Id)
    key: Mapped[str] = mapped_column(String(200))
    received_at: Mapped[datetime] = mapped_column(Moment)
    kept_at: Mapped[datetime] = mapped_column(Moment)
    size: Mapped[int]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    file_key: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    error: Mapped[str | None] = mapped_column(Text)
    message_id: Mapped[int | None] = mapped_column(Id)
    is_sent: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_imported: Mapped[bool] = mapped_column(default=False, server_default=false())
