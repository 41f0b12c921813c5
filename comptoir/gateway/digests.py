"""Digests leave through the house's own mail server (COMPTOIR_SMTP_URL), never through a mailbox of the team: an answer to
one must not come in as a customer's mail, nor go out to one.
"""

import html
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from comptoir.channels.port import Connection, Outgoing, Person, SendError
from comptoir.conversations.together.audience import acting_as
from comptoir.foundation.jobs.port import GiveUp, Job, RetryLater, job_name
from comptoir.foundation.services import Services
from comptoir.foundation.tables import from_ms, to_ms
from comptoir.foundation.transaction import Transaction
from comptoir.gateway.pacing import back_off
from comptoir.notifications import digesting, queries, wording
from comptoir.notifications.schemas import NotificationView
from comptoir.providers import PROVIDERS
from comptoir.settings import Settings
from comptoir.team.models import Member

ATTEMPTS = 8

SUBJECT: Mapping[str, tuple[str, str]] = {
    "fr": ("1 nouvelle notification dans Comptoir", "{n} nouvelles notifications dans Comptoir"),
    "en": ("1 new notification in Comptoir", "{n} new notifications in Comptoir"),
}
FOOT: Mapping[str, str] = {
    "fr": "Vous recevez ce résumé parce que vous l'avez choisi. Pour en changer : ",
    "en": "You receive this digest because you chose to. To change that: ",
}


class _Line(NamedTuple):
    sentence: str
    excerpt: str
    url: str


async def send_due(services: Services) -> None:
    """Scheduled: a job for each member whose digest is due. Nothing where the house has no server to send through."""
    if not services.settings.smtp_url:
        return
    for member_id in await services.database.read(digesting.due):
        await services.database.write(lambda tx, id=member_id: _ask(tx, id))  # type: ignore[misc]


def _ask(tx: Transaction, member_id: int) -> None:
    ids = digesting.gather(tx, member_id)
    if ids:
        tx.enqueue(job_name(mail), {"member_id": member_id, "ids": ids, "at": to_ms(tx.now)})


async def mail(services: Services, job: Job) -> None:
    """`member_id`, `ids`, `at`: the digest leaves. What was read meanwhile, or may not be seen any more, is left out."""
    outgoing = await services.database.read(lambda tx: _compose(tx, services.settings, job))
    if outgoing is None:
        return
    try:
        await PROVIDERS["imap"].send(connection_of(services.settings), outgoing)
    except SendError as error:
        if error.permanent or job.attempt >= ATTEMPTS:
            raise GiveUp(f"{error.code}: {error.detail}") from error
        raise RetryLater(f"{error.code}: {error.detail}", back_off(job.attempt)) from error


def connection_of(settings: Settings) -> Connection:
    """From smtp://user:password@host:port?tls=none|starttls|tls; smtps:// is TLS from the first byte."""
    parts = urlsplit(settings.smtp_url)
    is_tls = parts.scheme == "smtps"
    tls = parse_qs(parts.query).get("tls", ["tls" if is_tls else "starttls"])[0]
    host, port = parts.hostname or "localhost", parts.port or (465 if is_tls else 587)
    return Connection(
        channel_id=0,
        address=sender_of(settings),
        name="Comptoir",
        settings={
            "imap_host": host,
            "imap_port": port,
            "imap_tls": tls,  # never read: only the way out is used
            "smtp_host": host,
            "smtp_port": port,
            "smtp_tls": tls,
            "user": unquote(parts.username or "") or "comptoir",
        },
        secrets={"password": unquote(parts.password or "")},
    )


def sender_of(settings: Settings) -> str:
    if settings.smtp_from:
        return settings.smtp_from
    user = unquote(urlsplit(settings.smtp_url).username or "")
    return user if "@" in user else f"comptoir@{urlsplit(settings.base_url).hostname or 'localhost'}"


def _compose(tx: Transaction, settings: Settings, job: Job) -> Outgoing | None:
    member = tx.find(Member, int(job.args["member_id"]))
    with acting_as(tx, member.id) as is_here:
        found = [queries.view(tx, int(id)) for id in job.args["ids"]] if is_here else []
    views = [view for view in found if view is not None and not view.is_read]
    if not views:
        return None
    lines = [_line(tx, settings, view, member.language) for view in views]
    one, many = SUBJECT[member.language]
    at = int(job.args["at"])
    sender = sender_of(settings)
    change = f"{settings.base_url}/reglages/notifications"
    return Outgoing(
        header_id=f"<digest-{member.id}-{at}@{sender.rpartition('@')[2]}>",
        at=from_ms(at),
        sender=Person(sender, "Comptoir"),
        to=(Person(member.email, member.name),),
        subject=one if len(lines) == 1 else many.format(n=len(lines)),
        text=_text(lines, FOOT[member.language] + change),
        html=_html(lines, FOOT[member.language], change),
    )


def _line(tx: Transaction, settings: Settings, view: NotificationView, language: str) -> _Line:
    actor = tx.session.get(Member, view.actor_id) if view.actor_id else None
    sentence = wording.sentence(view, language=language, actor=actor.name if actor else "")
    return _Line(sentence, view.excerpt, settings.base_url + wording.path(view))


def _text(lines: Sequence[_Line], foot: str) -> str:
    told = "\n\n".join(f"{line.sentence}\n{line.excerpt}\n{line.url}" for line in lines)
    return f"{told}\n\n-- \n{foot}\n"


def _html(lines: Sequence[_Line], foot: str, change: str) -> str:
    told = "".join(
        f'<p><a href="{html.escape(line.url)}"><b>{html.escape(line.sentence)}</b></a><br>{html.escape(line.excerpt)}</p>'
        for line in lines
    )
    address = html.escape(change)
    return f'{told}<p style="color:#667085;font-size:13px">{html.escape(foot)}<a href="{address}">{address}</a></p>'
