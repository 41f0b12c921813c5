"""Quoted history folds, words never disappear: what French and English mail programs write, and sentences that look like it."""

# ruff: noqa: E501 (a table of formats)

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.mail.quotes import preview, split

WORDS = "Bonjour,\n\nC'est d'accord pour les 40 plaques.\nPouvez-vous livrer mardi ?"

HISTORIES = {
    "gmail": "Le mar. 3 mars 2026 à 14:05, Paul Roux <paul@atelier.fr> a écrit :\n\n> Voici le devis.\n",
    "gmail_no_break": "Le mar. 3 mars 2026 à 14:05, Paul Roux <paul@atelier.fr> a\xa0écrit\u202f:\n> Voici le devis.\n",
    "gmail_wrapped": "Le mar. 3 mars 2026 à 14:05, Atelier Roux et Fils <\npaul@atelier.fr> a écrit :\n\n> Voici le devis.\n",
    "gmail_unmarked": "Le mar. 3 mars 2026 à 14:05, Paul Roux <paul@atelier.fr> a écrit :\n\nVoici le devis.\n",
    "quebec": "Le 3 mars 2026 à 14 h 05, Paul Roux <paul@atelier.fr> a écrit :\n\nVoici le devis.\n",
    "apple": "> Le 3 mars 2026 à 14:05, Paul Roux <paul@atelier.fr> a écrit :\n> \n> Voici le devis.\n",
    "thunderbird": "Le 03/03/2026 à 14:05, Paul Roux a écrit :\n> Voici le devis.\n",
    "outlook": "De : Paul Roux <paul@atelier.fr>\nEnvoyé : mardi 3 mars 2026 14:05\nÀ : Marie\nObjet : Devis\n\nVoici le devis.\n",
    "outlook_names_only": "De\xa0: Paul Roux\nEnvoyé\xa0: mardi 3 mars 2026 14:05\nÀ\xa0: Marie\nObjet\xa0: Devis\n\nVoici le devis.\n",
    "outlook_mac": "De : Paul Roux <paul@atelier.fr>\nDate : mardi, 3 mars 2026 à 14:05\nÀ : Marie <m@x.fr>\nObjet : Devis\nVoici.\n",
    "outlook_bold": "*De :* Paul Roux <paul@atelier.fr>\n*Envoyé :* mardi 3 mars 2026 14:05\n*À :* Marie\n*Objet :* Devis\n\nVoici.\n",
    "outlook_original": "-----Message d'origine-----\nDe : Paul Roux\nEnvoyé : mardi 3 mars 2026 14:05\nObjet : Devis\n\nVoici le devis.\n",
    "outlook_curly": "-----Message d’origine-----\nDe\xa0: Paul Roux\nVoici le devis.\n",
    "zimbra": '----- Mail original -----\nDe: "Paul Roux" <paul@atelier.fr>\nÀ: "Marie"\nEnvoyé: Mardi 3 Mars 2026 14:05:00\n\nVoici.\n',
    "orange": '> Message du 03/03/26 14:05\n> De : "Paul Roux" <paul@atelier.fr>\n> A : marie@client.fr\n> Objet : Devis\n>\n> Voici.\n',
    "samsung": "-------- Message d'origine --------De : Paul <p@x.fr> Date : 03/03/2026 14:05 (GMT+01:00) À : m@x.fr Objet : Devis \nVoici.\n",
    "forward": "---------- Forwarded message ---------\nDe : Paul Roux <paul@atelier.fr>\nDate: mar. 3 mars 2026\nSubject: Devis\n\nVoici.\n",
    "english": "On Tue, Mar 3, 2026 at 2:05\u202fPM Paul Roux <paul@atelier.fr> wrote:\n\n> Here is the quote.\n",
    "english_outlook": "From: Paul Roux <paul@atelier.fr>\nSent: Tuesday, March 3, 2026 2:05 PM\nTo: Marie\nSubject: Quote\n\nHere it is.\n",
    "english_ruled": "________________________________\nFrom: Paul Roux <paul@atelier.fr>\nSent: Tuesday, March 3, 2026\nSubject: Quote\n\nHere.\n",
    "named_only": "Paul Roux <paul@atelier.fr> a écrit :\n\n> Voici le devis.\n",
    "iso_date": "Le 2026-03-03T14:05:00+01:00, Paul Roux a écrit :\n\nVoici le devis.\n",
    "proton": "Envoyé avec la messagerie sécurisée Proton Mail.\n\nLe mardi 3 mars 2026 à 14:05, Paul <p@x.fr> a écrit :\n\n> Voici.\n",
    "ruled_message": "=================================\nMessage du 03/03/26 14:05\nDe : Paul <p@x.fr>\nA : m@x.fr\nObjet : Devis\n\nVoici.\n",
    "origine": "----- Mail d'origine -----\nDe: Paul <p@x.fr>\nÀ: m@x.fr\nEnvoyé: Tue, 03 Mar 2026\nObjet: Devis\n\nVoici.\n",
    "reply_above": "##- Répondez au-dessus de cette ligne -##\n\nVotre demande a été mise à jour.\n",
    "german": "Am Di., 3. März 2026 um 14:05 Uhr schrieb Paul <p@x.fr>:\n\n> Hier.\n",
    "english_named": "Paul Roux wrote on 03/03/2026 14:05:\n> Here it is.\n",
    "english_bare": "  Original Message  \nFrom: Paul\nSent: Tuesday, March 3, 2026 2:05 PM\nTo: m@x.fr\nSubject: Quote\n\nHere.\n",
    "english_original": "-----Original Message-----\nFrom: Paul\n\nHere it is.\n",
}

