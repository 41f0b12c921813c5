"""Contacts that a few letters or digits mean: by their own words, by those of their customer, or by a document's number.

Every step looks at a bounded number of rows of an index, however many people there are: the rarest word is looked up, the
others are asked of what it found.
"""

from collections.abc import Sequence

from comptoir.customers import words
from comptoir.customers.documents import queries as documents
from comptoir.foundation.transaction import Transaction

COUNTED = 200  # how far the words that begin alike are counted
LOOKED_AT = 400  # rows of the rarest word
MOST_FILES = 40
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
    """Those whom every word finds."""
    table, owner = f"{whose}_words", f"{whose}_id"
    rarest, *others = sorted(asked, key=lambda word: (_count(tx, table, word), -len(word))) if len(asked) > 1 else asked
    also = "".join(
        f" AND EXISTS (SELECT 1 FROM {table} o WHERE o.{owner} = w.{owner} AND o.word >= :low{n} AND o.word < :high{n})"
        for n, _ in enumerate(others)
    )
    found = tx.rows(
        f"SELECT w.{owner} FROM (SELECT {owner} FROM {table} WHERE word >= :low AND word < :high LIMIT :most) w"
        f" WHERE 1 = 1{also}",
        low=rarest,
        high=rarest + END,
        most=most if not others else most * 2,
        **{f"low{n}": word for n, word in enumerate(others)},
        **{f"high{n}": word + END for n, word in enumerate(others)},
    )
    return list(dict.fromkeys(id for (id,) in found))[:most]


def _count(tx: Transaction, table: str, word: str) -> int:
    sql = f"SELECT count(*) FROM (SELECT 1 AS one FROM {table} WHERE word >= :low AND word < :high LIMIT {COUNTED}) n"
    return int(tx.value(sql, low=word, high=word + END))


def _ranked(
    tx: Transaction, own: Sequence[int], files: Sequence[int], kinds: Sequence[str], *, start: str, limit: int
) -> list[int]:
    wanted = [
        f"p.{column} IS NOT NULL AND p.{column} IN ({', '.join(str(int(id)) for id in ids)})"
        for column, ids in (("id", own), ("customer_id", files))
        if ids
    ]
    of_kind = ", ".join(f"'{kind}'" for kind in kinds)
    found = [
        row
        for one in wanted
        for row in tx.rows(
            f"SELECT p.id, p.name_key FROM contacts p WHERE {one} AND p.merged_into_id IS NULL AND EXISTS (SELECT 1 FROM"
            f" identities i WHERE i.contact_id = p.id AND i.kind IN ({of_kind}) AND i.ended_at IS NULL) LIMIT {LOOKED_AT}"
        )
    ]
    ranked = sorted(set(found), key=lambda row: (not row[1].startswith(start), row[1], row[0]))
    return [id for id, _ in ranked[:limit]]
