"""Contacts that a few letters or digits mean: by their own words, by those of their customer, or by a document's number.

Every step looks at a bounded number of rows of an index, however many people there are: the rarest word is looked up, the
others are asked of what it found.
"""

from collections.abc import Sequence

from comptoir.customers import words
from comptoir.customers.documents import queries as documents
from comptoir.foundation.among import rows_among
from comptoir.foundation.transaction import Transaction

COUNTED = 200  # how far the words that begin alike are counted
LOOKED_AT = 400  # rows of the rarest word
MOST_FILES = 40
CHECKED = 50  # of the ranked, at a time: have they an address of that kind?
END = "\U0010ffff"
_BY_CODE = "SELECT id FROM customers WHERE code_key = :key AND archived_at IS NULL AND merged_into_id IS NULL"


def contacts(tx: Transaction, line: str, *, kinds: Sequence[str], limit: int) -> list[int]:
    """Ids of contacts who have an address of one of these kinds; those whose name begins so first, then by name."""
    asked = words.asked(line)
    if not asked or all(len(word) < 2 for word in asked):
        return []
    own = _owners(tx, "contact", asked, most=LOOKED_AT)
    files = _owners(tx, "customer", asked, most=MOST_FILES)
    files += [id for (id,) in tx.rows(_BY_CODE, key=words.code_key(line))]
    files += [customer_id for customer_id, _ in documents.whose(tx, line, limit=5)]
    return _ranked(tx, own, files, kinds, start=words.key(line), limit=limit)


def _owners(tx: Transaction, whose: str, asked: Sequence[str], *, most: int) -> list[int]:
    """Those whom every word finds. In the order of the words, so that no database gathers all that begin so before it stops. The
    other words are asked of each that is found (`|| ''`: never by the index of words): PostgreSQL would look all of theirs up."""
    table, owner = f"{whose}_words", f"{whose}_id"
    rarest, *others = _rarest_first(tx, table, asked)
    also = "".join(
        f" AND (SELECT 1 FROM {table} o WHERE o.{owner} = w.{owner} AND o.word || '' >= :low{n} AND o.word || '' < :high{n}"
        " LIMIT 1) = 1"
        for n, _ in enumerate(others)
    )
    found = tx.rows(
        f"SELECT w.{owner} FROM (SELECT {owner} FROM {table} WHERE word >= :low AND word < :high ORDER BY word LIMIT :most) w"
        f" WHERE 1 = 1{also}",
        low=rarest,
        high=rarest + END,
        most=most if not others else most * 2,
        **{f"low{n}": word for n, word in enumerate(others)},
        **{f"high{n}": word + END for n, word in enumerate(others)},
    )
    return list(dict.fromkeys(id for (id,) in found))[:most]


def _rarest_first(tx: Transaction, table: str, asked: Sequence[str]) -> Sequence[str]:
    if len(asked) == 1:
        return asked
    counts = ", ".join(
        f"(SELECT count(*) FROM (SELECT word FROM {table} WHERE word >= :low{n} AND word < :high{n} ORDER BY word"
        f" LIMIT {COUNTED}) n{n})"
        for n, _ in enumerate(asked)
    )
    given = {f"low{n}": word for n, word in enumerate(asked)} | {f"high{n}": word + END for n, word in enumerate(asked)}
    [found] = tx.rows(f"SELECT {counts}", **given)
    ordered = sorted(zip(found, asked, strict=True), key=lambda pair: (pair[0], -len(pair[1])))
    return [word for _, word in ordered]


def _ranked(
    tx: Transaction, own: Sequence[int], files: Sequence[int], kinds: Sequence[str], *, start: str, limit: int
) -> list[int]:
    known = "p.merged_into_id IS NULL"
    theirs = (
        f"p.customer_id IS NOT NULL AND p.customer_id IN ({{values}}) AND {known} AND {_has(kinds)} LIMIT {LOOKED_AT}"
    )
    found = {
        *rows_among(tx, f"SELECT p.id, p.name_key FROM contacts p WHERE p.id IN ({{values}}) AND {known}", own),
        *rows_among(tx, f"SELECT p.id, p.name_key FROM contacts p WHERE {theirs}", files),
    }
    ranked = [id for id, _ in sorted(found, key=lambda row: (not row[1].startswith(start), row[1], row[0]))]
    kept: list[int] = []
    for place in range(0, len(ranked), CHECKED):
        if len(kept) >= limit:
            break
        some = ranked[place : place + CHECKED]
        rows = rows_among(tx, f"SELECT p.id FROM contacts p WHERE p.id IN ({{values}}) AND {_has(kinds)}", some)
        reached = {id for (id,) in rows}
        kept += [id for id in some if id in reached]
    return kept[:limit]


def _has(kinds: Sequence[str]) -> str:
    of_kind = ", ".join(f"'{kind}'" for kind in kinds)
    return f"EXISTS (SELECT 1 FROM identities i WHERE i.contact_id = p.id AND i.kind IN ({of_kind}) AND i.ended_at IS NULL)"
