"""`import`: CPU milliseconds of one mail's whole way in, without the mail server: kept, read in the reader's process, landed,
indexed. Mixed mail: plain, HTML, answers in threads, attachments, French charsets.
"""

import asyncio
import os
import time
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from benchmarks.figures import figure
from benchmarks.processes import cpu_seconds
from benchmarks.server import Store
from comptoir import app, reactions
from comptoir.channels.port import RawMail
from comptoir.foundation.services import Services
from comptoir.gateway import keeping, reading
from comptoir.gateway.ledger import KEPT
from comptoir.settings import Settings

MAILS = 5000
PART = 1000
CHANNEL = 1
FLAT = 1.3  # what the last thousand may cost more than the first


def run(store: Store) -> dict[str, Any]:
    return asyncio.run(_run(store))


async def _run(store: Store) -> dict[str, Any]:
    services = app.make_services(Settings(data=store.data, database=store.url))
    services.database.open()
    roots = (os.getpid(),) if store.cluster is None else (os.getpid(), store.cluster.pid)
    stop = asyncio.Event()
    queue = services.database.queue
    assert queue is not None
    services.database.write_now(
        lambda tx: tx.execute("UPDATE channels SET provider = 'imap' WHERE id = :id", id=CHANNEL)
    )
    worker = asyncio.create_task(queue.work(services, reactions.functions(), stop))
    costs, walls = [], []
    for start in range(1, MAILS + 1, PART):
        raws = [a_mail(number) for number in range(start, start + PART)]
        before, began = cpu_seconds(*roots), time.monotonic()
        for number, raw in enumerate(raws, start):
            await services.database.write(
                lambda tx, n=number, r=raw: keeping.keep(tx, CHANNEL, _kept(n, r), file_key=None)
            )
        queue.wake()
        await _all_read(services)
        costs.append((cpu_seconds(*roots) - before) * 1000 / PART)
        walls.append((time.monotonic() - began) * 1000 / PART)
    stop.set()
    await worker
    reading.readers.close()
    services.database.close()
    ratio = costs[-1] / costs[0]
    return figure(
        store, "import", sum(costs) / len(costs), "cpu_ms per mail", walls, ratio=round(ratio, 2), ok_too=ratio <= FLAT
    )


def a_mail(number: int) -> bytes:
    """One in five of each kind; an answer names the mail before it."""
    mail, kind = EmailMessage(), number % 5
    person = number // 5 % 900
    mail["From"] = f"Client {person} <client{person}@bench.example>"
    mail["To"], mail["Subject"] = "boite1@pieces.example", f"Commande {number - (kind == 4)} : plaquettes"
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = f"<bench-{number}@bench.example>"
    text = (
        f"Bonjour,\n\noù en est la commande n° {number} ? Référence 0 986 494 {number % 1000:03}.\n\nCordialement\n" * 4
    )
    if kind == 2:
        mail.set_content(text, charset="iso-8859-1", cte="quoted-printable")
    else:
        mail.set_content(text)
    if kind == 1:
        paragraphs = "".join(f'<p style="margin:0">{line}</p>' for line in text.split("\n"))
        mail.add_alternative(
            f"<html><body>{paragraphs}<img src='https://i.example/logo.png'></body></html>", subtype="html"
        )
    if kind == 3:
        mail.add_attachment(os.urandom(40_000), maintype="application", subtype="pdf", filename=f"devis-{number}.pdf")
    if kind == 4:
        mail["In-Reply-To"] = mail["References"] = f"<bench-{number - 1}@bench.example>"
    return mail.as_bytes()


def _kept(number: int, raw: bytes) -> RawMail:
    return RawMail("INBOX", 1, number, raw, datetime.now(UTC))


async def _all_read(services: Services) -> None:
    while await services.database.read(
        lambda tx: tx.value("SELECT 1 FROM ledger WHERE state = :kept LIMIT 1", kept=KEPT)
    ):
        await asyncio.sleep(0.2)
