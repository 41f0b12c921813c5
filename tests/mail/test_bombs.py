"""Mails built to stop a reader: each is bounded by a limit, so each has a short time to be read in."""

import time
import tracemalloc
from datetime import UTC, datetime

import pytest

from comptoir.mail import mime

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HEAD = b"From: a@b.fr\r\nSubject: x\r\n"

BOMBS = {
    "parentheses": b"From: " + b"(" * 1_000_000 + b"\r\nTo: a@b.fr\r\n\r\nx",
    "nested_multiparts": HEAD
    + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(1_000)),
    "nested_mails": HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 1_000 + b"\r\nx",
    "tiny_parts": HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 1_000_000,
    "encoded_words": b"From: a@b.fr\r\nSubject: " + b"=?utf-8?q?a?= " * 20_000 + b"\r\n\r\nx",
    "folded_header": b"From: a@b.fr\r\nSubject: a\r\n" + b" b\r\n" * 2_000_000 + b"\r\nx",
    "many_fields": b"From: a@b.fr\r\n" + b"".join(b"X%d: a\r\n" % n for n in range(300_000)) + b"\r\nx",
    "parameters": HEAD + b"Content-Type: text/plain" + b'; a*1*="x' * 10_000 + b"\r\n\r\nx",
    "references": HEAD + b"References: " + b"<a@b> " * 200_000 + b"\r\n\r\nx",
    "punycode": HEAD + b"Content-Type: text/plain; charset=punycode\r\n\r\n" + b"\xff" * 300_000,
    "html_only": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 400_000,
    "boundary_everywhere": HEAD + b"Content-Type: multipart/mixed; boundary=-\r\n\r\n" + b"-" * 5_000_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_a_mail_like_another(name: str) -> None:
    begun = time.process_time()
    mime.read(BOMBS[name], NOW)
    assert time.process_time() - begun < 3


def test_a_large_mail_takes_no_more_than_its_own_size_again() -> None:
    raw = (
        HEAD
        + b"Content-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + (b"QUJD" * 19 + b"\r\n") * 400_000
    )
    tracemalloc.start()
    incoming = mime.read(raw, NOW)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(incoming.files[0].content) == 57 * 400_000
    assert peak < 1.01 * len(raw)
