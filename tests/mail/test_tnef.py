"""The files that Outlook hides in winmail.dat come out with their names."""

import struct
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from comptoir.mail import mime, tnef


def attribute(name: int, data: bytes) -> bytes:
    return b"\x02" + struct.pack("<HHI", name, 6, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def long_name(name: str) -> bytes:
    value = (name + "\0").encode("utf-16-le")
    return struct.pack("<IHHII", 1, 0x1F, 0x3707, 1, len(value)) + value + b"\0" * (-len(value) % 4)


WINMAIL = (
    struct.pack("<IH", 0x223E9F78, 1)
    + attribute(0x9002, b"\0" * 14)
    + attribute(0x8010, b"COMMAN~1.PDF\0")
    + attribute(0x800F, b"%PDF-1")
    + attribute(0x9005, long_name("Commande été.pdf"))
)


def test_the_files_inside_take_the_place_of_the_envelope() -> None:
    raw = (
        b"From: a@b.fr\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nBonjour\r\n"
        b"--b\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n\r\n" + WINMAIL + b"\r\n--b--\r\n"
    )
    files = mime.read(raw, datetime(2026, 3, 2, tzinfo=UTC)).files
    assert [(file.name, file.media_type, file.content) for file in files] == [
        ("Commande été.pdf", "application/pdf", b"%PDF-1")
    ]


def test_an_envelope_that_cannot_be_opened_stays_a_file() -> None:
    raw = b"From: a@b.fr\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n\r\nno tnef"
    assert [file.name for file in mime.read(raw, datetime(2026, 3, 2, tzinfo=UTC)).files] == ["winmail.dat"]


@given(st.binary(max_size=300), st.integers(0, len(WINMAIL)))
def test_no_bytes_break_the_reader(noise: bytes, cut: int) -> None:
    tnef.read(WINMAIL[:cut] + noise)
    tnef.read(struct.pack("<IH", 0x223E9F78, 1) + attribute(0x9002, b"") + attribute(0x9005, noise))
