"""Answering: mail held for a moment, side conversations, drafts, signatures, and what a reply says outside."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("messages", sa.Column("held_until", sa.BigInteger(), nullable=True))
    op.add_column(
        "conversations",
        sa.Column("origin_id", ID, nullable=True),
    )
    op.create_index(
        "ix_conversations_origin",
        "conversations",
        ["origin_id"],
        sqlite_where=sa.text("origin_id IS NOT NULL"),
        postgresql_where=sa.text("origin_id IS NOT NULL"),
    )
    op.add_column("members", sa.Column("undo_seconds", sa.Integer(), server_default="10", nullable=False))
    op.add_column("members", sa.Column("signature", sa.Text(), server_default="", nullable=False))
    op.add_column("channels", sa.Column("aliases", sa.Text(), server_default="[]", nullable=False))
    op.add_column("channels", sa.Column("quotes_history", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("channels", sa.Column("size_limit", sa.BigInteger(), nullable=True))
    op.create_table(
        "reply_bodies",
        sa.Column("message_id", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_reply_bodies_message_id")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_reply_bodies")),
    )
    op.create_table(
        "drafts",
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("mode", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_drafts_conversation_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_drafts_member_id")),
        sa.PrimaryKeyConstraint("conversation_id", "member_id", "mode", name=op.f("pk_drafts")),
    )
    op.create_index("ix_drafts_member", "drafts", ["member_id", "updated_at"])
