"""A message leaves once, and what became of it is said exactly: taken, refused, try again, or unknown."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from comptoir.channels.port import Connection, Outgoing, Person, SendError
from comptoir.providers.imap.provider import ImapProvider
from tests.providers.imap.conftest import connection_to
from tests.rig.mail_server import Account, MailServer

LUCIE = Person("lucie@elsewhere.test", "Lucie")
MARC = Person("marc@elsewhere.test")
HARD = Person("hard@elsewhere.test")
SOFT = Person("soft@elsewhere.test")


@pytest.fixture
def connection(mailbox: Account) -> Connection:
    return connection_to(mailbox)


async def test_it_leaves_with_its_message_id(
    provider: ImapProvider, mail_server: MailServer, connection: Connection
) -> None:
    receipt = await provider.send(connection, reply(connection))
    assert receipt.external_id == "<one@comptoir.test>"
    assert receipt.refused == ()
    [sent] = mail_server.outbox.wait_for(1)
    assert sent.sender == sent.signed_in_as == connection.address
    assert b"<one@comptoir.test>" in sent.raw


@pytest.mark.parametrize("mode", ["starttls", "tls"])
async def test_it_leaves_enciphered(
    provider: ImapProvider, mail_server: MailServer, mailbox: Account, mode: str
) -> None:
    port = mailbox.smtps_port if mode == "tls" else mailbox.smtp_port
    secure = connection_to(mailbox, smtp_tls=mode, smtp_port=port)
    await provider.send(secure, reply(secure))
    assert len(mail_server.outbox) == 1


async def test_bcc_is_in_the_envelope_only(
    provider: ImapProvider, mail_server: MailServer, connection: Connection
) -> None:
    await provider.send(connection, reply(connection, bcc=(MARC,)))
    [sent] = mail_server.outbox
    assert sent.recipients == (LUCIE.address, MARC.address)
    assert b"marc" not in sent.raw


async def test_the_same_message_is_the_same_bytes(
    provider: ImapProvider, mail_server: MailServer, connection: Connection
) -> None:
    await provider.send(connection, reply(connection))
    await provider.send(connection, reply(connection))
    first, second = mail_server.outbox
    assert first.raw == second.raw


async def test_some_refused_recipients_are_part_of_the_receipt(
    provider: ImapProvider, mail_server: MailServer, connection: Connection
) -> None:
    receipt = await provider.send(connection, reply(connection, to=(LUCIE, HARD)))
    assert [(refusal.address, refusal.code) for refusal in receipt.refused] == [(HARD.address, 550)]
    assert "No such user" in receipt.refused[0].reason
    assert mail_server.outbox[0].recipients == (LUCIE.address,)


@pytest.mark.parametrize(
    ("to", "code", "is_permanent"),
    [((HARD,), "recipients_refused", True), ((SOFT,), "temporary", False), ((SOFT, HARD), "temporary", False)],
)
async def test_all_refused(
    provider: ImapProvider, connection: Connection, to: tuple[Person, ...], code: str, is_permanent: bool
) -> None:
    error = await error_of(provider, connection, reply(connection, to=to))
    assert (error.code, error.permanent, error.unknown) == (code, is_permanent, False)


async def test_a_wrong_password_is_permanent(provider: ImapProvider, mailbox: Account) -> None:
    wrong = connection_to(mailbox, password="wrong")
    error = await error_of(provider, wrong, reply(wrong))
    assert (error.code, error.permanent) == ("sign_in_failed", True)


async def test_a_server_that_is_away_is_not_permanent(provider: ImapProvider, mailbox: Account) -> None:
    away = connection_to(mailbox, smtp_port=1)
    error = await error_of(provider, away, reply(away))
    assert (error.code, error.permanent, error.unknown) == ("unreachable", False, False)


async def test_a_lost_answer_is_an_unknown_outcome(
    provider: ImapProvider, mail_server: MailServer, connection: Connection
) -> None:
    mail_server.smtp.lost_replies = 1
    error = await error_of(provider, connection, reply(connection))
    assert (error.code, error.permanent, error.unknown) == ("unknown_outcome", False, True)


@pytest.mark.parametrize(
    ("command", "answer", "code", "is_permanent", "is_unknown"),
    [
        ("MAIL", "550 5.7.1 not from you", "sender_refused", True, False),
        ("MAIL", "451 4.3.0 busy", "temporary", False, False),
        ("MAIL", "552 5.3.4 too big", "too_large", True, False),
        ("RCPT", None, "temporary", False, False),
        ("DATA", "554 5.7.1 spam", "message_refused", True, False),
        ("DATA", "421 4.3.2 closing", "temporary", False, False),
        (".", "554 5.6.0 virus", "message_refused", True, False),
        (".", "552 5.3.4 too big", "too_large", True, False),
        (".", "452 4.3.1 disk full", "temporary", False, False),
        (".", None, "unknown_outcome", False, True),
        (".", "", "unknown_outcome", False, True),
        ("EHLO", "", "timeout", False, False),
    ],
)
async def test_each_answer_has_its_meaning(
    provider: ImapProvider,
    mailbox: Account,
    scripted_smtp: "ScriptedSmtp",
    command: str,
    answer: str | None,
    code: str,
    is_permanent: bool,
    is_unknown: bool,
) -> None:
    scripted_smtp.answers[command] = answer
    scripted = connection_to(mailbox, smtp_port=scripted_smtp.port)
    error = await error_of(provider, scripted, reply(scripted))
    assert (error.code, error.permanent, error.unknown) == (code, is_permanent, is_unknown)


async def test_too_large_is_known_before_the_first_byte(
    provider: ImapProvider, mailbox: Account, scripted_smtp: "ScriptedSmtp"
) -> None:
    scripted_smtp.answers["EHLO"] = "250-hello\r\n250 SIZE 100"
    scripted = connection_to(mailbox, smtp_port=scripted_smtp.port)
    error = await error_of(provider, scripted, reply(scripted))
    assert (error.code, error.permanent) == ("too_large", True)
    assert "MAIL" not in scripted_smtp.heard


async def test_an_address_with_an_accent(
    provider: ImapProvider, mail_server: MailServer, connection: Connection
) -> None:
    helene = Person("hélène@elsewhere.test")
    await provider.send(connection, reply(connection, to=(Person("jean@société.test"),), bcc=(helene,)))
    assert mail_server.outbox[0].recipients == ("jean@xn--socit-esab.test", helene.address)
    error = await error_of(provider, connection, reply(connection, to=(helene,)))
    assert (error.code, error.permanent) == ("recipients_refused", True)


@pytest.mark.parametrize("evil", ["x\r\nBcc: spy@evil.test", "x\nX-Evil: yes", "x\r\n\r\nbody"])
async def test_no_header_or_command_can_be_injected(
    provider: ImapProvider, mail_server: MailServer, connection: Connection, evil: str
) -> None:
    await provider.send(connection, reply(connection, subject=evil, to=(Person(LUCIE.address, evil),)))
    [sent] = mail_server.outbox
    head = sent.raw.partition(b"\r\n\r\n")[0].lower()
    assert b"\nbcc:" not in head
    assert b"\nx-evil" not in head
    assert sent.recipients == (LUCIE.address,)
    address = Person("a@b.test>\r\nRCPT TO:<spy@evil.test")
    error = await error_of(provider, connection, reply(connection, to=(LUCIE,), bcc=(address,)), may_pass=True)
    assert error is None or error.permanent
    assert all("spy@evil.test" not in sent.recipients for sent in mail_server.outbox)


async def test_the_copy_is_filed_once_and_read(
    provider: ImapProvider, mail_server: MailServer, connection: Connection
) -> None:
    message = reply(connection)
    assert not await provider.find_sent(connection, message.header_id)
    await provider.file_copy(connection, message)
    await provider.file_copy(connection, message)
    [copy] = mail_server.messages(connection.address, "Sent")
    assert copy.flags == {"\\Seen"}
    assert await provider.find_sent(connection, message.header_id)
    assert not await provider.find_sent(connection, "<another@comptoir.test>")


def reply(connection: Connection, **changes: Any) -> Outgoing:
    fields: dict[str, Any] = {
        "header_id": "<one@comptoir.test>",
        "at": datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
        "sender": Person(connection.address, "Sales"),
        "to": (LUCIE,),
        "subject": "Your order",
        "text": "It left this morning.\n.\nKind regards",
    }
    return Outgoing(**fields | changes)


async def error_of(
    provider: ImapProvider, connection: Connection, outgoing: Outgoing, *, may_pass: bool = False
) -> SendError:
    try:
        await provider.send(connection, outgoing)
    except SendError as error:
        return error
    assert may_pass, "it was sent"
    return None  # type: ignore[return-value]


class ScriptedSmtp:
    """Says 250 to everything but what `answers` changes: a text, None to hang up, an empty text to fall silent."""

    def __init__(self) -> None:
        self.answers: dict[str, str | None] = {}
        self.heard: list[str] = []
        self._silence = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._silence.set()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                wire, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(wire,), daemon=True).start()

    def _talk(self, wire: socket.socket) -> None:
        in_data = False
        with wire, wire.makefile("rb") as lines:
            wire.sendall(b"220 scripted\r\n")
            for line in lines:
                word = line.decode().strip().split(" ")[0].upper()
                if in_data and word != ".":
                    continue
                self.heard.append(word)
                in_data = word == "DATA" and word not in self.answers
                answer = self.answers.get(word, "354 go on" if in_data else "250 fine")
                if answer is None:
                    return
                if not answer:
                    self._silence.wait(20)
                    return
                wire.sendall(answer.encode() + b"\r\n")


@pytest.fixture
def scripted_smtp() -> Iterator[ScriptedSmtp]:
    server = ScriptedSmtp()
    yield server
    server.close()


async def test_many_at_once(provider: ImapProvider, mail_server: MailServer, connection: Connection) -> None:
    await asyncio.gather(
        *(provider.send(connection, reply(connection, header_id=f"<{n}@comptoir.test>")) for n in range(10))
    )
    assert len(mail_server.outbox) == 10


@pytest.mark.parametrize(("asks", "offers"), [(True, True), (True, False), (False, True)])
async def test_bounces_and_deliveries_are_asked_for_only_where_wished_and_offered(
    provider: ImapProvider, mail_server: MailServer, mailbox: Account, asks: bool, offers: bool
) -> None:
    mail_server.smtp.offers_reports = offers
    connection = connection_to(mailbox, asks_for_reports=asks)

    await provider.send(connection, reply(connection))

    assert len(mail_server.outbox) == 1
    wishes = mail_server.smtp.wishes
    if asks and offers:
        envelope_id = reply(connection).header_id.strip("<>").replace("+", "+2B").replace("=", "+3D")
        assert wishes == ["RET=HDRS", f"ENVID={envelope_id}", "NOTIFY=SUCCESS,FAILURE,DELAY"]
    else:
        assert wishes == []
