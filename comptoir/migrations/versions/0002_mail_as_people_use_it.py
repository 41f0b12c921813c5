"""E-mail as people really use it: what was sent elsewhere, history, receipts, what a message comes from."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("via", sa.String(length=16), nullable=True),
        sa.Column("context", sa.Text(), nullable=True),
        sa.Column("receipts", sa.Text(), nullable=True),
        sa.Column("is_imported", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("protection", sa.String(length=16), nullable=True),
    ):
        op.add_column("messages", column)
    op.add_column("contacts", sa.Column("shows_images", sa.Boolean(), server_default=sa.false(), nullable=False))
    _awaited()
    _renamed()


def _awaited() -> None:
    op.create_table(
        "awaited_mails",
        sa.Column("channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_awaited_mails_channel_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_awaited_mails_conversation_id")
        ),
        sa.PrimaryKeyConstraint("channel_id", "digest", name=op.f("pk_awaited_mails")),
    )
    op.create_index("ix_awaited_mails_conversation", "awaited_mails", ["conversation_id"], unique=False)


def _renamed() -> None:
    """The Message-IDs that other servers gave to our mails."""
    op.create_table(
        "renamed_mails",
        sa.Column("channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_renamed_mails_channel_id")),
        sa.PrimaryKeyConstraint("channel_id", "digest", name=op.f("pk_renamed_mails")),
    )
    op.create_index("ix_renamed_mails_message", "renamed_mails", ["message_id"], unique=False)
