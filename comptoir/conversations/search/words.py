"""What is a word, the same in both databases: folded (no case, no accents), and part numbers in one spelling.

`0 986-494.123`, `0986 494 123` and `0986494123` are one part number: written runs of letters and digits, joined, are kept
beside the plain words, and a query is read the same way. So are the pieces from which people go on without the first ones, or
where letters and digits meet: `986494123` and `494.123` find the first, `A0004201820` what is written `A 000 420 18 20`.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache

LONGEST = 60  # characters of a word
MOST_TEXT = 200_000  # characters of a message that are indexed

# In front of a word: where it stands. No word that anybody writes begins so.
FROM, TO, SUBJECT, YEAR, MONTH, DAY = "zzf", "zzt", "zzs", "zzy", "zzm", "zzd"
WITH_FILES = "zzfiles"

_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
_HAS_PARTS = re.compile(r"(?:0|[a-z]{1,3}(?=\d)).*\d{4}")
_LETTERED = re.compile(r"([a-z]{1,3})(\d{5,})")
_PIECES = re.compile(r"[ .\-/]")
_YEAR = re.compile(r"(?:19|20)\d\d")
SHORTEST, MOST_CODE = 5, 24  # characters of a part number that has parts
LIKE_A_CODE = 7  # characters of pieces beside other words that are one number, and not several
_RUN = re.compile(r"[0-9a-z]{1,20}(?:[ .\-/][0-9a-z]{1,20}){1,7}")


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    base = unicodedata.normalize("NFKD", character)[:1] or character
    return base.casefold()[:1] or character


def fold(text: str) -> str:
    """The text without case or accents, one character for each character, so that positions stay true."""
    return text.lower() if text.isascii() else "".join(map(_fold_character, text))


def words(folded: str) -> list[str]:
    return [word[:LONGEST] for word in _WORD.findall(folded.replace("_", " "))]


def codes(folded: str) -> list[str]:
    """Part and document numbers written in pieces, joined: at least five characters, at least three of them digits."""
    return _joined(_runs(folded))


def _runs(folded: str) -> list[list[str]]:
    """What is written in pieces and has three digits at least, in its pieces."""
    return [_PIECES.split(run) for run in _RUN.findall(folded) if len(_DIGIT.findall(run)) >= 3]


def _joined(runs: Sequence[Sequence[str]]) -> list[str]:
    found = []
    for pieces in runs:
        start = 0
        while start < len(pieces):
            end = start
            while end < len(pieces) and any(c.isdigit() for c in pieces[end]):
                end += 1
            if end - start > 1:
                joined = "".join(pieces[start:end])
                if 5 <= len(joined) <= LONGEST and sum(c.isdigit() for c in joined) >= 3:
                    found.append(joined)
            start = max(end, start + 1)
    return found


def document(*texts: str) -> str:
    """All words of a message and its part numbers, folded, separated by spaces: what both indexes store."""
    folded = fold(" \n ".join(texts)[:MOST_TEXT])
    runs = _runs(folded)
    plain = [*words(folded), *_joined(runs)]
    return " ".join([*plain, *_variants(plain, runs)])


def _variants(plain: Sequence[str], runs: Sequence[Sequence[str]]) -> list[str]:
    """Other ways in which people ask for the part numbers of a text, each once."""
    found: dict[str, None] = {}
    for pieces in runs:
        for start in range(1, len(pieces)):
            found.update(dict.fromkeys(_from_here(pieces, start)))
    known = set(plain)
    for word in known:
        if SHORTEST <= len(word) <= MOST_CODE and not word.isalpha() and _HAS_PARTS.match(word):
            found.update(dict.fromkeys(_parts(word)))
    return sorted(found.keys() - known)


def _from_here(pieces: Sequence[str], start: int) -> Iterable[str]:
    """The number from this piece on; with the letters in front that may belong to it."""
    end = start
    while end < len(pieces) and any(c.isdigit() for c in pieces[end]):
        end += 1
    number, before = "".join(pieces[start:end]), pieces[start - 1]
    if 6 <= len(number) <= MOST_CODE and len(_DIGIT.findall(number)) >= 5:
        if not before.isalpha():
            yield number
        elif len(before) <= 3:
            yield before + number


def _parts(word: str) -> Iterable[str]:
    """0986494123 without its zeros in front, a0004201820 without its letters."""
    bare = word.lstrip("0")
    if bare != word and len(bare) >= 5:
        yield bare
    if lettered := _LETTERED.fullmatch(word):
        yield from lettered.groups()


def facts(*, sender: str, recipients: str, subject: str, has_files: bool, at: datetime) -> str:
    """What the operators of a search ask for, as words of their own: who wrote, to whom, about what, with what, when (UTC)."""
    found = [
        *_marked(FROM, sender),
        *_marked(TO, recipients),
        *_marked(SUBJECT, subject),
        *days(at),
    ]
    return " ".join([*found, WITH_FILES] if has_files else found)


def days(at: datetime) -> list[str]:
    """The year, the month and the day of it (UTC), as words."""
    moment = at.astimezone(UTC)
    return [f"{YEAR}{moment:%Y}", f"{MONTH}{moment:%Y%m}", f"{DAY}{moment:%Y%m%d}"]


def terms(query: str, *, most: int = 8) -> list[str]:
    """The words a query asks for, all of them wanted; a part number in pieces becomes one word, also beside others."""
    folded = fold(query[:200])
    for run in _RUN.findall(folded):
        folded = folded.replace(run, _with_codes(run), 1)
    return list(dict.fromkeys(words(folded)))[:most]


def _with_codes(run: str) -> str:
    joined = codes(run)
    if joined and len("".join(words(run))) == len(joined[0]):
        return joined[0]
    out: list[str] = []
    for has_digits, group in itertools.groupby(_PIECES.split(run), key=lambda piece: bool(_DIGIT.search(piece))):
        pieces = list(group)
        is_number = has_digits and len(pieces) > 1 and len("".join(pieces)) >= LIKE_A_CODE
        out += ["".join(pieces)] if is_number and not any(map(_YEAR.fullmatch, pieces)) else pieces
    return " ".join(out)


def _marked(mark: str, text: str) -> Iterable[str]:
    folded = fold(text[:4_000])
    return (mark + word for word in [*words(folded), *codes(folded)])
