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
