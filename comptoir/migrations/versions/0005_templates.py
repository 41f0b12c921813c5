"""Templates: canned replies, and the approved ones of WhatsApp."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SHARED = sa.text("member_id IS NULL AND archived_at IS NULL")
OWN = sa.text("member_id IS NOT NULL AND archived_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "templates",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("shortcut", sa.String(length=40), nullable=True),
        sa.Column("member_id", ID, nullable=True),
        sa.Column("channel_id", ID, nullable=True),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("quality", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("is_named", sa.Boolean(), nullable=False),
        sa.Column("header_format", sa.String(length=16), nullable=False),
        sa.Column("header", sa.Text(), nullable=False),
        sa.Column("footer", sa.Text(), nullable=False),
        sa.Column("buttons", sa.Text(), nullable=False),
        sa.Column("examples", sa.Text(), nullable=False),
        sa.Column("defaults", sa.Text(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("archived_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_templates_channel_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_templates_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_templates")),
        sa.UniqueConstraint("channel_id", "external_id", name=op.f("uq_templates_channel_id_external_id")),
    )
    op.create_index("ix_templates_external", "templates", ["external_id"], unique=False)
    for name, columns, where in (
        ("uq_templates_shared_shortcut", ["shortcut"], SHARED),
        ("uq_templates_own_shortcut", ["member_id", "shortcut"], OWN),
    ):
        op.create_index(name, "templates", columns, unique=True, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "template_files",
        sa.Column("id", ID, nullable=False),
        sa.Column("template_id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=255), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("file_key", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["template_id"], ["templates.id"], name=op.f("fk_template_files_template_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_files")),
    )
    op.create_index("ix_template_files_file", "template_files", ["file_key"], unique=False)
    op.create_index("ix_template_files_template", "template_files", ["template_id", "id"], unique=False)
