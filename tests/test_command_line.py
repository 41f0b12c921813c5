"""The command line as an operator uses it: real processes, on both stores."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from comptoir import app as composition
from comptoir.demo import opening
from comptoir.settings import Settings
from tests.rig.ports import free_port

COMPTOIR = (sys.executable, "-m", "comptoir.cli")


def environment(store: str, folder: Path, port: int = 0) -> dict[str, str]:
    given = {"COMPTOIR_DATA": str(folder / "data"), "COMPTOIR_DATABASE": store, "PORT": str(port or free_port())}
    return {**os.environ, **given}


def run(store: str, folder: Path, *arguments: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*COMPTOIR, *arguments], env=environment(store, folder), input=typed, capture_output=True, text=True, timeout=60
    )


@contextlib.contextmanager
def started(store: str, folder: Path, *arguments: str, port: int = 0) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen([*COMPTOIR, *arguments], env=environment(store, folder, port))
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) in (0, -signal.SIGTERM)


def until(true: Callable[[], object], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/api/health").status_code == 200
    except httpx.TransportError:
        return False


def test_a_member_added_from_the_machine_can_sign_in(store: str, tmp_path: Path) -> None:
    added = run(store, tmp_path, "add-member", "zoe@pieces.example", "--role", "owner", typed="un mot de passe long\n")
    assert added.returncode == 0, added.stderr

    port = free_port()
    with started(store, tmp_path, "serve", port=port):
        until(lambda: answers(port))
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            client.get("/api/start")
            headers = {"x-csrftoken": client.cookies["csrftoken"]}
            given = {"email": "zoe@pieces.example", "password": "un mot de passe long"}
            assert client.post("/api/session", json=given, headers=headers).status_code == 201


def test_a_short_password_is_refused(store: str, tmp_path: Path) -> None:
    refused = run(store, tmp_path, "add-member", "zoe@pieces.example", typed="court\n")

    assert refused.returncode == 2
    assert "10 characters" in refused.stderr


def test_the_doctor_says_what_is_wrong_and_what_is_right(store: str, tmp_path: Path) -> None:
    before = run(store, tmp_path, "doctor")
    assert before.returncode == 1
    assert "does not exist yet" in before.stdout

    run(store, tmp_path, "add-member", "zoe@pieces.example", typed="un mot de passe long\n")
    after = run(store, tmp_path, "doctor")
    assert "1 member(s) can sign in" in after.stdout
    assert "No job has failed for good" in after.stdout
    (tmp_path / "data" / "secret.key").chmod(0o644)
    assert "chmod 600" in run(store, tmp_path, "doctor").stdout


def test_a_database_that_cannot_be_reached_is_said_in_one_sentence(tmp_path: Path) -> None:
    away = run("postgresql://nobody@127.0.0.1:1/nothing", tmp_path, "doctor")

    assert away.returncode == 1
    assert "The database cannot be reached" in away.stdout
    assert "Traceback" not in away.stderr


def test_a_bad_setting_is_named(tmp_path: Path) -> None:
    refused = subprocess.run(
        [*COMPTOIR, "doctor"], env={**os.environ, "PORT": "eight"}, capture_output=True, text=True, timeout=60
    )

    assert refused.returncode == 2
    assert refused.stderr.strip() == "PORT is 'eight', which is not a whole number."


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_web_and_work_are_two_processes_on_postgresql(store: str, tmp_path: Path) -> None:
    """What one writes, the other does and tells: a reply posted to `web` is sent by `work` and seen by `web`'s browsers."""
    services = composition.make_services(Settings(data=tmp_path / "data", database=store))
    services.database.open()
    asyncio.run(opening.prepare(services))
    services.database.close()
    port = free_port()
    run(store, tmp_path, "add-member", "anne@pieces-express.example", typed="un mot de passe long\n")
    with started(store, tmp_path, "web", port=port), started(store, tmp_path, "work"):
        until(lambda: answers(port))
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
            client.get("/api/start")
            client.headers["x-csrftoken"] = client.cookies["csrftoken"]
            given = {"email": "anne@pieces-express.example", "password": "un mot de passe long"}
            assert client.post("/api/session", json=given).status_code == 201
            after = client.get("/api/start").json()["seq"]
            rows = client.get("/api/conversations", params={"tab": "all"}).json()["rows"]
            written = {row["channel_id"]: row for row in reversed(rows) if row["contact_address"]}.values()
            replies = {_reply(client, row) for row in written}

            def have_left() -> set[int]:
                put = client.get("/api/changes", params={"after": after}).json()["put"]["messages"]
                return {one["id"] for one in put if one["delivery"] in ("sent", "delivered", "read")}

            assert len(replies) >= 3, "mailboxes and a number"
            until(lambda: replies <= have_left())


def _reply(client: httpx.Client, row: dict[str, Any]) -> int:
    reply = {"client_id": f"two-processes-{row['id']}", "text": "Bonjour"}
    if "@" in row["contact_address"]:
        reply |= {"to": [{"address": row["contact_address"]}]}
    answer = client.post(f"/api/conversations/{row['id']}/messages", json=reply)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])
