"""The real provider against a real Dovecot and a real SMTP server, with short durations."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from comptoir.channels.port import Connection, Watcher
from comptoir.providers.imap.mailbox import ImapMailbox
from comptoir.providers.imap.provider import ImapProvider
from comptoir.providers.imap.timings import Timings
from tests.providers.imap.notebook import Notebook
from tests.rig.mail_server import Account, MailServer

QUICK = Timings(
    connect=2, read=1.5, check=6, idle_slice=1, resync=30, poll=0.3, retry_first=0.1, retry_cap=0.3, retry_sign_in=0.3,
    settled=5, audit=3600, smtp=3, final_answer=3,
)  # fmt: skip

Watch = Callable[..., ImapMailbox]


@pytest.fixture
def provider(mail_server: MailServer) -> ImapProvider:
    return ImapProvider(QUICK, mail_server.certificate.client_context())


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


@pytest.fixture
def watch(mail_server: MailServer) -> Iterator[Watch]:
    """Start watching; every mailbox is stopped and its thread gone at the end of the test."""
    mailboxes: list[ImapMailbox] = []

    def begin(connection: Connection, watcher: Watcher, timings: Timings = QUICK) -> ImapMailbox:
        provider = ImapProvider(timings, mail_server.certificate.client_context())
        mailboxes.append(provider.watch(connection, watcher))
        return mailboxes[-1]

    yield begin
    for mailbox in mailboxes:
        mailbox.stop()
    assert all(mailbox.join(5) for mailbox in mailboxes)


def connection_to(account: Account, *, password: str = "", **changes: Any) -> Connection:
    secrets = {"password": password or account.password}
    return Connection(1, account.address, "Sales", account.settings | changes, secrets)


def mail(subject: str = "Hello", body: str = "Good morning.", *, header_id: str = "") -> bytes:
    lines = ["From: Lucie <lucie@elsewhere.test>", "To: us@test.local", f"Subject: {subject}"]
    if header_id:
        lines.append(f"Message-ID: {header_id}")
    return "\r\n".join([*lines, "", body, ""]).encode()
