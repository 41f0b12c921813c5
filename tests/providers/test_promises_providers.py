"""What every provider promises, whatever the world behind it. A new provider joins by its line in PROVIDERS."""

import contextlib
import inspect
from datetime import UTC, datetime

import pytest

from comptoir.channels.port import ChannelKind, Connection, ConnectionTrouble, Incoming, Outgoing, Person, SendError
from comptoir.mail.mime import Unreadable
from comptoir.providers import PROVIDERS

NOWHERE = {
    "imap": Connection(
        1,
        "us@test.local",
        "Us",
        {
            "imap_host": "127.0.0.1", "imap_port": 1, "imap_tls": "tls",
            "smtp_host": "127.0.0.1", "smtp_port": 1, "smtp_tls": "tls", "user": "us@test.local",
        },
        {"password": "a secret nobody may see"},
    ),
}  # fmt: skip
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

# The sample data's provider has no world behind it that could be away.
each_provider = pytest.mark.parametrize("name", [name for name in PROVIDERS if name != "demo"])


@each_provider
def test_promises_a_kind_and_an_unreachable_example(name: str) -> None:
    assert PROVIDERS[name].kind in ChannelKind
    assert name in NOWHERE


@each_provider
async def test_promises_that_a_failing_check_is_a_trouble_without_secrets(name: str) -> None:
    with pytest.raises(ConnectionTrouble) as caught:
        await PROVIDERS[name].check(NOWHERE[name])
    assert caught.value.code == "refused"
    assert "secret" not in str(caught.value)


@each_provider
async def test_promises_that_an_unreachable_provider_is_worth_another_try(name: str) -> None:
    us = Person(NOWHERE[name].address)
    outgoing = Outgoing(header_id="<a@b>", at=NOW, sender=us, to=(us,), subject="Hello", text="Hello")
    with pytest.raises(SendError) as caught:
        await PROVIDERS[name].send(NOWHERE[name], outgoing)
    assert not caught.value.permanent
    assert not caught.value.unknown
    assert "secret" not in str(caught.value)


@each_provider
@pytest.mark.parametrize("raw", [b"", b"\0", b"\xff" * 1000, b"{", b"(" * 10_000, b"From: \r\n\r\n"])
def test_promises_that_no_bytes_break_reading(name: str, raw: bytes) -> None:
    with contextlib.suppress(Unreadable):
        assert isinstance(PROVIDERS[name].read(raw, NOW), Incoming)


@each_provider
def test_promises_no_database(name: str) -> None:
    source = inspect.getsource(inspect.getmodule(type(PROVIDERS[name])) or object)
    assert "sqlalchemy" not in source
    assert "comptoir.foundation" not in source
