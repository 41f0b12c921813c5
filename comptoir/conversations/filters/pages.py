"""The list through a filter, and how many there are. What is only a tab and a status goes the list's own way."""

from msgspec.structs import replace

from comptoir.conversations import lists
from comptoir.conversations.filters.schemas import Filter
from comptoir.conversations.filters.walking import Shown, count, walk
from comptoir.conversations.rows import READ_COLUMNS, READ_JOINS, readings_in, to_rows
from comptoir.conversations.schemas import ConversationPage, Counts, Tab
from comptoir.foundation.transaction import Transaction

LOOKED_AT = 300  # rows examined for each count
TABS: tuple[Tab, ...] = ("mine", "unassigned", "all")


def page(tx: Transaction, asked: Filter, *, cursor: str | None, limit: int) -> ConversationPage:
    if is_plain(asked):
        return lists.page(tx, tab=asked.tab, status=asked.status[0], cursor=cursor, limit=limit)
    seq = tx.log_position()
    shown = Shown(READ_COLUMNS, f"JOIN conversations c ON c.id = n.id {READ_JOINS}")
    walked = walk(tx, asked, cursor=cursor, limit=limit, shown=shown)
    return ConversationPage(to_rows(tx, walked.rows), readings_in(walked.rows), walked.below, seq)


def counts(tx: Transaction, asked: Filter) -> Counts:
    if is_plain(asked):
        return lists.counts(tx, status=asked.status[0])
    counted = {tab: count(tx, replace(asked, tab=tab), limit=lists.MOST, most=LOOKED_AT) for tab in TABS}
    return Counts(
        **{tab: found for tab, (found, _) in counted.items()},
        unread=lists.unread(tx),
        at_least=[tab for tab, (_, is_more) in counted.items() if is_more],
    )


def is_plain(asked: Filter) -> bool:
    """A tab and one status (or any): nothing that a row must be asked."""
    return len(asked.status) == 1 and asked == Filter(tab=asked.tab, status=asked.status)
