"""What is a word, the same in both databases: folded (no case, no accents), and part numbers in one spelling.

`0 986-494.123`, `0986 494 123` and `0986494123` are one part number: written runs of letters and digits, joined, are kept
beside the plain words, and a query is read the same way.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache

LONGEST = 60  # characters of a word
MOST_TEXT = 200_000  # characters of a message that are indexed

# In front of a word: where it stands. No word that anybody writes begins so.
FROM, TO, SUBJECT, YEAR, MONTH, DAY = "zzf", "zzt", "zzs", "zzy", "zzm", "zzd"
WITH_FILES = "zzfiles"

_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
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
    found = []
    for run in _RUN.findall(folded):
        if len(_DIGIT.findall(run)) < 3:
            continue
        pieces = re.split(r"[ .\-/]", run)
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
    return " ".join([*words(folded), *codes(folded)])


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
    """The words a query asks for, all of them wanted; a part number in pieces becomes one word."""
    folded = fold(query[:200])
    for run in _RUN.findall(folded):
        joined = codes(run)
        if joined and len("".join(words(run))) == len(joined[0]):
            folded = folded.replace(run, joined[0], 1)
    return list(dict.fromkeys(words(folded)))[:most]


def _marked(mark: str, text: str) -> Iterable[str]:
    folded = fold(text[:4_000])
    return (mark + word for word in [*words(folded), *codes(folded)])
