"""Hand one message to the submission server, and say exactly what became of it.

The library's `sendmail` hides the step at which a connection died, and that step decides everything: before DATA nothing left
the house, after it the server may have taken the mail, and sending again without looking would double it.
"""

import asyncio
import contextlib
import re
import ssl
from collections.abc import AsyncIterator
from typing import NoReturn

import aiosmtplib

from comptoir.channels.port import Connection, ConnectionTrouble, Outgoing, Receipt, Refusal, SendError
from comptoir.mail.mime import compose
from comptoir.providers.imap.reaching import settings_of
from comptoir.providers.imap.timings import Timings
from comptoir.providers.imap.troubles import sign_in_trouble, trouble_from, words

_LOST = (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError, OSError)


async def send(connection: Connection, outgoing: Outgoing, context: ssl.SSLContext, timings: Timings) -> Receipt:
    """Bcc travels only in the envelope. Raises SendError unless at least one recipient was taken."""
    people = dict.fromkeys(person.address for person in (*outgoing.to, *outgoing.cc, *outgoing.bcc))
    if not people:
        raise SendError("recipients_refused", "the message has no recipient", permanent=True)
    raw = await asyncio.to_thread(_bytes_of, outgoing)
    try:
        async with smtp_session(connection, context, timings) as smtp:
            limit = size_limit(smtp)
            _refuse_too_large(raw, limit)
            asks = settings_of(connection).asks_for_reports and smtp.supports_extension("dsn")
            wished = _wishes(outgoing.header_id) if asks else []
            options = await _announce(smtp, outgoing.sender.address, raw, list(people), wished)
            refused = await _name_recipients(smtp, list(people), "SMTPUTF8" in options, asks=asks)
            await _hand_over(smtp, raw, timings)
    except ConnectionTrouble as trouble:
        raise _send_error(trouble) from trouble
    except _LOST as error:
        raise _send_error(trouble_from(error, side="smtp")) from error
    except aiosmtplib.SMTPException as error:
        raise SendError("temporary", words(error), permanent=False) from error
    return Receipt(external_id=outgoing.header_id, refused=tuple(refused), size_limit=limit)


def _bytes_of(outgoing: Outgoing) -> bytes:
    """An address that cannot stand in a header is the sender's or a recipient's, never a reason to try again."""
    try:
        return compose(outgoing)
    except ValueError as error:
        code = "sender_refused" if str(error) == outgoing.sender.address else "recipients_refused"
        raise SendError(code, f"not an address: {error}", permanent=True) from error


@contextlib.asynccontextmanager
async def smtp_session(
    connection: Connection, context: ssl.SSLContext, timings: Timings
) -> AsyncIterator[aiosmtplib.SMTP]:
    """Connect, secure and sign in, or raise ConnectionTrouble. What happens inside raises the library's errors."""
    settings = settings_of(connection)
    smtp = aiosmtplib.SMTP(
        hostname=settings.smtp_host,
        port=settings.smtp_port,
        local_hostname=_ascii_domain(connection.address.rpartition("@")[2]),
        use_tls=settings.smtp_tls == "tls",
        start_tls=False,
        tls_context=context,
        timeout=timings.connect,
    )
    try:
        try:
            await smtp.connect()
            smtp.timeout = timings.smtp
            await smtp.ehlo()
            if settings.smtp_tls == "starttls":
                await _start_tls(smtp, context)
        except Exception as error:
            raise trouble_from(error, side="smtp") from error
        password = connection.secrets.get("smtp_password") or connection.secrets["password"]
        await _sign_in(smtp, settings.smtp_user or settings.user, password)
        yield smtp
        with contextlib.suppress(aiosmtplib.SMTPException, OSError):
            await smtp.quit(timeout=5)
    finally:
        smtp.close()


async def _start_tls(smtp: aiosmtplib.SMTP, context: ssl.SSLContext) -> None:
    if not smtp.supports_extension("starttls"):
        raise ConnectionTrouble("tls_failed", "the server does not offer STARTTLS", side="smtp")
    await smtp.starttls(tls_context=context)
    await smtp.ehlo()


async def _sign_in(smtp: aiosmtplib.SMTP, user: str, password: str) -> None:
    """One attempt with the best method offered: trying them all would count as several wrong passwords. A relay that
    offers none, on a private network, is used as it is."""
    offered = [method.lower() for method in smtp.supported_auth_methods]
    if not offered:
        if smtp.supports_extension("starttls") and smtp.get_transport_info("sslcontext") is None:
            raise ConnectionTrouble("tls_required", "the server takes no password without TLS", side="smtp")
        return
    by_method = {"plain": smtp.auth_plain, "login": smtp.auth_login, "cram-md5": smtp.auth_crammd5}
    method = next(by_method[name] for name in by_method if name in offered)
    try:
        await method(user.encode(), password.encode())
    except Exception as error:
        raise sign_in_trouble(error, side="smtp") from error


