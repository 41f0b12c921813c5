"""HTML histories fold, answers inside them stay open."""

# ruff: noqa: E501 (mails, line by line)

import time

import pytest

from comptoir.mail.folding import mark_quotes
from comptoir.mail.html import clean

QUOTE = '<blockquote type="cite">Voici le devis.</blockquote>'
HISTORIES = {
    "gmail": '<div class="gmail_quote"><div class="gmail_attr">Le 3 mars, Paul a écrit :<br></div><blockquote>Voici.</blockquote></div>',
    "thunderbird": f'<div class="moz-cite-prefix">Le 03/03/2026, Paul a écrit :</div>{QUOTE}',
    "apple": QUOTE,
    "outlook": '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>De :</b> Paul</div><div>Voici le devis.</div>',
}


def fold(source: str) -> str:
    return mark_quotes(clean(source, cid={}).html)


@pytest.mark.parametrize("name", HISTORIES)
def test_a_history_folds_behind_native_details(name: str) -> None:
    folded = fold(f"<div><p>D'accord.</p>{HISTORIES[name]}</div>")
    before, _, inside = folded.partition('<details class="history">')
    assert "D'accord." in before and "Voici" not in before
    assert inside.index("Voici") < inside.index("</details>") < inside.rindex("</div>")


@pytest.mark.parametrize(
    "source",
    [
        '<p>Voir mes réponses</p><div class="gmail_quote"><blockquote>Quand ?</blockquote>Mardi.<blockquote>Où ?</blockquote></div>',
        f"<p>Bonjour</p>{QUOTE}<p>Rouge.</p>{QUOTE}<p>Mardi.</p>",
        HISTORIES["gmail"],
        "<p>Sans historique</p>",
    ],
)
def test_answers_inside_and_mails_that_are_only_history_stay_open(source: str) -> None:
    assert "<details" not in fold(source)


def test_no_mail_holds_the_folding_up() -> None:
    begun = time.process_time()
    for source in (
        "<p class='gmail_quote'>" * 3_000,
        QUOTE * 10_000,
        '<div class="moz-cite-prefix">' * 1_500,
        "<br>" * 100_000,
    ):
        fold(source)
    assert time.process_time() - begun < 5
