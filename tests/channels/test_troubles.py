"""Every trouble a provider can name has a sentence that a person can act on, in both languages."""

import inspect
import re

import pytest

from comptoir.channels import port, troubles
from comptoir.channels.errors import ConnectionFailed


def documented_codes() -> list[str]:
    text = inspect.getdoc(port.ConnectionTrouble) or ""
    listed = re.search(r"Codes: (.*?)\. `side`", text, re.DOTALL)
    assert listed
    return re.findall(r"\b[a-z]+(?:_[a-z]+)*\b", re.sub(r"\(.*?\)", "", listed[1], flags=re.DOTALL))


@pytest.mark.parametrize("code", documented_codes())
@pytest.mark.parametrize("side", ["imap", "smtp"])
def test_a_code_has_its_own_sentence_in_each_language(code: str, side: str) -> None:
    french, english = (troubles.sentence(code, side=side, language=language) for language in ("fr", "en"))
    assert code in troubles.SENTENCES
    assert french != english
    assert "{" not in french + english
    assert french[0].isupper() and english[0].isupper()


def test_a_code_of_tomorrow_is_an_unexpected_answer() -> None:
    assert "unexpected" in troubles.sentence("frozen_over", side="imap", language="en")


def test_the_refusal_of_a_connection_says_who_refused_what() -> None:
    refused = ConnectionFailed(side="smtp", code="sign_in_failed", detail="535 5.7.8 {weird}")
    assert refused.sentence("fr") == "Le serveur d'envoi (SMTP) refuse l'identifiant ou le mot de passe."
    assert refused.facts == {"side": "smtp", "code": "sign_in_failed", "detail": "535 5.7.8 {weird}"}