def size_limit(smtp: aiosmtplib.SMTP) -> int | None:
    """The largest mail this server says it takes, in bytes; None when it says nothing, or that there is no limit."""
    announced = smtp.esmtp_extensions.get("size", "").strip()
    return int(announced) or None if announced.isdigit() else None


def _refuse_too_large(raw: bytes, limit: int | None) -> None:
    if limit is not None and limit < len(raw):
        raise SendError("too_large", f"{len(raw)} bytes, the server takes {limit}", permanent=True)


def _wishes(header_id: str) -> list[str]:
    """RFC 3461: reports bring the header back and name the envelope, which is our Message-ID."""
    envelope_id = re.sub(r"[^!-*,-<>-~]", lambda match: f"+{ord(match.group()):02X}", header_id.strip("<>"))
    return ["RET=HDRS", f"ENVID={envelope_id[:100]}"]


async def _announce(smtp: aiosmtplib.SMTP, sender: str, raw: bytes, people: list[str], wished: list[str]) -> list[str]:
    """MAIL FROM, with the options this message needs."""
    options = [f"SIZE={len(raw)}"] if smtp.supports_extension("size") else []
    options += wished
    if not raw.isascii() and smtp.supports_extension("8bitmime"):
        options.append("BODY=8BITMIME")
    needs_utf8 = not all(_wire_address(address).isascii() for address in (sender, *people))
    if needs_utf8 and smtp.supports_extension("smtputf8"):
        options.append("SMTPUTF8")
    try:
        encoding = "utf-8" if "SMTPUTF8" in options else "ascii"
        await smtp.mail(_wire_address(sender), options=options, encoding=encoding)
    except aiosmtplib.SMTPResponseException as error:
        _raise_refusal(error, "sender_refused")
    except (ValueError, UnicodeError) as error:
        raise SendError("sender_refused", str(error), permanent=True) from error
    return options


async def _name_recipients(smtp: aiosmtplib.SMTP, people: list[str], has_utf8: bool, *, asks: bool) -> list[Refusal]:
    """RCPT TO each; a refusal of some is part of the receipt, a refusal of all is an error."""
    refused: list[Refusal] = []
    options = ["NOTIFY=SUCCESS,FAILURE,DELAY"] if asks else []
    for address in people:
        try:
            await smtp.rcpt(_wire_address(address), options=options, encoding="utf-8" if has_utf8 else "ascii")
        except aiosmtplib.SMTPRecipientRefused as error:
            refused.append(Refusal(address, error.code, words(error)))
        except (ValueError, UnicodeError):
            refused.append(Refusal(address, 553, "this address cannot be written on this server's envelope"))
    if len(refused) == len(people):
        said = "; ".join(f"{refusal.address}: {refusal.reason}" for refusal in refused)
        is_permanent = all(refusal.code >= 500 for refusal in refused)
        raise SendError("recipients_refused" if is_permanent else "temporary", said[:1000], permanent=is_permanent)
    return refused


async def _hand_over(smtp: aiosmtplib.SMTP, raw: bytes, timings: Timings) -> None:
    try:
        await smtp.data(raw, timeout=timings.final_answer)
    except aiosmtplib.SMTPResponseException as error:
        _raise_refusal(error, "message_refused")
    except _LOST as error:
        detail = "the connection was lost before the server answered"
        raise SendError("unknown_outcome", detail, permanent=False, unknown=True) from error


def _raise_refusal(error: aiosmtplib.SMTPResponseException, code: str) -> NoReturn:
    """5xx will not change its mind, 4xx may. Codes under 400 are no answer we know: they may change too."""
    is_permanent = error.code >= 500
    if error.code == 552 or error.message.startswith(("5.3.4", "5.2.3")):
        code = "too_large"
    raise SendError(code if is_permanent else "temporary", words(error), permanent=is_permanent) from error


def _send_error(trouble: ConnectionTrouble) -> SendError:
    """A wrong password is permanent: asking again with the same one locks accounts. A network is not."""
    if trouble.code == "sign_in_failed":
        return SendError("sign_in_failed", trouble.detail, permanent=True)
    if trouble.code == "timeout":
        return SendError("timeout", trouble.detail, permanent=False)
    if trouble.code in ("protocol_error", "disconnected"):
        return SendError("temporary", trouble.detail, permanent=False)
    return SendError("unreachable", f"{trouble.code}: {trouble.detail}", permanent=False)


def _wire_address(address: str) -> str:
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{_ascii_domain(domain)}"


def _ascii_domain(domain: str) -> str:
    """Any server can route a domain in its ASCII form; only the part before the @ ever needs SMTPUTF8."""
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return domain
