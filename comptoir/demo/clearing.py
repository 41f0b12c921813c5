"""Take the sample data away: its mailboxes, all that was said in them, its colleagues and contacts. What is real stays."""

import asyncio
from collections.abc import Iterable

from comptoir.channels import connecting
from comptoir.channels.models import Channel
from comptoir.demo import bookkeeping, numbers, sharing, stage
from comptoir.demo.cast import COLLEAGUES, DOMAIN, LABELS
from comptoir.demo.erasing import erase, is_heard, naming
from comptoir.demo.ready import CANNED
from comptoir.foundation.errors import NotAllowed, Problem
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.team import editing, queries
from comptoir.team.models import Member, Organisation

OPENED = "demo.opened"  # in the log once everything is there
BATCH = 10  # conversations in one transaction: one of them may be long


class NoDemo(Problem):
    status = 409
    code = "no_demo"
    fr = "Il n'y a pas de données d'exemple."
    en = "There is no sample data."


def require_demo(tx: Transaction) -> None:
    if tx.actor.role != "owner":
        raise NotAllowed
    if not tx.find(Organisation, 1).is_demo:
        raise NoDemo


def is_open(tx: Transaction) -> bool:
    """Everything is there."""
    found = tx.value("SELECT 1 FROM events WHERE conversation_id IS NULL AND type = :opened LIMIT 1", opened=OPENED)
    return found is not None


async def clear(services: Services) -> None:
    """Everything that `opening.fill` made, and what was said since in its mailboxes. Interrupted, it can be asked again."""
    database = services.database
    await database.write(_disconnect)
    while not await database.write(_end):
        keys = await database.write(_remove_some)
        await asyncio.to_thread(_delete_files, services, keys)


def _disconnect(tx: Transaction) -> None:
    """Nobody sees them from now on, and no sample customer writes to them."""
    for channel in _channels(tx):
        connecting.disconnect(tx, channel)


def _remove_some(tx: Transaction) -> list[str]:
    """A batch of conversations; the keys of the files that nothing else holds."""
    ids = [id for (id,) in tx.rows(f"SELECT id FROM conversations WHERE channel_id IN ({_CHANNELS}) LIMIT {BATCH}")]
    these = ", ".join(map(str, ids)) or "NULL"
    messages = f"SELECT id FROM messages WHERE conversation_id IN ({these})"
    files = tx.rows(f"SELECT DISTINCT file_key FROM attachments WHERE message_id IN ({messages})")
    people = tx.rows(
        f"SELECT contact_id FROM conversations WHERE id IN ({these})"
        f" UNION SELECT contact_id FROM messages WHERE conversation_id IN ({these})"
    )
    search = "rowid" if tx.is_sqlite else "message_id"
    for statement in (
        f"DELETE FROM message_search WHERE {search} IN ({messages})",
        f"DELETE FROM renamed_mails WHERE message_id IN ({messages})",
        f"DELETE FROM events WHERE conversation_id IN ({these})",
    ):
        tx.execute(statement)
    erase(tx, "conversations", f"id IN ({these})")
    for (contact_id,) in people:
        _remove_contact(tx, contact_id)
    return [key for (key,) in files if not _is_used(tx, key)]


def _is_used(tx: Transaction, key: str) -> bool:
    return any(
        tx.value(f"SELECT 1 FROM {table} WHERE file_key = :key LIMIT 1", key=key) is not None
        for table in ("attachments", "template_files")
    )


def _remove_contact(tx: Transaction, contact_id: int | None) -> None:
    """Unless they wrote to a real mailbox too."""
    if contact_id is not None and not is_heard(tx, contact_id):
        erase(tx, "contacts", f"id = {contact_id}")


def _delete_files(services: Services, keys: Iterable[str]) -> None:
    for key in keys:
        services.files.delete(key)


def _end(tx: Transaction) -> bool:
    """The mailboxes, their ledger and the colleagues; false while there is a conversation, also one that has just come."""
    if not tx.is_sqlite:
        tx.execute(f"{_CHANNELS} FOR UPDATE")  # a mail that is landing lands first; the next one finds no ledger
    if tx.value(f"SELECT 1 FROM conversations WHERE channel_id IN ({_CHANNELS}) LIMIT 1"):
        return False
    bookkeeping.take_back(tx)
    sharing.take_back(tx)
    for statement in (
        f"DELETE FROM labels WHERE name IN ({_quoted(name for name, _ in LABELS)})"
        " AND NOT EXISTS (SELECT 1 FROM conversation_labels cl WHERE cl.label_id = labels.id)",
        f"DELETE FROM events WHERE type = '{OPENED}'",
    ):
        tx.execute(statement)
    for canned in CANNED:  # one that was rewritten, or given a file, is somebody's own by now
        tx.execute(
            "DELETE FROM templates WHERE kind = 'canned' AND shortcut = :shortcut AND body = :body"
            " AND NOT EXISTS (SELECT 1 FROM template_files f WHERE f.template_id = templates.id)",
            shortcut=canned.shortcut,
            body=canned.body,
        )
    for channel_id in [channel.id for channel in _channels(tx)]:
        erase(tx, "channels", f"id = {channel_id}")
        tx.record("channel.removed", channel_id=channel_id)
    for colleague in COLLEAGUES[1:]:
        member = queries.member_by_email(tx, f"{colleague.key}@{DOMAIN}")
        if member is not None and member.role != "owner":
            _let_go(tx, member)
    tx.find(Organisation, 1).is_demo = False
    return True


def _let_go(tx: Transaction, member: Member) -> None:
    """One whose work is in a real mailbox stays, as one who has left. What is theirs alone, a view or what they have read, goes."""
    tx.execute("DELETE FROM attachments WHERE message_id IS NULL AND member_id = :id", id=member.id)
    for table, column, is_work in sorted(naming("members"), key=lambda naming: naming[2]):
        if not is_work:
            erase(tx, table, f"{column} = {member.id}")
        elif tx.value(f"SELECT 1 FROM {table} WHERE {column} = :id LIMIT 1", id=member.id) is not None:
            editing.deactivate(tx, member)
            return
    member_id = member.id
    tx.remove(member)
    tx.record("member.removed", member_id=member_id)


def _channels(tx: Transaction) -> list[Channel]:
    return [tx.find(Channel, id) for (id,) in tx.rows(f"{_CHANNELS} ORDER BY id")]


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


_CHANNELS = (
    f"SELECT id FROM channels WHERE provider = '{stage.PROVIDER}'"
    f" OR (kind = 'whatsapp' AND address IN ({_quoted(numbers.PHONES)}))"
)
