"""The list's filters find what they ask of a conversation in the index that they walk; a bulk act is told of once."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SOMEBODYS, NOBODYS = "assignee_id IS NOT NULL", "assignee_id IS NULL"
OF_ALL = ["priority", "last_incoming_id", "created_at", "failed_count"]
HELD = ["assignee_id", "team_id", *OF_ALL]


def upgrade() -> None:
    for name in ("channel_status", "channel", "assignee_status", "unassigned"):
        op.drop_index(f"ix_conversations_{name}", table_name="conversations")
    _walk("channel_status", ["channel_id", "status", "last_at", "id", *HELD])
    _walk("channel", ["channel_id", "last_at", "id", "status", *HELD])
    _walk("assignee_status", ["assignee_id", "status", "last_at", "id", "channel_id", "team_id", *OF_ALL], SOMEBODYS)
    _walk("assignee", ["assignee_id", "last_at", "id", "status", "channel_id", "team_id", *OF_ALL], SOMEBODYS)
    _walk("unassigned_status", ["channel_id", "status", "last_at", "id", *HELD], NOBODYS)
    _walk("unassigned", ["channel_id", "last_at", "id", "status", *HELD], NOBODYS)
    op.create_index("ix_readings_member", "readings", ["member_id", "conversation_id", "upto"])
    op.add_column("notifications", sa.Column("bulk_id", ID, nullable=True))
    told = sa.text("bulk_id IS NOT NULL")
    op.create_index(
        "ix_notifications_bulk", "notifications", ["bulk_id", "member_id"], sqlite_where=told, postgresql_where=told
    )


def _walk(name: str, columns: list[str], where: str | None = None) -> None:
    op.create_index(
        f"ix_conversations_{name}",
        "conversations",
        columns,
        sqlite_where=None if where is None else sa.text(where),
        postgresql_where=None if where is None else sa.text(where),
    )
