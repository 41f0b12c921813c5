"""A contact is a person who writes; an identity is one address or number they write from."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from comptoir.foundation.tables import Id, Moment, Table


class Contact(Table):
    """`address` is the identity shown beside the name: the one first seen. `shows_images`: the remote images of their
    mails are shown without asking, until somebody takes that back."""

    __tablename__ = "contacts"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(320))
    created_at: Mapped[datetime] = mapped_column(Moment)
    shows_images: Mapped[bool] = mapped_column(default=False, server_default=false())


class Identity(Table):
    """`kind`: email, phone, bsuid or parent_bsuid. `value` is normalised (lower-case address; digits of a phone; BSUIDs as they
    are). `scope` is empty where the value means the same person everywhere, else the channel account within which it does.
    `given`: a phone as the provider writes it, which is how to send to it.
    `ended_at`: until then it named this contact; what is later is somebody else's."""

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
