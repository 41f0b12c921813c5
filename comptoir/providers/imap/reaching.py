"""Open a signed-in IMAP connection, whatever the TLS mode and the alphabet of the password.

`Session` is IMAPClient with the three things a watched mailbox needs and the library lacks: it never misses a line that came
with the answer to IDLE, it does not log (and so copy) what it fetches, and it can be cut from another thread.
"""

import contextlib
import imaplib
import socket
import ssl
from functools import cache
from typing import Any

import msgspec
from imapclient import IMAPClient, SocketTimeout  # type: ignore[import-untyped]

from comptoir.channels.port import Connection, ConnectionTrouble
from comptoir.channels.schemas import ImapSettings
from comptoir.providers.imap.timings import Timings
from comptoir.providers.imap.troubles import sign_in_trouble, trouble_from


class Session(IMAPClient):  # type: ignore[misc]
    """One IMAP connection. Dates come back aware."""

    def __init__(self, settings: ImapSettings, context: ssl.SSLContext, timings: Timings) -> None:
        super().__init__(
            settings.imap_host,
            settings.imap_port,
            ssl=settings.imap_tls == "tls",
            ssl_context=context,
            timeout=SocketTimeout(timings.connect, timings.read),
        )
        self._imap.debug = 0  # at IMAPClient's level 5, imaplib formats repr() of every body: five times 50 MB
        self.normalise_times = False

    def start_idling(self) -> bool:
        """Enter IDLE. True when the server already announced something: untagged lines may come before its `+`."""
        has_news = False
        self._idle_tag = self._imap._command("IDLE")
        while self._imap._get_response() is not None:
            if self._imap.tagged_commands[self._idle_tag]:
                raise IdleRefused
            has_news = True
        return has_news or bool(self.idle_check(timeout=0))

    def _poll_socket(self, sock: socket.socket, timeout: float | None = None) -> list[Any]:
        """A zero time-out looks in the buffer as well: a line read together with `+ idling` never makes the socket ready."""
        return [sock] if timeout == 0 else list(super()._poll_socket(sock, timeout))

    def cut(self) -> None:
        """Break the connection from any thread; whoever is reading sees its end. Below TLS on purpose: `SSLSocket.shutdown`
        forgets the cipher first, and the reader could take the rest for plain text."""
        with contextlib.suppress(OSError, ValueError):
            socket.socket.shutdown(self.socket(), socket.SHUT_RDWR)

    def hang_up(self) -> None:
        """Close without the courtesy of LOGOUT, which would wait for a server that may be gone."""
        with contextlib.suppress(OSError, ValueError, imaplib.IMAP4.error):
            self.shutdown()


class IdleRefused(Exception):
    """The server advertises IDLE and says no to it."""


def settings_of(connection: Connection) -> ImapSettings:
    return msgspec.convert(connection.settings, ImapSettings)


@cache
def usual_trust() -> ssl.SSLContext:
    """The machine's certificate authorities (SSL_CERT_FILE adds one's own), loaded once: a context weighs a megabyte."""
    return ssl.create_default_context()


def open_session(connection: Connection, context: ssl.SSLContext, timings: Timings) -> Session:
    """Connect and sign in, or raise ConnectionTrouble."""
    settings = settings_of(connection)
    try:
        session = Session(settings, context, timings)
    except Exception as error:
        raise trouble_from(error, side="imap") from error
    try:
        _keep_alive(session.socket())
        if settings.imap_tls == "starttls":
            _start_tls(session, context)
        _sign_in(session, settings.user, connection.secrets["password"])
    except Exception as error:
        session.hang_up()
        raise trouble_from(error, side="imap") from error
    return session


def examine(session: Session, folder: str) -> tuple[int, int]:
    """Open a folder for reading only, so that nothing done here can ever mark a mail as seen: (UIDVALIDITY, UIDNEXT)."""
    try:
        answer = session.select_folder(folder, readonly=True)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise _folder_trouble(error) from error
    next_uid = answer.get(b"UIDNEXT") or max(session.search("ALL"), default=0) + 1
    return int(answer.get(b"UIDVALIDITY", 0)), int(next_uid)


def _start_tls(session: Session, context: ssl.SSLContext) -> None:
    if not session.has_capability("STARTTLS"):
        raise ConnectionTrouble("tls_failed", "the server does not offer STARTTLS")
    session.starttls(context)


def _sign_in(session: Session, user: str, password: str) -> None:
    """SASL PLAIN wherever it is offered: it carries any alphabet and needs no quoting. LOGIN is the fallback."""
    has_plain = session.has_capability("AUTH=PLAIN")
    if not has_plain and session.has_capability("LOGINDISABLED"):
        raise ConnectionTrouble("tls_required", "the server takes no password without TLS")
    if any(character in user + password for character in "\0\r\n"):
        raise ConnectionTrouble("sign_in_failed", "a user or a password is a single line")
    try:
        if has_plain or not (user + password).isascii():
            session.plain_login(user, password)
        else:
            session.login(_quoted_if_needed(user), password)
    except Exception as error:
        raise sign_in_trouble(error, side="imap") from error


def _quoted_if_needed(user: str) -> str:
    """imaplib quotes the password of LOGIN and forgets the user."""
    if all(character.isalnum() or character in "@.-_+" for character in user):
        return user
    return '"' + user.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _folder_trouble(error: imaplib.IMAP4.error) -> ConnectionTrouble:
    """Microsoft accepts the password of a mailbox it will not open, and says so only here."""
    trouble = trouble_from(error, side="imap")
    if "authenticated but not connected" in trouble.detail:
        return ConnectionTrouble("sign_in_failed", trouble.detail)
    return ConnectionTrouble("folder_missing", trouble.detail)


def _keep_alive(wire: socket.socket) -> None:
    """Let the kernel notice a peer that vanished without a word, and keep NAT boxes from forgetting us."""
    with contextlib.suppress(OSError):
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 20), ("TCP_KEEPCNT", 3)):
        if hasattr(socket, option):
            with contextlib.suppress(OSError):
                wire.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
