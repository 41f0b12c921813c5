"""By what words is a customer or a contact found? Folded (no case, no accents), the beginning of any of them. Pure.

A phone is found by its digits as they stand in the country and abroad (0612345678, 33612345678), and by its last ones;
a code by its letters and digits, however it is cut (C-0412, c 0412); an address by each of its parts.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from comptoir.customers import phones

LONGEST = 60
MOST = 24  # words of one name or address; nobody's has more

_ACCENTS = re.compile("[\u0300-\u034e\u0350-\u036f]+")
_WORD = re.compile(r"[^\W_]+")
_JOINED = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})  # letters that no accent explains
_AND = frozenset({"et", "and", "und"})  # "Morel & Fils" is typed as it is said
Named = tuple[str, str]  # kind and value of an identity


def fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    whole = unicodedata.normalize("NFKD", text.casefold().translate(_JOINED))
    plain = _ACCENTS.sub("", whole)
    return plain if plain.isascii() else "".join(c for c in plain if not unicodedata.combining(c))


def cut(text: str) -> list[str]:
    """Its words, folded."""
    return _WORD.findall(fold(text))


def key(name: str) -> str:
    """A name as it sorts and compares."""
    return key_of(cut(name))


def key_of(found: Sequence[str]) -> str:
    """The same of its words."""
    return " ".join(found)[:200]


def code_key(code: str | None) -> str | None:
    """Letters and digits only: C-0412, c0412 and « C 0412 » are one code."""
    return code_key_of(cut(code or ""))


def code_key_of(found: Sequence[str]) -> str | None:
    return "".join(found)[:LONGEST] or None


def asked(line: str) -> list[str]:
    """The beginnings of words that a member typed. A phone number in pieces is one word, and so is a code."""
    folded = fold(line[:200]).strip()
    digits = "".join(c for c in folded if c.isdigit())
    if len(digits) >= 6 and not re.search(r"[^\W\d_]", folded):
        return [digits.removeprefix("00").lstrip("0")[:LONGEST] if digits.startswith("0") else digits[:LONGEST]]
    typed = list(dict.fromkeys(word[:LONGEST] for word in _WORD.findall(folded)))
    return [word for word in typed if len(typed) == 1 or word not in _AND][:8]


def of_customer(name: str, code: str | None, domains: Iterable[str] = ()) -> set[str]:
    return of_customer_cut(cut(name), cut(code or ""), domains)


def of_customer_cut(name: Sequence[str], code: Sequence[str], domains: Iterable[str] = ()) -> set[str]:
    """The same of the words of both."""
    found = _kept(name, code, *map(cut, domains))
    if whole := code_key_of(code):
        found.add(whole)
    return found


def of_contact(name: str, identities: Iterable[Named]) -> set[str]:
    return of_contact_cut(cut(name), identities)


def of_contact_cut(name: Sequence[str], identities: Iterable[Named]) -> set[str]:
    """The same of the words of their name."""
    found = _kept(name)
    for kind, value in identities:
        if kind == "email":
            found |= _kept(*map(cut, value.split("@")))
        elif kind == "phone":
            found |= _of_phone(value)
    return found


def _kept(*texts: Sequence[str]) -> set[str]:
    return {word[:LONGEST] for found in texts for word in found[:MOST]}


def _of_phone(digits: str) -> set[str]:
    """33612345678, and 612345678: how `asked` reads 06 12 34 56 78."""
    return {digits[:LONGEST], phones.dialled(digits)[:LONGEST]}
