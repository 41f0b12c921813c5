"""Working together: what wakes a conversation, labels that retire."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversations", sa.Column("wakes_on_reply", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.create_index(
        "ix_conversations_snoozed",
        "conversations",
        ["snoozed_until"],
        unique=False,
        sqlite_where=sa.text("status = 'snoozed'"),
        postgresql_where=sa.text("status = 'snoozed'"),
    )
    op.add_column("labels", sa.Column("archived_at", sa.BigInteger(), nullable=True))
