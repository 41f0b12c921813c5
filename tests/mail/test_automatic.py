"""A machine's letter is recognised, a person's never is."""

import pytest

from comptoir.mail import automatic, headers


def fields(raw: bytes) -> headers.Headers:
    return headers.read(raw, headers.Span(0, len(raw)))[0]


@pytest.mark.parametrize(
    "raw",
    [
        b"Auto-Submitted: auto-replied; owner=x\r\n",
        b"Precedence: bulk\r\n",
        b"List-Id: <annonces.fournisseur.fr>\r\n",
        b"X-Auto-Response-Suppress: All\r\n",
        b"Return-Path: <>\r\n",
        b"From: Mail Delivery <MAILER-DAEMON@relais.fr>\r\n",
        b"From: no-reply@boutique.fr\r\n",
        "Subject: Réponse automatique : Devis\r\n".encode(),
        b"Subject: Out of office: Devis\r\n",
        b"Content-Type: multipart/report; report-type=delivery-status\r\n",
    ],
)
def test_a_machine_is_recognised(raw: bytes) -> None:
    assert automatic.is_automatic(fields(b"To: a@b.fr\r\n" + raw))


@pytest.mark.parametrize(
    "raw",
    [
        b"Auto-Submitted: no\r\nFrom: marie@client.fr\r\nReturn-Path: <marie@client.fr>\r\n",
        "From: Absence <absence@client.fr>\r\nSubject: Absence de pièces au colis\r\n".encode(),
        b"From: noreplica@client.fr\r\nSubject: Re: Devis\r\n",
    ],
)
def test_a_person_is_not_a_machine(raw: bytes) -> None:
    assert not automatic.is_automatic(fields(raw))
