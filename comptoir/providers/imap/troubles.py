"""Turn what a socket, a TLS handshake or a server throws into a `ConnectionTrouble` that a member can act on.

Libraries wrap one error in another, so the whole chain of causes is searched, the most telling kind first.
"""

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator

import aiosmtplib

from comptoir.channels.port import ConnectionTrouble

_PLAINTEXT_REFUSED = re.compile(
    r"PRIVACYREQUIRED|plaintext auth|LOGINDISABLED|must issue a STARTTLS|encryption required", re.I
)
_BUSY = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG)\]|too many (simultaneous )?connections", re.I)
_ORDER: tuple[tuple[type[BaseException], str], ...] = (
    (ssl.SSLCertVerificationError, "certificate_invalid"),
    (ssl.SSLEOFError, "tls_failed"),
    (ssl.SSLError, "tls_failed"),
    (socket.gaierror, "host_unknown"),
    (UnicodeError, "host_unknown"),
    (ConnectionRefusedError, "refused"),
    (TimeoutError, "timeout"),
    (aiosmtplib.SMTPServerDisconnected, "disconnected"),
    (imaplib.IMAP4.abort, "disconnected"),
    (aiosmtplib.SMTPResponseException, "protocol_error"),
    (imaplib.IMAP4.error, "protocol_error"),
    (aiosmtplib.SMTPException, "protocol_error"),
    (ConnectionError, "disconnected"),
    (OSError, "refused"),
)


def trouble_from(error: BaseException, *, side: str) -> ConnectionTrouble:
    """The trouble behind any error met while talking to a server; a `ConnectionTrouble` comes back as it is."""
    if isinstance(error, ConnectionTrouble):
        return error
    chain = list(_causes(error))
    for kind, code in _ORDER:
        for cause in chain:
            if isinstance(cause, kind):
                return ConnectionTrouble(_unless_garbled(code, cause), words(cause), side=side)
    return ConnectionTrouble("protocol_error", words(error), side=side)


def sign_in_trouble(error: BaseException, *, side: str) -> ConnectionTrouble:
    """Why a sign-in failed: mostly the password, but a lost connection or a busy server are not the member's fault."""
    said = words(error)
    if _PLAINTEXT_REFUSED.search(said):
        return ConnectionTrouble("tls_required", said, side=side)
    if isinstance(error, (OSError, aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError)) or any(
        isinstance(cause, (imaplib.IMAP4.abort, OSError)) for cause in _causes(error)
    ):
        return trouble_from(error, side=side)
    if _BUSY.search(said) or (isinstance(error, aiosmtplib.SMTPResponseException) and error.code < 500):
        return ConnectionTrouble("protocol_error", said, side=side)
    return ConnectionTrouble("sign_in_failed", said, side=side)


def words(error: BaseException) -> str:
    """The server's own words, without the wrapping that libraries add: one line, at most 300 characters."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        said = f"{error.code} {error.message}"
    elif isinstance(error, ssl.SSLCertVerificationError):
        said = error.verify_message
    elif isinstance(error, ssl.SSLError) and error.reason:
        said = error.reason.replace("_", " ").lower()
    elif isinstance(error, OSError) and error.strerror:
        said = error.strerror
    else:
        said = str(error) or type(error).__name__
    said = re.sub(r"""^[\w ]+ failed: (?=b['"]|\[)|\bb(?=['"])""", "", said)
    return " ".join(said.encode("utf-8", "replace").decode().split()).strip("'\" ")[:300]


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _unless_garbled(code: str, cause: BaseException) -> str:
    """imaplib calls a line it cannot read an abort; the peer is there, it merely does not speak IMAP."""
    is_garbled = isinstance(cause, imaplib.IMAP4.abort) and "unexpected response" in str(cause)
    return "protocol_error" if is_garbled else code
