"""Files that leave the store at the end of an erasure, written down so that a killed one forgets none."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "leaving_files",
        sa.Column("id", ID, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["data_requests.id"], name=op.f("fk_leaving_files_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaving_files")),
    )
    op.create_index("ix_leaving_files_request_id", "leaving_files", ["request_id"], unique=False)
