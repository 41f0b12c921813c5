"""`kill -9` between any two steps of a mail's way in, and the next process brings it all to the same end: each mail once.

The process that dies is a real one, whole, watching a real mailbox: it kills itself right after the step that is named.
"""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from tests.gateway.post_office import PostOffice, a_mail, eventually

STEPS = {
    "put aside": ("comptoir.gateway.keeping", "put_aside"),
    "kept, not committed": ("comptoir.gateway.keeping", "keep"),
    "cursor moved, not committed": ("comptoir.gateway.keeping", "_reach"),
    "kept and committed": ("comptoir.gateway.polling", "MailboxWatcher.keep"),
    "parsed": ("comptoir.gateway.reading", "_understand"),
    "landed, not committed": ("comptoir.conversations.receiving", "receive"),
    "settled, not committed": ("comptoir.gateway.ledger", "settle"),
    "settled and committed": ("comptoir.gateway.reading", "_land"),
    "echoed, not committed": ("comptoir.conversations.echoing", "echo"),
}
ON_POSTGRESQL = ("kept, not committed", "parsed", "settled, not committed")

DOOMED = """
import asyncio, importlib, inspect, os, signal, sys
from pathlib import Path
from comptoir import app
from comptoir.gateway.polling import Mailboxes
from comptoir.providers.imap.provider import ImapProvider
from comptoir.settings import Settings
from tests.gateway.post_office import QUICK

data, database, module, path = sys.argv[1:]
owner = importlib.import_module(module)
*holders, name = path.split(".")
for holder in holders:
    owner = getattr(owner, holder)
step = getattr(owner, name)

def die_after(*given, **named):
    answer = step(*given, **named)
    if not inspect.isawaitable(answer):
        os.kill(os.getpid(), signal.SIGKILL)
    async def later():
        await answer
        os.kill(os.getpid(), signal.SIGKILL)
    return later()

setattr(owner, name, die_after)

async def live():
    services = app.make_services(Settings(data=Path(data), database=database))
    services.database.open()
    mailboxes = Mailboxes(services, providers={"imap": ImapProvider(QUICK)}, look_every=0.3)
    async with app.running(services, None, mailboxes):
        await asyncio.sleep(60)

asyncio.run(live())
"""


@pytest.mark.parametrize("step", STEPS)
async def test_killed_at_any_step_each_mail_is_there_once(office: PostOffice, step: str) -> None:
    if not office.services.database.is_sqlite and step not in ON_POSTGRESQL:
        pytest.skip("the steps are the same; three of them are enough to see that this store keeps its word")
    with office.account.imap() as client:
        client.create_folder("Sent")
    await office.open()
    await eventually(lambda: office.channel().sent_folder == "Sent")
    await office.close()
    office.deliver(a_mail(to=office.account.address, subject="un", text="é" * 300_000))
    office.deliver(a_mail(to=office.account.address, subject="deux"))
    office.server.append(
        office.account.address, "Sent", a_mail(to="lea@garage-morel.example", subject="trois").replace(b"\n", b"\r\n")
    )

    settings = office.services.settings
    command = [sys.executable, "-c", DOOMED, str(settings.data), settings.database, *STEPS[step]]
    killed = await asyncio.to_thread(subprocess.run, command, timeout=50)

    assert killed.returncode == -9
    office.house.clock.now = datetime.now(UTC) + timedelta(minutes=5)  # the dead process's leases have run out
    await office.open()
    await eventually(lambda: office.ledger() == ["read"] * 3, seconds=30)
    assert sorted(message.subject for message in office.messages()) == ["deux", "trois", "un"]
    assert [message.kind for message in office.messages() if message.subject == "trois"] == ["reply"]
    assert office.dead_jobs() == []