SENTENCES = {
    "somebody_wrote": "Bonjour,\nLe client a écrit : « je refuse ».\nQue faire ?",
    "somebody_wrote_before_a_list": "Le 3 mars, le transporteur nous a écrit :\nil refuse de livrer.\nQue faire ?",
    "transport": "Merci de coter :\nDe : Lyon 69003\nÀ : Paris 75011\nDate : lundi 3 mars\n\nAvec hayon.",
    "contact_form": "Nouveau message de votre site\nDe : marie@client.fr\nObjet : Devis\n\nBonjour, je voudrais un devis.",
    "dashes": "Il me faut :\n- 2 plaques\n- 1 raccord\n--------\nMerci",
    "greater": "Le diamètre est\n10 mm, la pression > 3 bars.",
    "sent_sentence": "Envoyé de mon côté, rien reçu du vôtre.",
    "date_line": "Disponibilités :\nlundi 3 mars 2026 14:05 :\nà confirmer",
}


def same(left: str, right: str) -> bool:
    return left.split() == right.split()


@pytest.mark.parametrize("name", HISTORIES)
def test_a_history_folds_and_the_words_stay(name: str) -> None:
    found = split(f"{WORDS}\n\n{HISTORIES[name]}")
    assert same(found.visible, WORDS)
    folded = "".join(passage.text for passage in found.passages if passage.kind != "visible")
    assert same(folded, HISTORIES[name])


@pytest.mark.parametrize("name", SENTENCES)
def test_a_sentence_that_looks_like_a_history_stays(name: str) -> None:
    assert same(split(SENTENCES[name]).visible, SENTENCES[name])


def test_who_wrote_without_a_date_needs_the_quotation_right_below() -> None:
    assert same(split("Oui.\nMon collègue a écrit :\nnon").visible, "Oui. Mon collègue a écrit : non")


def test_answers_between_the_lines_stay_visible() -> None:
    found = split("Le 03/03/2026 à 14:05, Paul a écrit :\n> Quelle couleur ?\nRouge.\n> Quand ?\n\nMardi.\n\nMarie\n")
    assert same(found.visible, "Rouge. Mardi. Marie")


def test_a_signature_folds_only_behind_its_two_dashes() -> None:
    assert same(
        split("Oui.\n\nCordialement,\nMarie\n06 12 34 56 78").visible, "Oui. Cordialement, Marie 06 12 34 56 78"
    )
    assert [passage.kind for passage in split("Oui.\n\n-- \nMarie\n06 12 34 56 78\n").passages] == [
        "visible",
        "signature",
    ]


def test_what_is_only_history_is_shown() -> None:
    text = "> Bonjour\n> merci\n"
    assert split(text).visible == text.strip("\n")


def test_the_preview_is_one_line_of_the_message_itself() -> None:
    assert preview("Bonjour,\n\nOui.\n\nLe 03/03/2026 à 14:05, Paul a écrit :\n> non\n") == "Bonjour, Oui."
    long = preview("mot " * 200)
    assert len(long) <= 160 and long.endswith("mot…")


@given(st.text(alphabet="> \nOnLeDe:@-_|aé\u202f1/écritwrote<>.", max_size=300))
@settings(max_examples=300, deadline=None)
def test_a_split_rebuilds_the_text(text: str) -> None:
    assert "".join(passage.text for passage in split(text).passages) == text


@pytest.mark.parametrize(
    "text",
    [
        "On " * 17_000,
        "On Mon, Mar 3, 2026 at 2:05 PM " + "words " * 30_000,
        "On \n" * 50_000,
        "De : \n" * 30_000,
        ">" * 200_000,
        "> \n" * 60_000,
        "-- \n" * 50_000,
        "a@" * 100_000,
        "-" * 200_000 + "\n",
        ("\n" * 3 + "De : a@b.fr") * 15_000,
        "Le 3 mars 2026, " * 12_000 + "a écrit :",
        "| a\n" * 50_000,
        "<" * 200_000,
    ],
)
def test_no_text_holds_the_reader_up(text: str) -> None:
    begun = time.process_time()
    split(text)
    assert time.process_time() - begun < 3
