"""Which process watches which mailbox, and that it follows what members decide."""

import asyncio
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from comptoir.channels import connecting, queries
from comptoir.channels.models import Channel
from comptoir.foundation.secrets import Secrets
from comptoir.foundation.services import Services
from comptoir.gateway.holding import AdvisoryHolds, FileHolds, Holds, holds_of
from tests.gateway.post_office import PostOffice, eventually


@pytest.fixture
def holds(services: Services) -> tuple[Holds, Holds]:
    """Those of two processes on one store."""
    folder = services.settings.data / "locks"
    return holds_of(services.database, folder), holds_of(services.database, folder)


def test_a_mailbox_is_held_by_one_until_it_is_let_go(holds: tuple[Holds, Holds]) -> None:
    ours, theirs = holds
    assert ours.take(1) and ours.take(1) and ours.take(2)
    assert not theirs.take(1)
    ours.release(1)
    assert theirs.take(1) and not theirs.take(2)
    ours.close()
    assert theirs.take(2)
    theirs.close()


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    program = f"""
        import sys, time
        from pathlib import Path
        from comptoir.gateway.holding import FileHolds
        holds = FileHolds(Path({str(tmp_path)!r}))
        print(holds.take(1), flush=True)
        time.sleep(60)
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"True\n"
        ours = FileHolds(tmp_path)
        assert not ours.take(1)
        process.kill()
        process.wait()
        assert ours.take(1)
        ours.close()


def test_a_lost_database_session_has_lost_its_mailboxes_and_takes_them_again(services: Services) -> None:
    if services.database.is_sqlite:
        return
    holds = AdvisoryHolds(services.database)
    assert holds.take(1)
    services.database.write_now(
        lambda tx: tx.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
        )
    )
    assert not holds.take(1)
    assert holds.take(1)
    holds.close()


async def test_one_process_watches_and_the_other_takes_over_at_once(office: PostOffice) -> None:
    ours, theirs = office.make_mailboxes(), office.make_mailboxes()
    await ours.start()
    await eventually(lambda: office.channel_id in ours.watched)
    await theirs.start()
    await asyncio.sleep(0.8)
    assert office.channel_id not in theirs.watched
    await ours.stop()
    await eventually(lambda: office.channel_id in theirs.watched, seconds=3)
    await theirs.stop()
    assert theirs.watched == ()


async def test_a_mailbox_is_watched_from_its_connection_to_its_disconnection(office: PostOffice) -> None:
    await office.open()
    assert office.channel_id in office.mailboxes.watched
    office.house.write(lambda tx: connecting.disconnect(tx, tx.find(Channel, office.channel_id)), by=office.house.anne)
    await eventually(lambda: office.channel_id not in office.mailboxes.watched, seconds=3)


async def test_a_wrong_password_is_shown_and_the_right_one_heals_it_without_a_restart(office: PostOffice) -> None:
    def type_password(password: str) -> None:
        secrets = queries.sealed({"password": password}, office.services.secrets)
        office.house.write(
            lambda tx: connecting.change(tx, tx.find(Channel, office.channel_id), secrets=secrets), by=office.house.anne
        )

    await office.open()
    type_password("faux")
    await eventually(lambda: office.channel().health == "failing")
    assert (office.channel().trouble_code, office.channel().trouble_side) == ("sign_in_failed", "imap")
    type_password(office.account.password)
    await eventually(lambda: office.channel().health == "connected")
    office.deliver()
    await office.message_number(1)


async def test_a_password_sealed_with_a_lost_key_is_said_once(office: PostOffice) -> None:
    secrets = queries.sealed({"password": "x"}, Secrets(b"another house's key, 32 bytes or so"))
    office.house.write(
        lambda tx: connecting.change(tx, tx.find(Channel, office.channel_id), secrets=secrets), by=office.house.anne
    )
    await office.mailboxes.start()
    await eventually(lambda: office.channel().trouble_code == "wrong_key")
    await asyncio.sleep(0.8)
    await office.mailboxes.stop()
    assert office.house.events()[-2:] == ["channel.changed", "channel.failing"]
