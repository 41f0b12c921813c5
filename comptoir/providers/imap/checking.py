"""Test a connection for real: sign in on both sides and open the inbox, sending nothing, so that a mistake has a name.

A plain connection to a port that speaks TLS is met with silence; before calling that a time-out we ask the port in its language.
"""

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable

import msgspec

from comptoir.channels.port import Connection, ConnectionTrouble
from comptoir.providers.imap.reaching import examine, open_session, settings_of
from comptoir.providers.imap.sending import size_limit, smtp_session
from comptoir.providers.imap.timings import Timings
from comptoir.providers.imap.troubles import trouble_from


async def check(connection: Connection, context: ssl.SSLContext, timings: Timings) -> int | None:
    """Raise the IMAP side's ConnectionTrouble, else the SMTP side's; both are tried at the same time. The largest mail that
    the SMTP side says it takes, in bytes."""
    settings = settings_of(connection)
    quick = msgspec.structs.replace(timings, read=timings.connect, smtp=timings.connect)
    said: list[int | None] = []
    imap, smtp = await asyncio.gather(
        _trouble_of("imap", asyncio.to_thread(_check_imap, connection, context, quick), quick),
        _trouble_of("smtp", _check_smtp(connection, context, quick, said), quick),
    )
    if imap and settings.imap_tls != "tls":
        imap = await _unless_it_speaks_tls(imap, settings.imap_host, settings.imap_port)
    if smtp and settings.smtp_tls != "tls":
        smtp = await _unless_it_speaks_tls(smtp, settings.smtp_host, settings.smtp_port)
    if trouble := imap or smtp:
        raise trouble
    return said[0]


def _check_imap(connection: Connection, context: ssl.SSLContext, timings: Timings) -> None:
    session = open_session(connection, context, timings)
    try:
        examine(session, "INBOX")
    except Exception as error:
        raise trouble_from(error, side="imap") from error
    finally:
        session.hang_up()


async def _check_smtp(
    connection: Connection, context: ssl.SSLContext, timings: Timings, said: list[int | None]
) -> None:
    async with smtp_session(connection, context, timings) as smtp:
        said.append(size_limit(smtp))


async def _trouble_of(side: str, work: Awaitable[None], timings: Timings) -> ConnectionTrouble | None:
    try:
        await asyncio.wait_for(work, timings.check)
    except ConnectionTrouble as trouble:
        return trouble
    except TimeoutError:
        return ConnectionTrouble("timeout", side=side)
    return None


async def _unless_it_speaks_tls(trouble: ConnectionTrouble, host: str, port: int) -> ConnectionTrouble:
    if trouble.code not in ("timeout", "disconnected", "protocol_error"):
        return trouble
    curious = ssl.create_default_context()
    curious.check_hostname, curious.verify_mode = False, ssl.CERT_NONE
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(5):
            _, writer = await asyncio.open_connection(host, port, ssl=curious)
        writer.close()
        return ConnectionTrouble("tls_required", f"port {port} expects TLS from the first byte", side=trouble.side)
    return trouble
