"""A conversation's row names its labels, and the indexes that the list's filters walk hold them: no row is looked up for them."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

SOMEBODYS, NOBODYS = "assignee_id IS NOT NULL", "assignee_id IS NULL"
OF_ALL = ["priority", "last_incoming_id", "created_at", "failed_count", "label_ids"]
HELD = ["assignee_id", "team_id", *OF_ALL]
WALKS = {
    "channel_status": (["channel_id", "status", "last_at", "id", *HELD], None),
    "channel": (["channel_id", "last_at", "id", "status", *HELD], None),
    "assignee_status": (["assignee_id", "status", "last_at", "id", "channel_id", "team_id", *OF_ALL], SOMEBODYS),
    "assignee": (["assignee_id", "last_at", "id", "status", "channel_id", "team_id", *OF_ALL], SOMEBODYS),
    "unassigned_status": (["channel_id", "status", "last_at", "id", *HELD], NOBODYS),
    "unassigned": (["channel_id", "last_at", "id", "status", *HELD], NOBODYS),
}


def upgrade() -> None:
    for name in WALKS:
        op.drop_index(f"ix_conversations_{name}", table_name="conversations")
    op.add_column("conversations", sa.Column("label_ids", sa.Text(), nullable=False, server_default=","))
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    joined = "group_concat(label_id, ',')" if is_sqlite else "string_agg(CAST(label_id AS text), ',')"
    op.execute(
        "UPDATE conversations SET label_ids ="
        f" (SELECT ',' || {joined} || ',' FROM conversation_labels WHERE conversation_id = conversations.id)"
        " WHERE id IN (SELECT conversation_id FROM conversation_labels)"
    )
    for name, (columns, condition) in WALKS.items():
        where = None if condition is None else sa.text(condition)
        op.create_index(
            f"ix_conversations_{name}", "conversations", columns, sqlite_where=where, postgresql_where=where
        )
