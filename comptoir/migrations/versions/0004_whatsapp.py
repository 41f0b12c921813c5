"""WhatsApp: the window, groups, and what a bubble holds besides words."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversations", sa.Column("window_until", sa.BigInteger(), nullable=True))
    op.add_column("conversations", sa.Column("group_id", sa.String(length=120), nullable=True))
    for column in (
        sa.Column("quoted_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("reactions", sa.Text(), nullable=True),
        sa.Column("earlier", sa.Text(), nullable=True),
        sa.Column("edited_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
    ):
        op.add_column("messages", column)
    for column in (
        sa.Column("last_webhook_at", sa.BigInteger(), nullable=True),
        sa.Column("refused_webhooks", sa.Integer(), server_default="0", nullable=False),
    ):
        op.add_column("channels", column)
    op.add_column("conversations", sa.Column("preview_what", sa.String(length=24), nullable=True))
    op.add_column("identities", sa.Column("given", sa.String(length=32), nullable=True))
    op.add_column("identities", sa.Column("ended_at", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_conversations_group",
        "conversations",
        ["channel_id", "group_id"],
        sqlite_where=sa.text("group_id IS NOT NULL"),
        postgresql_where=sa.text("group_id IS NOT NULL"),
    )
    for column in (
        sa.Column("remote", sa.Text(), nullable=True),
        sa.Column("fetching", sa.String(length=16), nullable=True),
        sa.Column("fetch_error", sa.String(length=40), nullable=True),
    ):
        op.add_column("attachments", column)
    id_type = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "early_signs",
        sa.Column("id", id_type, nullable=False),
        sa.Column("channel_id", id_type, nullable=False),
        sa.Column("target", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_early_signs_channel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_early_signs")),
        sa.UniqueConstraint("channel_id", "key", name=op.f("uq_early_signs_channel_id_key")),
    )
    op.create_index("ix_early_signs_target", "early_signs", ["channel_id", "target"])
