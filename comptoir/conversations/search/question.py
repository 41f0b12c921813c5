"""What a member typed, understood: words, phrases in quotes, words to leave out, and the operators that people know from
their mail (from:, de:, to:, à:, subject:, objet:, has:attachment, avec:pièce-jointe, before:, avant:, after:, après:, is:spam).

An operator that nobody knows is plain words. Dates are days of the member's own time zone.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from msgspec import Struct

from comptoir.conversations.search import words
from comptoir.foundation.errors import Problem
from comptoir.foundation.tables import to_ms

MOST_TERMS = 12

FIELDS = {
    **dict.fromkeys(("from", "de", "expediteur"), words.FROM),
    **dict.fromkeys(("to", "cc", "bcc", "a", "cci", "destinataire"), words.TO),
    **dict.fromkeys(("subject", "objet", "sujet"), words.SUBJECT),
}
WITH = frozenset({"has", "avec", "a", "contient"})
FILES = re.compile(r"(?:attachments?|files?|pieces?[- ]?jointes?|pj|fichiers?)")
BEFORE, AFTER = frozenset({"before", "avant"}), frozenset({"after", "apres", "since", "depuis"})
IS = frozenset({"is", "est", "in", "dans"})
SPAM = re.compile(r"(?:spam|junk|indesirables?)")
NAMES = frozenset(FIELDS) | WITH | BEFORE | AFTER | IS

_TOKEN = re.compile(r'(-?)(?:([^\s":]{1,14}):[ \t]*)?("[^"]*"?|[^\s"]+)?')
_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?[-/.]?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})")
_DAYS_AGO = {"today": 0, "aujourd'hui": 0, "yesterday": 1, "hier": 1}


class BadDate(Problem):
    code = "bad_date"
    fr = "« {given} » n'est pas une date. Écrivez par exemple 2026-03-31 ou 31/03/2026."
    en = "“{given}” is not a date. Write for example 2026-03-31 or 31/03/2026."


class Term(Struct, frozen=True):
    """Words that stand one behind the other in the index; `is_beginning`: the last one may go on."""

    words: tuple[str, ...]
    is_beginning: bool = False


class Question(Struct, frozen=True):
    """`wanted`: all of them; `unwanted`: none of them. `marks`: the words to mark in what was found, as folded text.
    `after` (included) and `before` (excluded) are moments. `is_spam`: among the spam, which is left out otherwise."""

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()
    marks: tuple[str, ...] = ()
    after: datetime | None = None
    before: datetime | None = None
    is_spam: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.wanted or self.unwanted or self.after or self.before or self.is_spam)


class _Token(Struct, frozen=True):
    """One piece of the line: `name` is an operator we know, else empty. `is_last`: the line ends with it, being typed."""

    text: str
    name: str = ""
    is_quoted: bool = False
    is_unwanted: bool = False
    is_last: bool = False

    @property
    def kind(self) -> tuple[str, bool, bool]:
        return self.name, self.is_quoted, self.is_unwanted


def understand(line: str, *, now: datetime, zone: ZoneInfo) -> Question:
    """BadDate when a date is none."""
    wanted: list[Term] = []
    unwanted: list[Term] = []
    marks: list[str] = []
    moments: dict[str, datetime] = {}
    is_spam = False
    for token in _joined(_tokens(line[:200])):
        if token.name in IS:
            is_spam = True
            continue
        if token.name in BEFORE | AFTER:
            side = "before" if token.name in BEFORE else "after"
            moments[side] = _moment(token.text, now=now, zone=zone)
            continue
        found = list(_terms(token))
        (unwanted if token.is_unwanted else wanted).extend(found)
        if not token.is_unwanted and token.name not in WITH - FIELDS.keys():
            marks += [" ".join(words.words(words.fold(token.text)))] if token.is_quoted else words.terms(token.text)
    return Question(
        tuple(wanted[:MOST_TERMS]),
        tuple(unwanted[:MOST_TERMS]),
        tuple(dict.fromkeys(mark for mark in marks if mark)),
        moments.get("after"),
        moments.get("before"),
        is_spam,
    )


def _tokens(line: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(line):
        minus, name, value = match.groups()
        folded = words.fold(name or "").removesuffix(" ")
        is_quoted = bool(value) and value.startswith('"')
        text = (value or "").strip('"')
        is_known = (
            (folded not in IS or bool(SPAM.fullmatch(words.fold(text))))
            and folded in NAMES
            and not (folded in WITH - FIELDS.keys() and not _names_files(text))
        )
        if name and not is_known:
            text, is_quoted, folded = f"{name} {text}", False, ""
        if folded == "a" and _names_files(text):
            folded = "has"
        if text.strip():
            is_last = match.end() == len(line) and not is_quoted
            yield _Token(text, folded if is_known else "", is_quoted, bool(minus), is_last)


def _joined(tokens: Iterator[_Token]) -> Iterator[_Token]:
    """Plain words side by side are read together: a part number may be written with spaces."""
    for (name, is_quoted, is_unwanted), group in groupby(tokens, key=lambda token: token.kind):
        found = list(group)
        if name or is_quoted or is_unwanted:
            yield from found
        else:
            yield _Token(" ".join(token.text for token in found), is_last=found[-1].is_last)


def _terms(token: _Token) -> Iterator[Term]:
    if token.name in WITH and token.name not in FIELDS:
        yield Term((words.WITH_FILES,))
        return
    mark = FIELDS.get(token.name, "")
    if token.is_quoted:
        together = words.terms(token.text, most=1) if _is_code(token.text) else words.words(words.fold(token.text))
        if together:
            yield Term(tuple(mark + word for word in together[:MOST_TERMS]))
        return
    found = words.terms(token.text)
    for place, word in enumerate(found):
        yield Term((mark + word,), is_beginning=token.is_last and not token.is_unwanted and place == len(found) - 1)


def _is_code(text: str) -> bool:
    return len(words.terms(text)) == 1


def _names_files(text: str) -> bool:
    return bool(FILES.fullmatch(words.fold(text.strip())))


def _moment(text: str, *, now: datetime, zone: ZoneInfo) -> datetime:
    """The first moment of the day named."""
    return datetime.combine(_day(text.strip(), now.astimezone(zone).date()), datetime.min.time(), zone)


def _day(text: str, today: date) -> date:
    ago = _DAYS_AGO.get(words.fold(text).replace("’", "'"))
    if ago is not None:
        return today - timedelta(days=ago)
    try:
        if match := _ISO.fullmatch(text):
            return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
        if match := _DAY_FIRST.fullmatch(text):
            year = int(match[3])
            return date(year + 2000 if year < 100 else year, int(match[2]), int(match[1]))
    except ValueError:
        pass
    raise BadDate(given=text)


def within(question: Question, message_id: str) -> str:
    """The condition on the moment itself: the index knows whole days only. `message_id` is SQL, `moments` fills it."""
    at = f"(SELECT at FROM messages WHERE messages.id = {message_id})"
    after = f" AND {at} >= :after" if question.after else ""
    spam = (
        " AND EXISTS (SELECT 1 FROM messages m JOIN conversations c ON c.id = m.conversation_id"
        f" WHERE m.id = {message_id} AND c.status = 'spam')"
    )
    return after + (f" AND {at} < :before" if question.before else "") + (spam if question.is_spam else "")


def moments(question: Question) -> dict[str, int]:
    given = {"after": question.after, "before": question.before}
    return {name: to_ms(moment) for name, moment in given.items() if moment is not None}


def days_between(after: datetime | None, before: datetime | None, now: datetime) -> list[list[str]]:
    """The words of the index for a span of time, a little wider than it (whole days of UTC): of each list, one is wanted."""
    return [
        *([_from(after, now)] if after is not None else []),
        *([_until(before)] if before is not None else []),
    ]


def _until(moment: datetime) -> list[str]:
    day = _utc_day(moment)
    return [
        *(f"{words.YEAR}{year:04}" for year in range(1990, day.year)),
        *(f"{words.MONTH}{day.year:04}{month:02}" for month in range(1, day.month)),
        *(f"{words.DAY}{day.year:04}{day.month:02}{number:02}" for number in range(1, day.day + 1)),
    ]


def _from(moment: datetime, now: datetime) -> list[str]:
    day = _utc_day(moment)
    return [
        *(f"{words.YEAR}{year:04}" for year in range(max(day.year, 1989) + 1, now.year + 2)),
        *(f"{words.MONTH}{day.year:04}{month:02}" for month in range(day.month + 1, 13)),
        *(f"{words.DAY}{day.year:04}{day.month:02}{number:02}" for number in range(day.day, 32)),
    ]


def _utc_day(moment: datetime) -> date:
    offset = moment.utcoffset() or timedelta(0)
    return (moment.replace(tzinfo=None) - offset).date() if moment.year > 1 else moment.date()


def sorted_out(terms: Sequence[Term]) -> tuple[list[Term], Term | None]:
    """Those that are whole, and the one that is being typed."""
    whole = [term for term in terms if not term.is_beginning]
    return whole, next((term for term in terms if term.is_beginning), None)
