"""The rig as fixtures: one server for the whole run, well-behaved again before each test."""

from collections.abc import Iterator

import pytest

from tests.rig.emulator import EmulatedWhatsApp
from tests.rig.faulty_imap import FaultyImap
from tests.rig.mail_server import Account, MailServer


@pytest.fixture(scope="session")
def running_mail_server() -> Iterator[MailServer]:
    """For session-wide fixtures only; a test wants `mail_server`."""
    server = MailServer()
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture
def mail_server(running_mail_server: MailServer) -> MailServer:
    """Dovecot and SMTP on loopback, up, with an empty outbox and nothing scripted."""
    running_mail_server.start()
    running_mail_server.smtp.behave()
    return running_mail_server


@pytest.fixture
def mailbox(mail_server: MailServer) -> Account:
    """An empty mailbox that no other test uses."""
    return mail_server.account()


@pytest.fixture
def faulty_imap(mail_server: MailServer) -> Iterator[FaultyImap]:
    """A relay to `mail_server` at `faulty_imap.port` that fails as told."""
    relay = FaultyImap(mail_server.account().imap_port)
    relay.start()
    yield relay
    relay.stop()


@pytest.fixture
def emulator() -> Iterator[EmulatedWhatsApp]:
    """WhatsApp on loopback, both providers, with nobody on it yet."""
    whatsapp = EmulatedWhatsApp()
    whatsapp.start()
    yield whatsapp
    whatsapp.close()
