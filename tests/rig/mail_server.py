"""A mail host as a person has one: mailboxes read by IMAP, mail sent by SMTP, local recipients delivered."""

import itertools
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imapclient import IMAPClient

from tests.rig.certificate import self_signed
from tests.rig.dovecot import Dovecot
from tests.rig.submission import Outbox, Submission

HOST = "127.0.0.1"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Account:
    """Everything a person would type to connect this mailbox. The user name is the address."""

    address: str
    password: str
    imap_port: int  # plain text, or STARTTLS
    imaps_port: int  # TLS from the first byte
    smtp_port: int  # plain text, or STARTTLS
    smtps_port: int  # TLS from the first byte
    host: str = HOST

    @property
    def settings(self) -> dict[str, Any]:
        """The settings of a channel that reads and sends here, in plain text."""
        return {
            "imap_host": self.host,
            "imap_port": self.imap_port,
            "imap_tls": "none",
            "smtp_host": self.host,
            "smtp_port": self.smtp_port,
            "smtp_tls": "none",
            "user": self.address,
        }

    def imap(self) -> IMAPClient:
        """A signed-in client of the test's own; use it in a `with`."""
        client = IMAPClient(self.host, self.imap_port, ssl=False, timeout=10)
        client.login(self.address, self.password)
        return client


@dataclass(frozen=True)
class Stored:
    """A message as it lies in a folder. Flags read like `\\Seen`, without the session's own `\\Recent`."""

    uid: int
    flags: frozenset[str]
    raw: bytes


class MailServer:
    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="comptoir-rig-"))
        self.certificate = self_signed(self.folder)
        self._passwords: dict[str, str] = {}
        self._dovecot = Dovecot(self.folder, self.certificate)
        self.smtp = Submission(self.certificate, self._passwords, self._deliver)

    @property
    def outbox(self) -> Outbox:
        return self.smtp.outbox

    def start(self) -> None:
        """Answer on the same ports as before. Starting twice is harmless, as is stopping twice."""
        self._dovecot.start()
        self.smtp.start()

    def stop(self) -> None:
        self.smtp.stop()
        self._dovecot.stop()

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def account(self, address: str = "", *, password: str = "") -> Account:
        """The mailbox of this address, made if it is new; without an address, one nobody used before."""
        address = address or f"box{next(_numbers)}@test.local"
        known = self._passwords.get(address.lower())
        if known is None or (password and password != known):
            self._passwords[address.lower()] = known = password or f"secret-of-{address.partition('@')[0]}"
            self._dovecot.write_user(address, known)
        return Account(
            address,
            known,
            self._dovecot.imap_port,
            self._dovecot.imaps_port,
            self.smtp.port,
            self.smtp.tls_port,
        )

    def change_password(self, address: str, password: str) -> None:
        """Connections already signed in stay so; the next sign-in with the old password is refused."""
        self.account(address, password=password)

    def deliver(self, address: str, raw: bytes, *, sender: str = "someone@elsewhere.test") -> None:
        """Mail arrives from the world. Dovecot prepends Return-Path, Delivered-To and Received lines."""
        self._deliver(address, raw, sender)

    def fill(self, address: str, raws: Iterable[bytes]) -> None:
        """Put many mails in the inbox at once, exactly as they are. The mailbox must have been opened before."""
        self._dovecot.fill(address, raws)

    def append(self, address: str, folder: str, raw: bytes, *, flags: Iterable[str] = ()) -> int:
        """Put bytes in a folder exactly as they are, as a mail client would; the UID."""
        with self.account(address).imap() as client:
            answer = client.append(folder, raw, flags=tuple(flag.encode() for flag in flags))
        return int(answer.split(b"APPENDUID ")[1].split(b"]")[0].split()[1])

    def messages(self, address: str, folder: str = "INBOX") -> list[Stored]:
        """What a folder holds, by UID. Reading leaves no trace."""
        with self.account(address).imap() as client:
            client.select_folder(folder, readonly=True)
            found = client.fetch(client.search("ALL"), ["FLAGS", "BODY.PEEK[]"])
        return [
            Stored(uid, frozenset(flag.decode() for flag in data[b"FLAGS"] if flag != b"\\Recent"), data[b"BODY[]"])
            for uid, data in sorted(found.items())
        ]

    def uidvalidity(self, address: str, folder: str = "INBOX") -> int:
        with self.account(address).imap() as client:
            return int(client.folder_status(folder, ["UIDVALIDITY"])[b"UIDVALIDITY"])

    def change_uidvalidity(self, address: str, folder: str = "INBOX") -> int:
        """As after a restored backup: the same messages, numbered again from 1. The new UIDVALIDITY."""
        fresh = self.uidvalidity(address, folder) + 1
        self._dovecot.renumber(address, folder, uidvalidity=fresh)
        return fresh

    def log(self) -> str:
        """What Dovecot wrote, for the message of a failing assertion."""
        return self._dovecot.log()

    def _deliver(self, address: str, raw: bytes, sender: str) -> None:
        self._dovecot.deliver(address, raw, sender=sender)
