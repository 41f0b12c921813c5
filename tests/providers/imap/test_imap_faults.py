"""Whatever the line does, every mail is kept, in order, once for each place it holds in the folder."""

import socket
import threading
import time
from collections.abc import Iterator

import msgspec
import pytest

from tests.providers.imap.conftest import QUICK, Watch, connection_to, mail
from tests.providers.imap.notebook import Notebook
from tests.rig.faulty_imap import Fault, FaultyImap
from tests.rig.mail_server import Account, MailServer

FAULTS = [fault for fault in Fault if fault is not Fault.NONE]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name.lower())
def test_nothing_is_lost_or_doubled(
    mail_server: MailServer, faulty_imap: FaultyImap, mailbox: Account, watch: Watch, notebook: Notebook, fault: Fault
) -> None:
    quick = msgspec.structs.replace(QUICK, resync=1)
    watch(connection_to(mailbox, imap_port=faulty_imap.port), notebook, quick)
    notebook.wait_for_state("connected")
    faulty_imap.fault = fault
    for number in range(4):
        mail_server.deliver(mailbox.address, mail(f"number {number}"))
        time.sleep(0.3)
    faulty_imap.fault = Fault.NONE
    mail_server.deliver(mailbox.address, mail("healed"))
    notebook.wait_for(5)
    time.sleep(0.5)
    assert notebook.subjects() == ["number 0", "number 1", "number 2", "number 3", "healed"]
    assert len(set(notebook.places())) == 5
    assert all(first != second for first, second in zip(notebook.states, notebook.states[1:], strict=False))


@pytest.mark.parametrize(
    "fault", [Fault.NO_IDLE, Fault.NO_ON_IDLE, Fault.BYE_ON_IDLE], ids=lambda fault: fault.name.lower()
)
def test_a_server_without_a_working_idle_is_polled(
    mail_server: MailServer, faulty_imap: FaultyImap, mailbox: Account, watch: Watch, notebook: Notebook, fault: Fault
) -> None:
    faulty_imap.fault = fault
    watch(connection_to(mailbox, imap_port=faulty_imap.port), notebook)
    notebook.wait_for_state("connected")
    mail_server.deliver(mailbox.address, mail("polled"))
    notebook.wait_for(1)
    time.sleep(1)
    assert notebook.states == ["connected"]
    assert faulty_imap.connections <= 4


def test_a_line_that_comes_back_at_once_is_no_trouble(
    mail_server: MailServer, faulty_imap: FaultyImap, mailbox: Account, watch: Watch, notebook: Notebook
) -> None:
    faulty_imap.fault = Fault.CLOSE_IN_IDLE
    watch(connection_to(mailbox, imap_port=faulty_imap.port), notebook)
    notebook.wait_until(lambda: faulty_imap.connections >= 1 and notebook.resyncs >= 2)
    assert notebook.states == ["connected"]


def test_a_server_that_is_down_is_told_once_and_found_again(
    mail_server: MailServer, mailbox: Account, watch: Watch, notebook: Notebook
) -> None:
    watch(connection_to(mailbox), notebook)
    notebook.wait_for_state("connected")
    mail_server.stop()
    notebook.wait_for_state("refused")
    time.sleep(0.5)
    mail_server.start()
    mail_server.deliver(mailbox.address, mail("after the outage"))
    notebook.wait_for(1)
    notebook.wait_for_state("connected")
    assert notebook.states == ["connected", "refused", "connected"]


def test_a_new_uidvalidity_reads_the_whole_folder_again(
    mail_server: MailServer, mailbox: Account, watch: Watch, notebook: Notebook
) -> None:
    first = watch(connection_to(mailbox), notebook)
    notebook.wait_for_state("connected")
    for subject in ("one", "two"):
        mail_server.deliver(mailbox.address, mail(subject))
    notebook.wait_for(2)
    first.stop()
    assert first.join(2)
    fresh = mail_server.change_uidvalidity(mailbox.address)
    mail_server.deliver(mailbox.address, mail("three"))
    watch(connection_to(mailbox), notebook)
    notebook.wait_for(5)
    assert notebook.subjects() == ["one", "two", "one", "two", "three"]
    assert notebook.starts[-1].uidvalidity == fresh
    assert notebook.starts[-1].last_uid == 0


