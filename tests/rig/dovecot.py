"""One private Dovecot 2.3, as root or as anyone.

Its life hangs on a pipe: when the test process ends, however it ends, the pipe closes and Dovecot is stopped.
"""

import contextlib
import grp
import os
import pwd
import shutil
import signal
import smtplib
import subprocess
import time
import uuid
from collections.abc import Iterable
from pathlib import Path
from string import Template

from tests.rig.certificate import Certificate
from tests.rig.ports import free_port, is_open, wait_until_open

_KEEP_ALIVE = '"$0" -F -c "$1" & server=$!; cat >/dev/null; kill "$server" 2>/dev/null; wait "$server"'


class Dovecot:
    def __init__(self, root: Path, certificate: Certificate) -> None:
        self.imap_port = free_port()
        self.imaps_port = free_port()
        self._lmtp_port = free_port()
        self._root = root
        self._config = root / "dovecot.conf"
        self._process: subprocess.Popen[bytes] | None = None
        self._lay_out(certificate)

    @property
    def is_running(self) -> bool:
        return self._process is not None

    def start(self) -> None:
        if self.is_running:
            return
        self._process = subprocess.Popen(
            ["sh", "-c", _KEEP_ALIVE, _program("dovecot"), str(self._config)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=(self._root / "stderr.log").open("wb"),
            start_new_session=True,  # Ctrl-C reaches pytest, which then stops Dovecot in order
        )
        if not all(wait_until_open(port, seconds=10) for port in (self.imap_port, self.imaps_port, self._lmtp_port)):
            self.stop()
            raise RuntimeError(f"Dovecot did not start:\n{self.log()}")

    def stop(self) -> None:
        """Return once every Dovecot process is gone and its ports are closed."""
        if self._process is None:
            return
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=20)
        with contextlib.suppress(ProcessLookupError):  # signed-in sessions outlive their master otherwise
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process = None
        deadline = time.monotonic() + 10
        while is_open(self.imap_port):
            assert time.monotonic() < deadline, "Dovecot is gone but its port still answers"
            time.sleep(0.02)

    def write_user(self, address: str, password: str) -> None:
        """Add a user, or change the password: that takes a second, because Dovecot looks for changes once a second."""
        user = self._root / "users" / address.lower()
        if user.exists():
            time.sleep(1.1)
        user.write_text(f"{address.lower()}:{{PLAIN}}{password}::::::\n")
        user.chmod(0o644)

    def deliver(self, address: str, raw: bytes, *, sender: str) -> None:
        with smtplib.LMTP("127.0.0.1", self._lmtp_port, timeout=10) as line:
            line.sendmail(sender, [address], raw, mail_options=["BODY=8BITMIME"])

    def fill(self, address: str, raws: Iterable[bytes]) -> None:
        """Many mails at once, as a restored backup brings them: files in the Maildir, byte for byte, in this order."""
        new = self._root / "mail" / address.lower() / "Maildir" / "new"
        for number, raw in enumerate(raws):
            path = new.parent / "tmp" / f"1700000000.M{number:06}P1.rig"
            path.write_bytes(raw)
            if os.geteuid() == 0:
                shutil.chown(path, _users()[0], _group_of(_users()[0]))
            path.rename(new / path.name)

    def renumber(self, address: str, folder: str, *, uidvalidity: int) -> None:
        """Number a folder's messages again from 1, in the same order. Its messages and their flags are files and stay."""
        home = self._root / "mail" / address.lower() / "Maildir"
        maildir = home if folder == "INBOX" else home / f".{folder.replace('/', '.')}"
        present = {path.name.partition(":2,")[0] for sub in ("new", "cur") for path in (maildir / sub).iterdir()}
        numbers = maildir / "dovecot-uidlist"
        _, *lines = numbers.read_text().splitlines()  # "17 W1024 :1700000000.M1P2.host:2,S" after one line of header
        details = [line.partition(" ")[2] for line in lines]
        kept = [detail for detail in details if detail.partition(":")[2].partition(":2,")[0] in present]
        header = f"3 V{uidvalidity} N{len(kept) + 1} G{uuid.uuid4().hex}"
        numbers.write_text("".join(f"{line}\n" for line in (header, *(f"{n} {d}" for n, d in enumerate(kept, 1)))))
        for index in maildir.glob("dovecot.index*"):
            index.unlink()

    def log(self) -> str:
        return "\n".join(
            path.read_text(errors="replace")
            for path in (self._root / "stderr.log", self._root / "dovecot.log")
            if path.exists()
        )

    def _lay_out(self, certificate: Certificate) -> None:
        self._root.chmod(0o755)  # the mail user walks through it
        mail = self._root / "mail"
        for folder in (self._root / "run", self._root / "state", self._root / "users", mail):
            folder.mkdir()
        mail_user, internal_user, login_user = _users()
        if os.geteuid() == 0:
            shutil.chown(mail, mail_user, _group_of(mail_user))
        self._config.write_text(
            Template(Path(__file__).with_name("dovecot.conf.in").read_text()).substitute(
                root=self._root,
                certificate=certificate.path,
                key=certificate.key_path,
                mail_user=mail_user,
                mail_group=_group_of(mail_user),
                internal_user=internal_user,
                internal_group=_group_of(internal_user),
                login_user=login_user,
                imap_port=self.imap_port,
                imaps_port=self.imaps_port,
                lmtp_port=self._lmtp_port,
            )
        )


def _users() -> tuple[str, str, str]:
    """Who owns mail, who runs the insides, who takes logins: Dovecot refuses root for all three."""
    if os.geteuid() == 0:
        return "nobody", "dovecot", "dovenull"
    me = pwd.getpwuid(os.geteuid()).pw_name
    return me, me, me


def _group_of(user: str) -> str:
    return grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name


def _program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        raise RuntimeError(f"{name} is not installed: bin/test installs it")
    return found
