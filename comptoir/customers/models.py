"""A customer is a file the company keeps (a firm, or a person); a contact is a person who writes, and belongs to one file or to
none; an identity is one address or number they write from. All of them are the whole team's: what a member may not see is
conversations, not the directory.

What was merged stays, out of sight, and says into what (`merged_into_id`): a merge can be undone, and an old link still leads
somewhere. `name_key` is the name as it sorts and compares (words.key); the words by which people search have tables of their own.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from comptoir.foundation.tables import Id, Moment, Packed, Table


def _sorted(length: int) -> Any:
    """Compared byte by byte in both databases, so that a beginning is a range of the index."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class Customer(Table):
    """`code`: what the company's own books call it; `code_key` (words.code_key) is unique. `fields`: free, by name.
    `country`: two letters; phone numbers without an international prefix are read as that country's."""

    __tablename__ = "customers"
    __table_args__ = (
        Index("uq_customers_code_key", "code_key", unique=True),
        Index("ix_customers_name", "name_key", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(_sorted(200))
    code: Mapped[str | None] = mapped_column(String(60))
    code_key: Mapped[str | None] = mapped_column(_sorted(60))
    is_person: Mapped[bool]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), type_=Id)
    language: Mapped[str | None] = mapped_column(String(8))
    country: Mapped[str | None] = mapped_column(String(2))
    tags: Mapped[list[str]] = mapped_column(Packed)
    fields: Mapped[dict[str, str]] = mapped_column(Packed)
    created_at: Mapped[datetime] = mapped_column(Moment)
    archived_at: Mapped[datetime | None] = mapped_column(Moment)
    merged_into_id: Mapped[int | None] = mapped_column(Id)

    @property
    def is_current(self) -> bool:
        return self.archived_at is None and self.merged_into_id is None


class CustomerDomain(Table):
    """A mail domain of a firm's own: who writes from it is suggested for that file. Firms of one group may share one."""

    __tablename__ = "customer_domains"
    __table_args__ = (Index("ix_customer_domains_customer", "customer_id"),)

    domain: Mapped[str] = mapped_column(String(255), primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), primary_key=True, type_=Id)


class CustomerNote(Table):
    """What a member wrote on the file."""

    __tablename__ = "customer_notes"
    __table_args__ = (Index("ix_customer_notes_customer", "customer_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), type_=Id)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), type_=Id)
    at: Mapped[datetime] = mapped_column(Moment)
    text: Mapped[str] = mapped_column(Text)


class Contact(Table):
    """`address` is the identity shown beside the name: the one first seen. `shows_images`: the remote images of their
    mails are shown without asking, until somebody takes that back. `refuses_suggestions`: a member said that this person
    belongs to none of the files that their address suggests."""

    __tablename__ = "contacts"
    __table_args__ = (
        Index(
            "ix_contacts_customer",
            "customer_id",
            "id",
            sqlite_where=text("customer_id IS NOT NULL"),
            postgresql_where=text("customer_id IS NOT NULL"),
        ),
        Index("ix_contacts_name", "name_key", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(320))
    created_at: Mapped[datetime] = mapped_column(Moment)
    shows_images: Mapped[bool] = mapped_column(default=False, server_default=false())
    customer_id: Mapped[int | None] = mapped_column(Id)
    name_key: Mapped[str] = mapped_column(_sorted(200), default="", server_default="")
    refuses_suggestions: Mapped[bool] = mapped_column(default=False, server_default=false())
    merged_into_id: Mapped[int | None] = mapped_column(Id)


class Identity(Table):
    """`kind`: email, phone, bsuid or parent_bsuid. `value` is normalised (lower-case address; digits of a phone; BSUIDs as they
    are). `scope` is empty where the value means the same person everywhere (an address; a phone that a member wrote on the
    file), else the channel account within which it does.
    `given`: a phone as the provider writes it, which is how to send to it.
    `ended_at`: until then it named this contact; what is later is somebody else's. `blocked_at`: since
    then what it sends lands among the spam, silently."""

    __tablename__ = "identities"
    __table_args__ = (
        UniqueConstraint("kind", "value", "scope"),
        Index("ix_identities_contact", "contact_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), type_=Id)
    kind: Mapped[str] = mapped_column(String(16))
    value: Mapped[str] = mapped_column(String(320))
    scope: Mapped[str] = mapped_column(String(64))
    given: Mapped[str | None] = mapped_column(String(32))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    blocked_at: Mapped[datetime | None] = mapped_column(Moment)
    blocked_by_id: Mapped[int | None] = mapped_column(Id)


class CustomerWord(Table):
    """A word by which people find a customer: of its name, its code, its domains (words.of_customer). No foreign key: words are
    derived, and thousands a second would each be looked up."""

    __tablename__ = "customer_words"
    __table_args__ = (Index("ix_customer_words_customer", "customer_id"), {"sqlite_with_rowid": False})

    word: Mapped[str] = mapped_column(_sorted(60), primary_key=True)
    customer_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)


class ContactWord(Table):
    """A word by which people find a contact: of their name, their addresses, their numbers (words.of_contact)."""

    __tablename__ = "contact_words"
    __table_args__ = (Index("ix_contact_words_contact", "contact_id"), {"sqlite_with_rowid": False})

    word: Mapped[str] = mapped_column(_sorted(60), primary_key=True)
    contact_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)


class Merge(Table):
    """Two files, or two contacts, that a member said are one. `kind`: customer or contact. `moved`: what went from the one that
    is gone to the one that was kept, and how both were before, to put it back."""

    __tablename__ = "merges"
    __table_args__ = (Index("ix_merges_kept", "kind", "kept_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    kept_id: Mapped[int] = mapped_column(Id)
    gone_id: Mapped[int] = mapped_column(Id)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), type_=Id)
    at: Mapped[datetime] = mapped_column(Moment)
    undone_at: Mapped[datetime | None] = mapped_column(Moment)
    moved: Mapped[dict[str, Any]] = mapped_column(Packed)
