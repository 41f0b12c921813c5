"""A mail is read by a process that can die alone."""

import signal
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from comptoir.foundation.files import DiskFiles
from comptoir.gateway.reader import CannotUnderstand, Readers
from tests.gateway.post_office import a_mail

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
MAIL = a_mail(to="sav@pieces.example", subject="Plaquettes")


def keep(parts: Iterable[bytes]) -> str:
    return f"{sum(len(part) for part in parts)} bytes"


def test_the_same_reader_reads_one_mail_after_the_other() -> None:
    readers = Readers(count=1)
    try:
        for _ in range(3):
            understood = readers.understand("imap", lambda: MAIL, NOON, keep=keep)
            assert (understood.incoming.subject, understood.files) == ("Plaquettes", ())
        assert len(readers._idle) == 1
    finally:
        readers.close()


def test_what_takes_too_long_is_given_up_and_the_next_mail_is_read() -> None:
    hasty = Readers(seconds=0.0001)
    with pytest.raises(CannotUnderstand, match="too long"):
        hasty.understand("imap", lambda: MAIL + b"x" * 20_000_000, NOON, keep=keep)
    hasty.close()


def test_a_reader_that_was_killed_while_idle_is_replaced() -> None:
    readers = Readers(count=1)
    try:
        readers.understand("imap", lambda: MAIL, NOON, keep=keep)
        process = readers._idle[0]._process
        process.kill()
        process.wait()
        assert readers.understand("imap", lambda: MAIL, NOON, keep=keep).incoming.subject == "Plaquettes"
    finally:
        readers.close()


def test_a_reader_that_dies_on_a_mail_says_so() -> None:
    readers = Readers(count=1)
    try:
        readers.understand("imap", lambda: MAIL, NOON, keep=keep)
        process = readers._idle[0]._process

        def poison() -> bytes:
            process.send_signal(signal.SIGSEGV)
            process.wait()
            return MAIL

        with pytest.raises(CannotUnderstand, match="crashed"):
            readers.understand("imap", poison, NOON, keep=keep)
        assert readers.understand("imap", lambda: MAIL, NOON, keep=keep).incoming.subject == "Plaquettes"
    finally:
        readers.close()


def test_a_reader_that_goes_home_just_as_it_is_called_is_no_fault_of_the_mail() -> None:
    readers = Readers(count=1)
    try:
        readers.understand("imap", lambda: MAIL, NOON, keep=keep)
        reader = readers._idle[0]

        def slowly() -> bytes:
            if reader.is_alive:
                reader._process.send_signal(signal.SIGTERM)
                reader._process.wait()
                reader._process.returncode = 0
            return MAIL

        assert readers.understand("imap", slowly, NOON, keep=keep).incoming.subject == "Plaquettes"
    finally:
        readers.close()


def test_a_mail_of_a_provider_that_this_version_does_not_know_is_said_so() -> None:
    readers = Readers(count=1)
    try:
        with pytest.raises(CannotUnderstand, match="pigeon"):
            readers.understand("pigeon", lambda: MAIL, NOON, keep=keep)
    finally:
        readers.close()


def test_a_full_disk_is_the_worlds_fault() -> None:
    def no_space(content: bytes) -> str:
        raise OSError(28, "No space left on device")

    from email.message import EmailMessage

    mail = EmailMessage()
    mail["From"], mail["Subject"] = "lea@garage-morel.example", "Photos"
    mail.set_content("Voici.")
    mail.add_attachment(b"png", maintype="image", subtype="png", filename="a.png")
    readers = Readers(count=1)
    try:
        with pytest.raises(OSError, match="No space"):
            readers.understand("imap", mail.as_bytes, NOON, keep=no_space)
        [file] = readers.understand("imap", mail.as_bytes, NOON, keep=keep).files
        assert (file.name, file.size, file.file_key) == ("a.png", 3, "3 bytes")
    finally:
        readers.close()


def test_a_large_file_is_passed_on_in_parts_and_kept_whole(tmp_path: Path) -> None:
    readers, files, content = Readers(count=1), DiskFiles(tmp_path), bytes(range(256)) * 20_000
    message = EmailMessage()
    message["From"], message["Subject"] = "lea@garage-morel.example", "Photos"
    message.set_content("Voici.")
    message.add_attachment(content, maintype="application", subtype="zip", filename="photos.zip")
    counts: list[int] = []

    def counted(parts: Iterable[bytes]) -> str:
        def each() -> Iterator[bytes]:
            for part in parts:
                counts.append(len(part))
                yield part

        return files.put_parts(each())

    try:
        (file,) = readers.understand("imap", message.as_bytes, NOON, keep=counted).files
    finally:
        readers.close()
    assert max(counts) < len(content) / 2
    assert (file.size, file.file_key) == (len(content), files.put(content))
    assert files.get(file.file_key) == content


def test_a_file_that_breaks_off_is_not_kept(tmp_path: Path) -> None:
    def breaks_off() -> Iterator[bytes]:
        yield from (b"a", b"b")
        raise EOFError

    with pytest.raises(EOFError):
        DiskFiles(tmp_path).put_parts(breaks_off())
    assert list(tmp_path.iterdir()) == []
