"""Who wrote the mail that a colleague passes on, in the ways that mail programs quote it; rates on real forwards are printed."""

# ruff: noqa: E501 (mails, line by line)

import re
from collections import Counter
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.channels.port import Person
from comptoir.mail import mime

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
CORPUS = Path(__file__).parents[2] / ".." / "shared" / "corpus" / "mail" / "crisp-oss+email-forward-parser"
MARIE = Person("marie.durand@client.fr", "Marie Durand")


def author(text: str, subject: str = "TR: Devis") -> Person | None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "bruno@pieces.example", "sav@pieces.example", subject
    mail.set_content(text)
    return mime.read(mail.as_bytes(), NOW).forwarded_from


@pytest.mark.parametrize(
    "text",
    [
        "Tu peux répondre ?\n\nDe : Marie Durand <marie.durand@client.fr>\nEnvoyé : lundi 3 mars 2025 10:12\nÀ : Bruno Costa\nObjet : Devis\n\nBonjour",
        "________________________________\nDe\xa0: Marie Durand <marie.durand@client.fr>\nDate\xa0: lundi 3 mars 2025 à 10:12\nÀ\xa0: Bruno\nObjet\xa0: Devis\n\nBonjour",
        "Vois avec compta@pieces.example.\n\nDébut du message transféré :\n\n> De: Marie Durand <marie.durand@client.fr>\n> Objet: Devis\n> Date: 3 mars 2025 à 10:12:00 UTC+1\n> À: bruno@pieces.example\n>\n> Bonjour",
        "---------- Forwarded message ---------\nDe : Marie Durand <marie.durand@client.fr>\nDate: lun. 3 mars 2025 à 10:12\nSubject: Devis\nTo: <bruno@pieces.example>\n\n\nBonjour",
        '> Message du 03/03/25 10:12\n> De : "Marie Durand" <marie.durand@client.fr>\n> A : bruno@pieces.example\n> Copie à : \n> Objet : Devis\n>\n> Bonjour',
        '----- Mail transféré -----\nDe: "Marie Durand" <marie.durand@client.fr>\nÀ: "bruno" <bruno@pieces.example>\nEnvoyé: Lundi 3 Mars 2025 10:12:00\nObjet: Devis\n\nBonjour',
        "-------- Message transféré --------\nSujet : \tDevis\nDate : \tMon, 3 Mar 2025 10:12:00 +0100\nDe : \tMarie Durand <marie.durand@client.fr>\nPour : \tbruno@pieces.example\n\nBonjour",
        "Le 3 mars 2025 à 10:12, Marie Durand <marie.durand@client.fr> a écrit :\n\n> Bonjour",
        "*From:* Marie Durand [mailto:marie.durand@client.fr]\n*Sent:* Monday, March 3, 2025 10:12 AM\n*To:* Bruno\n*Subject:* Devis\n\nBonjour",
        "----- Überbrachte Post -----\nUnbekannt: Marie Durand <marie.durand@client.fr>\nWann: 3.3.2025\nWas: Devis\n\nBonjour",
    ],
    ids=[
        "outlook",
        "outlook-mac",
        "apple",
        "gmail",
        "orange",
        "zimbra",
        "thunderbird",
        "sentence",
        "outlook-en",
        "unknown-words",
    ],
)
def test_threads_know_the_author_behind_a_forward(text: str) -> None:
    assert author(text) == MARIE


def test_an_attached_mail_says_best_who_wrote_it() -> None:
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "Marie Durand <marie.durand@client.fr>", "Devis"
    inner.set_content("Bonjour")
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "bruno@pieces.example", "Devis de Marie"
    mail.set_content("De : Autre <autre@ailleurs.fr>\nObjet : Rien")
    mail.add_attachment(inner)

    assert mime.read(mail.as_bytes(), NOW).forwarded_from == MARIE


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (
            "RE: Devis",
            "Bien reçu.\n\nDe : Marie Durand <marie.durand@client.fr>\nEnvoyé : lundi 3 mars 2025\nÀ : Bruno\nObjet : Devis",
        ),
        ("Devis", "Le 3 mars 2025 à 10:12, Marie Durand <marie.durand@client.fr> a écrit :\n> Bonjour"),
        ("Contact du site", "Nom : Marie\nTéléphone : 0601020304\nE-mail : marie.durand@client.fr\nMessage : Bonjour"),
        ("TR: Devis", "On en parle demain."),
        ("TR: Devis", "Appelle marie.durand@client.fr stp."),
        ("Devis", "De Lyon : rien.\nÀ : voir"),
    ],
)
def test_an_answer_a_form_or_a_plain_note_is_no_forward(subject: str, text: str) -> None:
    assert author(text, subject) is None


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_no_text_breaks_the_reader(text: str) -> None:
    author(f"De : {text}\nObjet : {text}\n{text} : {text}@{text}".replace("\r", " "), "TR: x")


@pytest.mark.parametrize(
    "text",
    [
        "From: " * 20_000,
        "a: b@c\n" * 20_000,
        "-" * 100_000 + " @",
        "On " * 17_000 + "@x:",
        "De : " + "<" * 50_000 + "@",
    ],
)
def test_hostile_text_takes_no_time(text: str) -> None:
    started = process_time()
    author(text)
    assert process_time() - started < 2


@pytest.mark.skipif(not CORPUS.exists(), reason="the mail corpus is not beside this checkout")
def test_threads_name_the_right_author_of_real_forwards() -> None:
    total: Counter[str] = Counter()
    right: Counter[str] = Counter()
    wrong = []
    for path in sorted(CORPUS.glob("*_body*.txt")):
        if ".expected__" in path.name:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found = re.search(r"_(en|fr)_", path.name)
        language = found[1] if found else "other"
        total[language] += 1
        person = author(text, "Fwd: Integer consequat non purus")
        if person == Person("john.doe@acme.com", "John Doe"):
            right[language] += 1
        else:
            wrong.append(path.name)
    print("\n" + "\n".join(f"{name}: {right[name]} of {total[name]} right" for name in total) + f"; not: {wrong}")
    assert all(right[name] >= 0.95 * total[name] for name in total)
