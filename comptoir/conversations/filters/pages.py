"""The list through a filter, and how many there are. What is only a tab and a status goes the list's own way."""

from msgspec.structs import replace

from comptoir.conversations import lists
from comptoir.conversations.filters.schemas import Filter
from comptoir.conversations.filters.walking import walk
from comptoir.conversations.rows import READ_COLUMNS, READ_JOINS, readings_in, to_rows
from comptoir.conversations.schemas import ConversationPage, Counts, Tab
from comptoir.foundation.transaction import Transaction

LOOKED_AT = 300  # rows examined for each count
TABS: tuple[Tab, ...] = ("mine", "unassigned", "all")


def page(tx: Transaction, asked: Filter, *, cursor: str | None, limit: int) -> ConversationPage:
    if is_plain(asked):
        return lists.page(tx, tab=asked.tab, status=asked.status[0], cursor=cursor, limit=limit)
    seq = tx.log_position()
    walked = walk(tx, asked, cursor=cursor, limit=limit, columns=READ_COLUMNS, joins=READ_JOINS)
    return ConversationPage(to_rows(tx, walked.rows), readings_in(walked.rows), walked.below, seq)


def counts(tx: Transaction, asked: Filter) -> Counts:
    if is_plain(asked):
        return lists.counts(tx, status=asked.status[0])
    walked = {tab: walk(tx, replace(asked, tab=tab), cursor=None, limit=lists.MOST, most=LOOKED_AT) for tab in TABS}
    return Counts(
        **{tab: len(found.rows) for tab, found in walked.items()},
        unread=lists.unread(tx),
        at_least=[tab for tab, found in walked.items() if found.below],
    )


def is_plain(asked: Filter) -> bool:
    """A tab and one status (or any): nothing that a row must be asked."""
    return len(asked.status) == 1 and asked == Filter(tab=asked.tab, status=asked.status)
