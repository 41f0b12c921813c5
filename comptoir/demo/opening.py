"""Raise the curtain: fill an organisation that has nothing yet with the sample cast, and take it all away again."""

import asyncio
from functools import partial

from comptoir.channels.models import Channel
from comptoir.demo import stage
from comptoir.demo.cast import COLLEAGUES, DOMAIN, LABELS, ORGANISATION
from comptoir.foundation.errors import NotAllowed, Problem
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.team import signing_in
from comptoir.team.models import Organisation


class NotEmpty(Problem):
    status = 409
    code = "not_empty"
    fr = "Des boîtes sont déjà connectées : les données d'exemple ne se mêlent pas aux vôtres."
    en = "Mailboxes are connected already: sample data is not mixed with yours."


class NoDemo(Problem):
    status = 409
    code = "no_demo"
    fr = "Il n'y a pas de données d'exemple."
    en = "There is no sample data."


BATCH = 50


def require_empty(tx: Transaction) -> int:
    """The owner who asks, while no mailbox was ever connected."""
    if tx.actor.role != "owner" or tx.actor.id is None:
        raise NotAllowed
    if tx.value("SELECT 1 FROM channels LIMIT 1"):
        raise NotEmpty
    return tx.actor.id


async def fill(services: Services, owner_id: int) -> None:
    """Scene by scene, each in its own transaction: others can work meanwhile."""
    database = services.database
    set_up = await database.write(partial(_begin, owner_id=owner_id))
    curtain = services.clock()
    for scene in stage.scenes():
        await database.write(partial(stage.play, services=services, stage=set_up, scene=scene, curtain=curtain))


def require_demo(tx: Transaction) -> None:
    if tx.actor.role != "owner":
        raise NotAllowed
    if not tx.find(Organisation, 1).is_demo:
        raise NoDemo


async def clear(services: Services) -> None:
    """Everything that `fill` made, and what was said since in its mailboxes."""
    database = services.database
    await database.write(_hide)
    while keys := await database.write(_remove_some):
        await asyncio.to_thread(_delete_files, services, keys)
    await database.write(_end)


async def prepare(services: Services) -> None:
    """For `--demo`: an organisation, its owner and the scenes, in a database that has none of them yet."""
    if await services.database.read(lambda tx: tx.session.get(Organisation, 1) is None):
        owner_id = await services.database.write(_move_in)
        await fill(services, owner_id)


def _move_in(tx: Transaction) -> int:
    tx.add(Organisation(id=1, name=ORGANISATION, language="fr", is_demo=True, created_at=tx.now))
    anne = COLLEAGUES[0]
    owner = signing_in.new_member(tx, email=f"{anne.key}@{DOMAIN}", role="owner", language="fr")
    owner.name = anne.name
    owner.password_hash = "!"
    tx.add(owner)
    return owner.id


def _begin(tx: Transaction, *, owner_id: int) -> stage.Stage:
    tx.find(Organisation, 1).is_demo = True
    set_up = stage.set_stage(tx, owner_id)
    tx.record("channel.connected")
    return set_up


def _hide(tx: Transaction) -> None:
    """Nobody sees it from now on, while it is being removed."""
    tx.execute(f"DELETE FROM channel_members WHERE channel_id IN ({_CHANNELS})")
    owners = tx.rows("SELECT id FROM members WHERE role = 'owner'")
    for (owner_id,) in owners:
        tx.record("channel.member_removed", member_id=owner_id)


def _remove_some(tx: Transaction) -> list[str]:
    """A batch of conversations; the keys of their files. Nothing left: an empty list, and no conversation."""
    ids = [id for (id,) in tx.rows(f"SELECT id FROM conversations WHERE channel_id IN ({_CHANNELS}) LIMIT {BATCH}")]
    if not ids:
        return []
    these = ", ".join(map(str, ids))
    messages = f"SELECT id FROM messages WHERE conversation_id IN ({these})"
    keys = [key for (key,) in tx.rows(f"SELECT DISTINCT file_key FROM attachments WHERE message_id IN ({messages})")]
    search = "rowid" if tx.is_sqlite else "message_id"
    for statement in (
        f"DELETE FROM message_search WHERE {search} IN ({messages})",
        f"DELETE FROM attachments WHERE message_id IN ({messages})",
        f"DELETE FROM message_html WHERE message_id IN ({messages})",
        f"DELETE FROM messages WHERE conversation_id IN ({these})",
        f"DELETE FROM conversation_labels WHERE conversation_id IN ({these})",
        f"DELETE FROM readings WHERE conversation_id IN ({these})",
        f"DELETE FROM events WHERE conversation_id IN ({these})",
        f"DELETE FROM conversations WHERE id IN ({these})",
    ):
        tx.execute(statement)
    kept = {key for (key,) in tx.rows("SELECT DISTINCT file_key FROM attachments")}
    return [key for key in keys if key not in kept] or ["-"]


def _delete_files(services: Services, keys: list[str]) -> None:
    for key in keys:
        if key != "-":
            services.files.delete(key)


def _end(tx: Transaction) -> None:
    sample = ", ".join(f"'{colleague.key}@{DOMAIN}'" for colleague in COLLEAGUES)
    orphans = "NOT EXISTS (SELECT 1 FROM conversations c WHERE c.contact_id = contacts.id)"
    labels = ", ".join(f"'{name}'" for name, _ in LABELS)
    for statement in (
        f"DELETE FROM ledger WHERE channel_id IN ({_CHANNELS})",
        f"DELETE FROM mailbox_cursors WHERE channel_id IN ({_CHANNELS})",
        f"DELETE FROM identities WHERE contact_id IN (SELECT id FROM contacts WHERE {orphans})",
        f"DELETE FROM contacts WHERE {orphans}",
        f"DELETE FROM labels WHERE name IN ({labels})"
        " AND NOT EXISTS (SELECT 1 FROM conversation_labels cl WHERE cl.label_id = labels.id)",
        f"DELETE FROM attachments WHERE message_id IS NULL AND member_id IN (SELECT id FROM members WHERE email IN ({sample}))",
        f"DELETE FROM members WHERE email IN ({sample}) AND role <> 'owner'",
    ):
        tx.execute(statement)
    for (id,) in tx.rows(_CHANNELS):
        tx.remove(tx.find(Channel, id))
    tx.find(Organisation, 1).is_demo = False
    for (owner_id,) in tx.rows("SELECT id FROM members WHERE role = 'owner'"):
        tx.record("member.changed", member_id=owner_id)


_CHANNELS = f"SELECT id FROM channels WHERE provider = '{stage.PROVIDER}'"
