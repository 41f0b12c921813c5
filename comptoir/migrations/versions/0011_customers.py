"""Customers: the files, who belongs to them, what finds them, what was merged."""

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

from comptoir.customers import words

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OF_A_CUSTOMER = sa.text("customer_id IS NOT NULL")


def upgrade() -> None:
    _customers()
    _contacts()
    _found_by("customer")
    _found_by("contact")
    _merges()
    op.add_column("conversations", sa.Column("customer_id", ID, nullable=True))
    for name, columns in (
        ("ix_conversations_customer", ["customer_id", "last_at", "id"]),
        ("ix_conversations_customers", ["last_at", "id", "customer_id"]),
    ):
        op.create_index(name, "conversations", columns, sqlite_where=OF_A_CUSTOMER, postgresql_where=OF_A_CUSTOMER)
    _make_known_contacts_found()


def _customers() -> None:
    op.create_table(
        "customers",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", _sorted(200), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=True),
        sa.Column("code_key", _sorted(60), nullable=True),
        sa.Column("is_person", sa.Boolean(), nullable=False),
        sa.Column("owner_id", ID, nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("archived_at", sa.BigInteger(), nullable=True),
        sa.Column("merged_into_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["members.id"], name=op.f("fk_customers_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_customers_code_key", "customers", ["code_key"], unique=True)
    op.create_index("ix_customers_name", "customers", ["name_key", "id"])
    op.create_table(
        "customer_domains",
        sa.Column("domain", sa.String(length=255), nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_customer_domains_customer_id")),
        sa.PrimaryKeyConstraint("domain", "customer_id", name=op.f("pk_customer_domains")),
    )
    op.create_index("ix_customer_domains_customer", "customer_domains", ["customer_id"])
    op.create_table(
        "customer_notes",
        sa.Column("id", ID, nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_customer_notes_customer_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_customer_notes_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_notes")),
    )
    op.create_index("ix_customer_notes_customer", "customer_notes", ["customer_id", "id"])


def _contacts() -> None:
    for column in (
        sa.Column("customer_id", ID, nullable=True),
        sa.Column("name_key", _sorted(200), server_default="", nullable=False),
        sa.Column("refuses_suggestions", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("merged_into_id", ID, nullable=True),
    ):
        op.add_column("contacts", column)
    op.create_index(
        "ix_contacts_customer",
        "contacts",
        ["customer_id", "id"],
        sqlite_where=OF_A_CUSTOMER,
        postgresql_where=OF_A_CUSTOMER,
    )
    op.create_index("ix_contacts_name", "contacts", ["name_key", "id"])


def _found_by(whose: str) -> None:
    table, owner = f"{whose}_words", f"{whose}_id"
    op.create_table(
        table,
        sa.Column("word", _sorted(60), nullable=False),
        sa.Column(owner, ID, nullable=False),
        sa.ForeignKeyConstraint([owner], [f"{whose}s.id"], name=op.f(f"fk_{table}_{owner}")),
        sa.PrimaryKeyConstraint("word", owner, name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_{whose}", table, [owner])


def _merges() -> None:
    op.create_table(
        "merges",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("kept_id", ID, nullable=False),
        sa.Column("gone_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("moved", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_merges_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
    )
    op.create_index("ix_merges_kept", "merges", ["kind", "kept_id"])


def _make_known_contacts_found() -> None:
    """Whoever wrote before this version is found by name, address and number too."""
    connection = op.get_bind()
    identities = defaultdict(list)
    for contact_id, kind, value in connection.execute(sa.text("SELECT contact_id, kind, value FROM identities")):
        identities[contact_id].append((kind, value))
    known = connection.execute(sa.text("SELECT id, name FROM contacts")).all()
    found = [
        {"word": word, "contact": id} for id, name in known for word in sorted(words.of_contact(name, identities[id]))
    ]
    if known:
        connection.execute(
            sa.text("UPDATE contacts SET name_key = :key WHERE id = :id"),
            [{"key": words.key(name), "id": id} for id, name in known],
        )
    if found:
        connection.execute(sa.text("INSERT INTO contact_words (word, contact_id) VALUES (:word, :contact)"), found)


def _sorted(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")
