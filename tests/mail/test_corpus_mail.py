"""Real mails that other projects collected: each comes out as one message, in bounded time; agreement and rates are printed.

The corpus is not part of this repository; without it these tests say so. Where we differ from a source on purpose: the words of
an attached mail stay in it (imap_tools merges them into the text); a signature is protection, not a file, and what a broken
multipart left unsplit is read as the text it is (stalwart counts both as attachments); a signature line and words below
"Sent from my telephone" are the customer's (talon, crisp, discourse).
"""

import ast
import csv
import json
import re
import time
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from comptoir.mail import html, mime
from comptoir.mail.bounces import read_bounce
from comptoir.mail.quotes import split

CORPUS = Path(__file__).parents[2] / ".." / "shared" / "corpus" / "mail"
pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="the mail corpus is not beside this checkout")
NOW = datetime(2026, 11, 23, tzinfo=UTC)


@cache
def index() -> tuple[dict[str, str], ...]:
    with (CORPUS / "index.csv").open(encoding="utf-8") as file:
        return tuple(row for row in csv.DictReader(file) if (CORPUS / row["file"]).exists())


def mails() -> list[Path]:
    listed = {CORPUS / row["file"] for row in index() if row["kind"] in ("eml", "bounce")}
    return sorted(listed | set(CORPUS.glob("**/*.eml")))


def same(left: str, right: str) -> bool:
    return left.split() == right.split()


def test_every_mail_comes_out_as_one_message_in_bounded_time() -> None:
    outcomes: Counter[str] = Counter()
    slowest = (0.0, "")
    begun = time.process_time()
    for path in mails():
        started = time.process_time()
        try:
            incoming = mime.read(path.read_bytes(), NOW)
            html.clean(
                incoming.html, cid={file.content_id: "/api/attachments/1" for file in incoming.files if file.content_id}
            )
            split(incoming.text)
            shows = incoming.text.strip() or incoming.html.strip() or incoming.files
            outcomes["shown" if shows else "empty"] += 1
        except mime.Unreadable as error:
            outcomes[f"unreadable: {error.reason}"] += 1
        slowest = max(slowest, (time.process_time() - started, path.name))
    each = 1_000 * (time.process_time() - begun) / max(1, len(mails()))
    print(f"\n{len(mails())} mails in = {sum(outcomes.values())} messages out: {dict(outcomes)}")
    print(f"{each:.2f} cpu_ms each, slowest {slowest[0]:.2f} s ({slowest[1]})")
    assert sum(outcomes.values()) == len(mails())
    assert slowest[0] < 5
    assert outcomes["shown"] >= 0.97 * len(mails())


def test_fields_agree_with_what_the_sources_state() -> None:
    agreed: Counter[str] = Counter()
    stated: Counter[str] = Counter()
    for path in sorted(CORPUS.glob("ikvk+imap_tools/*.expected__*.py")):
        expected = _python_literals(path)
        incoming = mime.read(Path(str(path).split(".expected__")[0]).read_bytes(), NOW)
        for name, found, value in (
            ("imap_tools subject", incoming.subject, expected.get("subject")),
            ("imap_tools from", incoming.sender.address, str(expected.get("from_") or "").lower()),
            ("imap_tools text", incoming.text, expected.get("text")),
        ):
            if value:
                stated[name] += 1
                agreed[name] += same(found, str(value))
    for path in sorted(CORPUS.glob("stalwartlabs*/*.expected__*.json")):
        tree = json.loads(path.read_text(encoding="utf-8"))
        incoming = mime.read(Path(str(path).split(".expected__")[0]).read_bytes(), NOW)
        subject = next(
            (
                h["value"]["Text"]
                for h in tree["parts"][0]["headers"]
                if h["name"] == "subject" and "Text" in h["value"]
            ),
            "",
        )
        if subject and "\ufffd" not in subject:
            stated["stalwart subject"] += 1
            agreed["stalwart subject"] += same(incoming.subject, subject)
        stated["stalwart files"] += 1
        agreed["stalwart files"] += len(incoming.files) == len(tree["attachments"])
    print("\n" + "\n".join(f"{name}: {agreed[name]} of {stated[name]} agree" for name in stated))
    assert sum(agreed.values()) >= 0.9 * sum(stated.values())


def test_bounces_are_recognised_and_nothing_else_is() -> None:
    """Complaints (ARF), answers of absent people and notifications about complaints are no bounces."""
    found: Counter[str] = Counter()
    false_alarms = []
    for row in index():
        if row["kind"] not in ("eml", "bounce"):
            continue
        raw = (CORPUS / row["file"]).read_bytes()
        bounce = read_bounce(raw)
        if row["kind"] == "bounce" and not re.search(r"arf|rfc3834|feedback", row["file"]):
            found["bounces"] += 1
            found["recognised"] += bounce is not None
            found["original found"] += bool(bounce and bounce.original_ids)
        elif (
            row["kind"] == "eml"
            and bounce
            and not re.search(rb"delivery|disposition|undeliver|failed", raw, re.IGNORECASE)
        ):
            false_alarms.append(row["file"])
    print(f"\n{dict(found)}; false alarms {false_alarms}")
    assert not false_alarms
    assert found["recognised"] >= 0.93 * found["bounces"]


def test_quoted_history_is_told_from_the_customers_words() -> None:
    exact: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for name in ("reply_pairs.jsonl", "reply_pairs_fr.jsonl"):
        for line in (CORPUS / name).read_text(encoding="utf-8").splitlines():
            pair = json.loads(line)
            language = pair["lang"]
            found = split(pair["text"])
            with_signature = f"{pair['expected']}\n{pair.get('sig') or ''}"
            assert "".join(passage.text for passage in found.passages) == pair["text"]
            total[language] += 1
            if same(found.visible, pair["expected"]) or same(found.visible, with_signature):
                exact[language] += 1
            elif set(pair["expected"].split()) - set(found.visible.split()):
                lost[language] += 1
    print("\n" + "\n".join(f"{lang}: {exact[lang]} of {total[lang]} exact, {lost[lang]} lost words" for lang in total))
    assert exact["fr"] >= 0.95 * total["fr"]
    assert lost["fr"] == 0
    assert exact["en"] >= 0.85 * total["en"]


def _python_literals(path: Path) -> dict[str, object]:
    """The literal keyword arguments of the first call in the file: stated values, read without running them."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and any(keyword.arg == "subject" for keyword in node.keywords):
            values = {}
            for keyword in node.keywords:
                if keyword.arg in ("subject", "from_", "text", "html"):
                    values[keyword.arg] = ast.literal_eval(keyword.value)
            return values
    return {}
