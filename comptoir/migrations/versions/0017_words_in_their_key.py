"""The words by which customers and contacts are found lie in the order of their key, without a table beside it (SQLite), and are
not each looked up in the table of those whom they name: they are derived from it, and a file brings thousands a second."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for whose in ("customer", "contact"):
        table, owner = f"{whose}_words", f"{whose}_id"
        if op.get_bind().dialect.name == "sqlite":
            _again(table, owner)
            op.create_index(f"ix_{table}_{whose}", table, [owner])
        else:
            op.drop_constraint(f"fk_{table}_{owner}", table, type_="foreignkey")


def _again(table: str, owner: str) -> None:
    op.rename_table(table, f"{table}_before")
    op.drop_index(f"ix_{table}_{owner.removesuffix('_id')}")
    op.create_table(
        table,
        sa.Column("word", sa.String(60), nullable=False),
        sa.Column(owner, sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", owner, name=op.f(f"pk_{table}")),
        sqlite_with_rowid=False,
    )
    op.execute(f"INSERT INTO {table} (word, {owner}) SELECT word, {owner} FROM {table}_before ORDER BY word, {owner}")
    op.drop_table(f"{table}_before")
