"""The one thing asked of whoever knows the company's customers: who is this, and which documents have they?

`Tables` (tables.py) answers from our own tables, where files and the API put what they bring; an ERP answers over HTTP
(providers.erp). What an ERP says is put into the same tables, so that lists, search and history never wait for it.
"""

from typing import Protocol

from msgspec import Struct


class GivenContact(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A person of a customer. Found again by any of their addresses or numbers."""

    name: str = ""
    emails: list[str] = []
    phones: list[str] = []


class GivenCustomer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A customer's file. What is None is left as it is; contacts are added, never taken away."""

    code: str = ""
    name: str | None = None
    is_person: bool | None = None
    country: str | None = None
    language: str | None = None
    owner: str | None = None
    tags: list[str] | None = None
    fields: dict[str, str] | None = None
    contacts: list[GivenContact] = []


class GivenDocument(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`kind`: order, quote, invoice or delivery. `total`: 1234.56. `issued_on`: 2026-11-24. `customer`: their code."""

    kind: str
    number: str
    customer: str = ""
    issued_on: str = ""
    state: str = ""
    total: float | None = None
    currency: str = ""
    link: str = ""


class Question(Struct, frozen=True, kw_only=True):
    """By one of these: a code, an e-mail address, a phone number (digits, international)."""

    code: str = ""
    email: str = ""
    phone: str = ""


class Known(Struct, frozen=True, kw_only=True):
    customers: list[GivenCustomer] = []
    documents: list[GivenDocument] = []


class Directory(Protocol):
    async def ask(self, question: Question) -> Known:
        """What is known; an empty answer where nothing is. `Silent` where no answer is to be had."""


class Silent(Exception):
    """Whoever was asked did not answer, or not in words that are understood. `reason` is for the screen of settings."""

    def __init__(self, code: str, reason: str = "") -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason
