"""Merge, spam, priority, participants, scheduled sends."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    id_type = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    for column in (
        sa.Column("priority", sa.String(length=8), server_default="none", nullable=False),
        sa.Column("merged_into_id", id_type, nullable=True),
        sa.Column("continued_by_id", id_type, nullable=True),
    ):
        op.add_column("conversations", column)
    op.add_column("messages", sa.Column("scheduled_for", sa.BigInteger(), nullable=True))
    op.add_column("messages", sa.Column("cancels_on_answer", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("identities", sa.Column("blocked_at", sa.BigInteger(), nullable=True))
    op.add_column("identities", sa.Column("blocked_by_id", id_type, nullable=True))
    op.add_column("channels", sa.Column("reopens_within", sa.Integer(), nullable=True))
    for name, table, columns in (
        ("ix_conversations_merged", "conversations", ["merged_into_id"]),
        ("ix_messages_scheduled", "messages", ["conversation_id", "scheduled_for"]),
    ):
        where = sa.text(f"{columns[-1]} IS NOT NULL")
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "participants",
        sa.Column("conversation_id", id_type, nullable=False),
        sa.Column("member_id", id_type, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_participants_conversation_id")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_participants_member_id")),
        sa.PrimaryKeyConstraint("conversation_id", "member_id", name=op.f("pk_participants")),
    )
    op.create_index("ix_participants_member", "participants", ["member_id", "conversation_id"])
    op.create_table(
        "conversation_merges",
        sa.Column("source_id", id_type, nullable=False),
        sa.Column("target_id", id_type, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("member_id", id_type, nullable=True),
        sa.Column("deeds", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["conversations.id"], name=op.f("fk_conversation_merges_source_id")),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_conversation_merges")),
    )
    op.create_index("ix_conversation_merges_target", "conversation_merges", ["target_id"])
