"""The copy in the Sent folder, and the question asked there after a send whose outcome is unknown.

Always looked up by Message-ID first: some servers file what they send by themselves, and a job may run twice.
"""

import contextlib
import imaplib
import ssl
from collections.abc import Callable
from typing import TypeVar

from comptoir.channels.port import Connection, Outgoing
from comptoir.mail.mime import compose
from comptoir.providers.imap.folders import sent_folder
from comptoir.providers.imap.reaching import Session, examine, open_session, settings_of
from comptoir.providers.imap.timings import Timings
from comptoir.providers.imap.troubles import trouble_from

Answer = TypeVar("Answer")


def file_copy(connection: Connection, outgoing: Outgoing, context: ssl.SSLContext, timings: Timings) -> None:
    """File the message among the sent ones, read, at its own date; nothing where it already is. Raises ConnectionTrouble."""

    wanted = settings_of(connection).sent_folder

    def file(session: Session) -> None:
        if session.has_capability("X-GM-EXT-1"):
            return  # Gmail files what it sends
        folder = sent_folder(session, wanted) or _create(session)
        if not _is_in(session, folder, outgoing.header_id):
            session.append(folder, compose(outgoing), flags=(rb"\Seen",), msg_time=outgoing.at)

    _in_session(connection, context, timings, file)


def is_filed(connection: Connection, header_id: str, context: ssl.SSLContext, timings: Timings) -> bool:
    """Whether the Sent folder holds this Message-ID. Raises ConnectionTrouble."""

    wanted = settings_of(connection).sent_folder

    def look(session: Session) -> bool:
        folder = sent_folder(session, wanted)
        return folder is not None and _is_in(session, folder, header_id)

    return _in_session(connection, context, timings, look)


def _in_session(
    connection: Connection, context: ssl.SSLContext, timings: Timings, act: Callable[[Session], Answer]
) -> Answer:
    session = open_session(connection, context, timings)
    try:
        return act(session)
    except Exception as error:
        raise trouble_from(error, side="imap") from error
    finally:
        session.hang_up()


def _create(session: Session) -> str:
    prefix = ""
    if session.has_capability("NAMESPACE"):
        personal = session.namespace().personal
        prefix = str(personal[0][0]) if personal else ""
    name = f"{prefix}Sent"
    session.create_folder(name)
    with contextlib.suppress(imaplib.IMAP4.error):
        session.subscribe_folder(name)
    return name


def _is_in(session: Session, folder: str, header_id: str) -> bool:
    examine(session, folder)
    return bool(session.search(["HEADER", "Message-ID", header_id]))
