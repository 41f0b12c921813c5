"""*Test connection* signs in for real on both sides, and every mistake has its own name."""

import socket
import ssl
from collections.abc import Iterator
from typing import Any

import pytest

from comptoir.channels.port import ConnectionTrouble
from comptoir.providers.imap.provider import ImapProvider
from tests.providers.imap.conftest import QUICK, connection_to
from tests.rig.faulty_imap import Fault, FaultyImap
from tests.rig.mail_server import Account, MailServer


@pytest.mark.parametrize("mode", ["none", "starttls", "tls"])
async def test_right_settings_pass(
    provider: ImapProvider, mail_server: MailServer, mailbox: Account, mode: str
) -> None:
    await provider.check(connection_to(mailbox, **ports(mailbox, mode, mode)))
    assert mail_server.outbox == []


@pytest.mark.parametrize(
    ("changes", "side", "code"),
    [
        ({"imap_host": "imap.nowhere.invalid"}, "imap", "host_unknown"),
        ({"smtp_host": "smtp.nowhere.invalid"}, "smtp", "host_unknown"),
        ({"imap_port": 1}, "imap", "refused"),
        ({"smtp_port": 1}, "smtp", "refused"),
        ({"user": "nobody@test.local", "smtp_user": "nobody@test.local"}, "imap", "sign_in_failed"),
        ({"smtp_user": "nobody@test.local"}, "smtp", "sign_in_failed"),
        ({"user": 'a" b\\'}, "imap", "sign_in_failed"),
    ],
)
async def test_wrong_settings_have_a_name(
    provider: ImapProvider, mailbox: Account, changes: dict[str, Any], side: str, code: str
) -> None:
    trouble = await trouble_of(provider, mailbox, **changes)
    assert (trouble.side, trouble.code) == (side, code)
    assert trouble.detail


async def test_a_wrong_password(provider: ImapProvider, mailbox: Account) -> None:
    with pytest.raises(ConnectionTrouble) as caught:
        await provider.check(connection_to(mailbox, password="wrong"))
    assert caught.value.code == "sign_in_failed"
    assert "Authentication failed" in caught.value.detail


async def test_tls_on_a_plain_port(provider: ImapProvider, mailbox: Account) -> None:
    trouble = await trouble_of(provider, mailbox, imap_tls="tls")
    assert (trouble.side, trouble.code) == ("imap", "tls_failed")
    trouble = await trouble_of(provider, mailbox, smtp_tls="tls")
    assert (trouble.side, trouble.code) == ("smtp", "tls_failed")


@pytest.mark.parametrize("mode", ["none", "starttls"])
async def test_plain_on_a_tls_port(provider: ImapProvider, mailbox: Account, mode: str) -> None:
    trouble = await trouble_of(provider, mailbox, imap_port=mailbox.imaps_port, imap_tls=mode)
    assert (trouble.side, trouble.code) == ("imap", "tls_required")
    trouble = await trouble_of(provider, mailbox, smtp_port=mailbox.smtps_port, smtp_tls=mode)
    assert (trouble.side, trouble.code) == ("smtp", "tls_required")


@pytest.mark.parametrize("mode", ["tls", "starttls"])
async def test_a_certificate_that_nobody_vouches_for(mailbox: Account, mode: str) -> None:
    suspicious = ImapProvider(QUICK, ssl.create_default_context())
    trouble = await trouble_of(suspicious, mailbox, **ports(mailbox, mode, "none"))
    assert (trouble.side, trouble.code) == ("imap", "certificate_invalid")
    trouble = await trouble_of(suspicious, mailbox, **ports(mailbox, "none", mode))
    assert (trouble.side, trouble.code) == ("smtp", "certificate_invalid")


async def test_a_certificate_for_another_name(provider: ImapProvider, mailbox: Account) -> None:
    trouble = await trouble_of(provider, mailbox, **ports(mailbox, "tls", "none"), imap_host="127.0.0.2")
    assert trouble.code in ("certificate_invalid", "refused")


async def test_a_server_that_never_speaks(provider: ImapProvider, mailbox: Account, silent_port: int) -> None:
    trouble = await trouble_of(provider, mailbox, imap_port=silent_port)
    assert (trouble.side, trouble.code) == ("imap", "timeout")
    trouble = await trouble_of(provider, mailbox, smtp_port=silent_port)
    assert (trouble.side, trouble.code) == ("smtp", "timeout")


async def test_the_two_sides_exchanged(provider: ImapProvider, mailbox: Account) -> None:
    trouble = await trouble_of(provider, mailbox, imap_port=mailbox.smtp_port)
    assert (trouble.side, trouble.code) == ("imap", "protocol_error")
    trouble = await trouble_of(provider, mailbox, smtp_port=mailbox.imap_port)
    assert (trouble.side, trouble.code) == ("smtp", "protocol_error")


async def test_a_server_that_says_goodbye(provider: ImapProvider, mailbox: Account, faulty_imap: FaultyImap) -> None:
    faulty_imap.fault = Fault.BYE_AT_GREETING
    trouble = await trouble_of(provider, mailbox, imap_port=faulty_imap.port)
    assert trouble.code in ("disconnected", "protocol_error")
    assert "Too many connections" in trouble.detail


@pytest.fixture
def silent_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def ports(account: Account, imap: str, smtp: str) -> dict[str, Any]:
    return {
        "imap_tls": imap,
        "imap_port": account.imaps_port if imap == "tls" else account.imap_port,
        "smtp_tls": smtp,
        "smtp_port": account.smtps_port if smtp == "tls" else account.smtp_port,
    }


async def trouble_of(provider: ImapProvider, account: Account, **changes: Any) -> ConnectionTrouble:
    with pytest.raises(ConnectionTrouble) as caught:
        await provider.check(connection_to(account, **changes))
    return caught.value
