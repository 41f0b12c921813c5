"""Every real mail that other projects collected, and the ones built to stop a reader, through a real Dovecot: each comes out
once, as a message or as news of a reply; nothing is lost, doubled or stuck.
"""

import io
import mailbox
import time
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from comptoir.gateway import ledger
from comptoir.mail import mime
from tests.gateway.post_office import PostOffice, eventually
from tests.mail.test_bombs import BOMBS, HEAD
from tests.mail.test_corpus_mail import CORPUS, mails

pytestmark = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
SECONDS = 240  # on a busy machine; about 30 on a quiet one


def zip_bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * 50_000_000)
    return HEAD + b"Content-Type: application/zip; name=bomb.zip\r\n\r\n" + packed.getvalue()


def hostile() -> list[bytes]:
    return [
        *BOMBS.values(),
        HEAD + b"\r\n" + b"On " * 17_000,
        HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 100_000 + b"x",
        HEAD + b"Content-Type: text/html\r\n\r\n<a " + b"b=c " * 200_000 + b">x",
        b"From: =?utf-8?q?L=C3=A9a=0D=0ABcc:_victim=40x.fr?= <a@b.fr>\r\nSubject: =?utf-8?q?x=0D=0ATo:_y=40z.fr?=\r\n\r\nx",
        b'From: "a\\\r\nBcc: c@d.fr" <a@b.fr>\r\nTo: a@b.fr\r\n\r\nx',
        b"From: a@b.fr\r\nSubject: a\0b\r\n\r\n\0\0x\0",
        zip_bomb(),
    ]


def inside(path: Path) -> list[bytes]:
    box = mailbox.mbox(path, create=False)
    return [raw for key in box.iterkeys() if (raw := box.get_bytes(key))]


async def empty_the_corpus_into(office: PostOffice, raws: list[bytes]) -> Counter[str]:
    await office.open()
    office.server.fill(office.account.address, raws)
    states: Counter[str] = Counter()

    def is_settled() -> bool:
        nonlocal states
        states = Counter(office.ledger())
        return states.total() >= len(raws) and not states[ledger.KEPT]

    await eventually(is_settled, seconds=SECONDS)
    return states


@pytest.mark.skipif(not CORPUS.exists(), reason="the mail corpus is not beside this checkout")
async def test_every_mail_of_the_corpus_comes_in_once(office: PostOffice) -> None:
    boxed = [raw for path in sorted(CORPUS.glob("**/*.mbox")) for raw in inside(path)]
    await _comes_in_once(office, [*(path.read_bytes() for path in mails()), *boxed])


async def test_every_hostile_mail_comes_in_once(office: PostOffice) -> None:
    await _comes_in_once(office, hostile())


def _said(raw: bytes) -> str:
    """The sources share some mails, in other line endings or with another envelope line: those are one."""
    return mime.fingerprint(raw)


async def _comes_in_once(office: PostOffice, raws: list[bytes]) -> None:
    raws = [raw for raw in raws if raw.strip()]
    begun = time.monotonic()
    states = await empty_the_corpus_into(office, raws)
    messages = office.messages()
    print(f"\n{len(raws)} mails in = {dict(states)}: {len(messages)} messages out, {time.monotonic() - begun:.0f} s")

    assert states.total() == len(raws)
    shown = states[ledger.READ] + states[ledger.UNREADABLE]
    assert len(messages) == len({message.ledger_id for message in messages}) == shown
    assert states[ledger.DOUBLED] <= len(raws) - len({_said(raw) for raw in raws})
    assert not any("\n" in message.subject or "\0" in message.text for message in messages)
    assert not office.dead_jobs()
