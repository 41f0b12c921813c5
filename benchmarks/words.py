"""Sentences of a parts dealer's mail, from a vocabulary with Zipf's frequencies and a catalogue of part numbers.

Messages are made of ready sentences, each read once by the product's own `search.words`, so that two million messages are
made in a minute and their index is exactly what `search.index.put` would have stored (`document_of` is compared with it).
"""

import random
from itertools import accumulate
from typing import NamedTuple

from comptoir.conversations.search.words import document, fold, words

VOCABULARY = 30_000
SENTENCES = 30_000
PARTS = 60_000

_ONSETS = [*"bcdfglmnprstv", "ch", "pr", "tr", "gr", "bl", "cl", "fr", "pl", "qu"]
_VOWELS = [*"aeioué", "è", "ou", "an", "on", "in", "au", "oi", "eu"]
_CODAS = ["", "", "", "r", "s", "l", "t", "n", "x"]


class Sentence(NamedTuple):
    text: str
    words: str
    codes: str


class Language:
    """The same seed gives the same words, sentences, names and parts."""

    def __init__(self, seed: int = 7) -> None:
        self.chance = random.Random(seed)
        self.vocabulary = self._distinct(VOCABULARY, 1, 3)
        self.weights = list(accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))
        self.surnames = [name.capitalize() for name in self._distinct(6_000, 2, 3)]
        self.first_names = [name.capitalize() for name in self._distinct(400, 1, 2)]
        self.parts = [self._part() for _ in range(PARTS)]
        self.sentences = [self._sentence() for _ in range(SENTENCES)]
        self.part_sentences = [sentence(f"Réf. {part} svp.") for part in self.parts]

    def _distinct(self, count: int, least: int, most: int) -> list[str]:
        found: dict[str, None] = {}
        while len(found) < count:
            syllables = self.chance.randint(least, most)
            word = "".join(self.chance.choice(_ONSETS) + self.chance.choice(_VOWELS) for _ in range(syllables))
            found[word + self.chance.choice(_CODAS)] = None
        return list(found)

    def _part(self) -> str:
        digits = self.chance.randrange
        return f"{digits(10)} {digits(100, 1000)}-{digits(100, 1000)}.{digits(100, 1000)}"

    def _sentence(self) -> Sentence:
        chosen = self.chance.choices(self.vocabulary, cum_weights=self.weights, k=self.chance.randint(7, 18))
        return sentence(" ".join(chosen).capitalize() + ".")


def sentence(text: str) -> Sentence:
    plain = words(fold(text))
    return Sentence(text, " ".join(plain), " ".join(document(text).split()[len(plain) :]))


def document_of(pieces: list[Sentence]) -> str:
    """What `document` says of these pieces, put together from what is known of each."""
    found = [piece.words for piece in pieces if piece.words]
    found += [piece.codes for piece in pieces if piece.codes]
    return " ".join(found)


def check(pieces: list[Sentence], *texts: str) -> None:
    """The short way gives the product's own document, or the figures of the search would be of something else."""
    expected, found = set(document(*texts).split()), set(document_of(pieces).split())
    assert expected == found, expected ^ found
