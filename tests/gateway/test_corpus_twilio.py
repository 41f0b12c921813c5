"""Every form of the Twilio corpus, signed again and posted over HTTP, is answered with an empty TwiML, kept, and understood as
its name and its fields say. Each file has a number and an account of its own; those without an account get none.
"""

import csv
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from comptoir.channels.models import Channel
from comptoir.foundation.transaction import Transaction
from comptoir.providers.twilio.payloads import STATES
from tests.gateway import switchboard
from tests.house import Served

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "twilio"


def test_every_form_of_the_corpus_twilio_yields_what_it_says(served: Served) -> None:
    if not CORPUS.exists():
        pytest.skip("the corpus is not here: ../shared/corpus/twilio")
    with (CORPUS / "index.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["file"].endswith(".txt")]
    numbers = [_post(served, place, row) for place, row in enumerate(rows)]
    _rest(served)
    disagreements = [
        f"{row['file']}: {said}"
        for row, number in zip(rows, numbers, strict=True)
        for said in _look(served, row, number)
    ]
    print(f"corpus twilio: {len(rows)} forms, {len(disagreements)} disagreements")
    assert not disagreements, "\n".join(disagreements)


def _form(row: Mapping[str, str]) -> dict[str, str]:
    return dict(parse_qsl((CORPUS / row["file"]).read_text(encoding="utf-8"), keep_blank_values=True))


def _post(served: Served, place: int, row: Mapping[str, str]) -> Channel:
    form = _form(row)
    account = form.get("AccountSid", f"AC{place}")
    ours = form.get("From" if "MessageStatus" in form else "To", "")
    is_foreign = "another account" in row["yields"].lower()
    number = switchboard.connect(
        served.services,
        "twilio",
        key=f"key-{place}",
        address=f"+999{place:08}",
        account="" if is_foreign else account,
        number=ours,
    )
    body = (CORPUS / row["file"]).read_bytes()
    with httpx.Client(base_url=served.url, timeout=30) as twilio:
        answer = switchboard.call_twilio(twilio, number, body, base_url=served.url)
    assert answer.status_code == (403 if is_foreign else 200), row["file"]
    assert is_foreign or answer.text.endswith("<Response/>"), row["file"]
    return number


def _rest(served: Served) -> None:
    until = time.monotonic() + 60
    kept = "SELECT count(*) FROM ledger WHERE state = 'kept'"
    while served.services.database.read_now(lambda tx: tx.value(kept)):
        assert time.monotonic() < until, "not everything was heard"
        time.sleep(0.05)


def _look(served: Served, row: Mapping[str, str], number: Channel) -> list[str]:
    form = _form(row)

    def work(tx: Transaction) -> list[str]:
        kept = tx.rows("SELECT state FROM ledger WHERE channel_id = :id", id=number.id)
        if "another account" in row["yields"].lower():
            return [] if not kept else ["was kept"]
        if kept != [("read",)]:
            return [f"is kept as {kept}"]
        return _receipt(tx, number, form) if "MessageStatus" in form else _message(tx, number, form)

    return served.services.database.read_now(work)


def _receipt(tx: Transaction, number: Channel, form: Mapping[str, str]) -> list[str]:
    found = tx.rows("SELECT body FROM early_signs WHERE channel_id = :id", id=number.id)
    state = STATES.get(form["MessageStatus"])
    if state is None:
        return [] if not found else ["an unknown status said something"]
    has_it = len(found) == 1 and f'"state":"{state}"' in found[0][0] and form.get("ErrorCode", "") in found[0][0]
    return [] if has_it else [f"{state} is not in {found}"]


def _message(tx: Transaction, number: Channel, form: Mapping[str, str]) -> list[str]:
    row = tx.row(
        "SELECT id, text, content, context, contact_id FROM messages WHERE channel_id = :id AND kind = 'incoming'",
        id=number.id,
    )
    if row is None:
        return ["no message"]
    id, text, content, context, contact_id = row
    wrong = []
    if text != form.get("Body", "").replace("\x00", "") and text != form.get("ButtonText"):
        wrong.append(f"says {text!r}")
    urls = sum(1 for name in form if name.startswith("MediaUrl"))
    if tx.value("SELECT count(*) FROM attachments WHERE message_id = :id", id=id) != urls:
        wrong.append("has not its files")
    for field, expected in {
        "Latitude": '"location"', "ListId": '"choice"', "ButtonText": '"choice"', "InteractiveData": '"form"'
    }.items():  # fmt: skip
        if field in form and expected not in (content or ""):
            wrong.append(f"{field} is not in {content}")
    if form.get("ReferralHeadline") and form["ReferralHeadline"] not in (context or ""):
        wrong.append("forgot where it came from")
    return wrong + _people(tx, contact_id, form)


def _people(tx: Transaction, contact_id: int, form: Mapping[str, Any]) -> list[str]:
    known = dict(tx.rows("SELECT kind, value FROM identities WHERE contact_id = :id", id=contact_id))
    user = (form.get("ExternalUserId") or "").removeprefix("whatsapp:")
    wrong = [] if not user or known.get("bsuid") == user else [f"{user} is not in {known}"]
    if "+" in form["From"] and "phone" not in known:
        wrong.append(f"has no phone: {known}")
    return wrong
