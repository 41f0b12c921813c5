"""A piece of a text around what was looked for, with the matches marked, in whatever spelling a part number is written."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from comptoir.conversations.search.words import fold

AROUND = 70  # characters before the first match
LENGTH = 200
MARK, UNMARK = "\x01", "\x02"


def excerpt(text: str, marks: Sequence[str]) -> str:
    """`marks` are folded words, or phrases of words with single spaces."""
    folded = fold(text)
    patterns = [_pattern(mark) for mark in marks]
    first = min((match.start() for pattern in patterns if (match := pattern.search(folded))), default=0)
    start = max(0, first - AROUND)
    piece, folded = text[start : start + LENGTH], folded[start : start + LENGTH]
    out, position = [], 0
    for begin, end in sorted(place for pattern in patterns for place in _places(folded, pattern)):
        if begin >= position:
            out += [piece[position:begin], MARK, piece[begin:end], UNMARK]
            position = end
    out.append(piece[position:])
    joined = " ".join("".join(out).split())
    return ("…" if start else "") + joined + ("…" if start + LENGTH < len(text) else "")


@lru_cache(maxsize=256)
def _pattern(mark: str) -> re.Pattern[str]:
    """A part number matches however its pieces are set apart; the words of a phrase, whatever stands between them."""
    if " " in mark:
        return re.compile(r"[\W_]{1,4}".join(map(re.escape, mark.split(" "))))
    if len(mark) >= 5 and sum(c.isdigit() for c in mark) >= 3:
        return re.compile(r"[ .\-/]?".join(map(re.escape, mark)))
    return re.compile(re.escape(mark))


def _places(folded: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    return (match.span() for match in pattern.finditer(folded))
