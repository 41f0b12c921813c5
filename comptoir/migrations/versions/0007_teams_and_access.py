"""Teams, who may see what."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NOBODYS = sa.text("assignee_id IS NULL AND team_id IS NULL")
TEAMS = sa.text("team_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "teams",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("archived_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("name", name=op.f("uq_teams_name")),
    )
    op.create_table(
        "team_members",
        sa.Column("team_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_team_members_team_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_team_members_member_id")),
        sa.PrimaryKeyConstraint("team_id", "member_id", name=op.f("pk_team_members")),
    )
    op.create_index("ix_team_members_member", "team_members", ["member_id", "team_id"])
    op.add_column("members", sa.Column("scope", sa.String(length=8), server_default="all", nullable=False))
    op.add_column("conversations", sa.Column("team_id", ID, nullable=True))
    op.create_index(
        "ix_conversations_team_status",
        "conversations",
        ["team_id", "status", "last_at", "id"],
        sqlite_where=TEAMS,
        postgresql_where=TEAMS,
    )
    op.create_index(
        "ix_conversations_nobodys",
        "conversations",
        ["channel_id", "status", "last_at", "id"],
        sqlite_where=NOBODYS,
        postgresql_where=NOBODYS,
    )
