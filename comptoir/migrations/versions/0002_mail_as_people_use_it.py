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
    op.create_index(
        "ix_messages_late",
        "messages",
        ["id"],
        unique=False,
        sqlite_where=sa.text("at < created_at - 86400000"),
        postgresql_where=sa.text("at < created_at - 86400000"),
    )
    _sent_and_past()
    _awaited()
    _renamed()
    _never_the_same_id()


def _sent_and_past() -> None:
    """The Sent folder is watched too, and the past can be imported: whence a mail comes, where a folder began, who awaits whom."""
    op.add_column("channels", sa.Column("sent_folder", sa.String(length=255), nullable=True))
    for name in ("is_sent", "is_imported"):
        op.add_column("ledger", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("mailbox_cursors", sa.Column("since", sa.BigInteger(), nullable=True))
    op.add_column("mailbox_cursors", sa.Column("known_upto", sa.BigInteger(), server_default="0", nullable=False))
    op.execute("UPDATE mailbox_cursors SET since = (SELECT created_at FROM channels WHERE channels.id = channel_id)")
    op.create_table(
        "imports",
        sa.Column("channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.Column("places", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_imports_channel_id")),
        sa.PrimaryKeyConstraint("channel_id", name=op.f("pk_imports")),
    )
    op.drop_index("ix_messages_conversation", table_name="messages")
    op.create_index("ix_messages_conversation", "messages", ["conversation_id", "at", "id"], unique=False)


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


def _never_the_same_id() -> None:
    """An id that is gone never means another row: drafts, caches and Message-IDs name them. PostgreSQL keeps to that by itself.

    AUTOINCREMENT changes nothing of what SQLite has on disk, so the stored text is rewritten and not the tables, which
    may hold years of mail (https://sqlite.org/lang_altertable.html, section 7).
    """
    if op.get_bind().dialect.name != "sqlite":
        return
    version = op.get_bind().exec_driver_sql("PRAGMA schema_version").scalar_one()
    op.execute("PRAGMA writable_schema = ON")
    op.execute(
        "UPDATE sqlite_master SET sql = replace(sql, 'PRIMARY KEY (id)', 'PRIMARY KEY (id AUTOINCREMENT)')"
        " WHERE type = 'table' AND name IN ('conversations', 'messages')"
    )
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = OFF")
    for table in ("conversations", "messages"):
        op.execute(f"INSERT INTO sqlite_sequence SELECT '{table}', max(id) FROM {table} HAVING max(id) > 0")