def test_a_wrong_password_is_told_once_and_mended_by_itself(
    mail_server: MailServer, mailbox: Account, watch: Watch, notebook: Notebook
) -> None:
    watch(connection_to(mailbox, password="not this one"), notebook)
    notebook.wait_for_state("sign_in_failed")
    time.sleep(1)
    assert notebook.states == ["sign_in_failed"]
    mail_server.change_password(mailbox.address, "not this one")
    notebook.wait_for_state("connected")


@pytest.fixture
def tricky_imap() -> Iterator["TrickyImap"]:
    server = TrickyImap()
    yield server
    server.close()


def test_news_that_comes_with_the_answer_to_idle_is_not_missed(
    tricky_imap: "TrickyImap", mailbox: Account, watch: Watch, notebook: Notebook
) -> None:
    slow = msgspec.structs.replace(QUICK, idle_slice=20, read=20)
    watch(connection_to(mailbox, imap_port=tricky_imap.port), notebook, slow)
    assert notebook.wait_until(lambda: len(notebook.mails) == 2, seconds=5) < 2
    assert notebook.subjects() == ["before the plus", "with the plus"]


def test_one_mail_that_kills_the_session_does_not_hold_up_the_next(
    tricky_imap: "TrickyImap", mailbox: Account, watch: Watch, notebook: Notebook
) -> None:
    tricky_imap.deadly_uid = 1
    watch(connection_to(mailbox, imap_port=tricky_imap.port), notebook)
    notebook.wait_until(lambda: len(notebook.mails) == 1, seconds=8)
    assert notebook.subjects() == ["with the plus"]


class TrickyImap:
    """A scripted server: its first IDLE announces a mail before the `+`, its second one in the same packet as the `+`.
    It closes the line whenever `deadly_uid` is fetched."""

    SUBJECTS = ("before the plus", "with the plus")

    def __init__(self) -> None:
        self.deadly_uid = 0
        self._idles = 0
        self._idle_tag = b""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                wire, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(wire,), daemon=True).start()

    def _talk(self, wire: socket.socket) -> None:
        with wire, wire.makefile("rb") as lines:
            wire.sendall(b"* OK [CAPABILITY IMAP4rev1 IDLE] hello\r\n")
            for line in lines:
                answer = self._answer(*line.decode().strip().partition(" ")[::2])
                if answer is None:
                    return
                wire.sendall(answer)

    def _answer(self, tag: str, command: str) -> bytes | None:
        done = f"{tag or 'x'} OK done\r\n".encode()
        if tag == "DONE":
            return self._idle_tag + b" OK idle done\r\n"
        if command == "CAPABILITY":
            return b"* CAPABILITY IMAP4rev1 IDLE\r\n" + done
        if command.startswith("EXAMINE"):
            return (
                b"* %d EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT %d] x\r\n" % (self._idles, self._idles + 1)
                + done
            )
        if command == "IDLE":
            return self._idle(tag.encode())
        if command.startswith("UID SEARCH"):
            there = " ".join(str(uid) for uid in range(1, min(self._idles, 2) + 1))
            return f"* SEARCH {there}\r\n".encode() + done
        if command.startswith("UID FETCH"):
            return self._fetch(command.removeprefix("UID FETCH "), done)
        return done

    def _idle(self, tag: bytes) -> bytes:
        self._idle_tag = tag
        self._idles += 1
        if self._idles > 2:
            return b"+ idling\r\n"
        news = b"* %d EXISTS\r\n" % self._idles
        return news + b"+ idling\r\n" if self._idles == 1 else b"+ idling\r\n" + news

    def _fetch(self, what: str, done: bytes) -> bytes | None:
        uids = [int(uid) for uid in what.split()[0].split(",")]
        if "BODY" not in what:
            return b"".join(b"* %d FETCH (UID %d RFC822.SIZE 100)\r\n" % (uid, uid) for uid in uids) + done
        if self.deadly_uid in uids:
            return None
        raws = {uid: mail(self.SUBJECTS[uid - 1]) for uid in uids}
        return (
            b"".join(
                b"* %d FETCH (UID %d BODY[] {%d}\r\n%s)\r\n" % (uid, uid, len(raw), raw) for uid, raw in raws.items()
            )
            + done
        )
