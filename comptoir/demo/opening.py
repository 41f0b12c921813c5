"""Raise the curtain: fill an organisation that has no mailbox yet with the sample cast and its mail."""

from datetime import datetime
from functools import partial

from comptoir.demo import bookkeeping, chat_stage, clearing, stage
from comptoir.demo.cast import COLLEAGUES, DOMAIN, ORGANISATION
from comptoir.demo.chats import CHATS
from comptoir.demo.scenes import Scene
from comptoir.foundation.errors import NotAllowed, Problem
from comptoir.foundation.secrets import Secrets
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.team import signing_in
from comptoir.team.models import Organisation


class NotEmpty(Problem):
    status = 409
    code = "not_empty"
    fr = "Des boîtes sont déjà connectées : les données d'exemple ne se mêlent pas aux vôtres."
    en = "Mailboxes are connected already: sample data is not mixed with yours."


def require_empty(tx: Transaction) -> int:
    """The owner who asks, while no mailbox was ever connected."""
    if tx.actor.role != "owner" or tx.actor.id is None:
        raise NotAllowed
    _refuse_unless_empty(tx)
    return tx.actor.id


async def fill(services: Services, owner_id: int) -> None:
    """A few steps of a scene in each transaction: others can work meanwhile."""
    set_up = await services.database.write(partial(_begin, owner_id=owner_id, secrets=services.secrets))
    curtain = services.clock()
    for scene in stage.scenes():
        await _perform(services, set_up, scene, curtain)
    for chat in CHATS:
        work = partial(chat_stage.play, files=services.files, set_up=set_up, chat=chat, curtain=curtain)
        await services.database.write(work)
    await services.database.write(_open)


async def prepare(services: Services) -> None:
    """For `--demo`: an organisation, its owner and the scenes, in a database that has none of them yet. A filling that was
    interrupted begins again; sample data that was cleared stays away."""
    found = await services.database.read(lambda tx: tx.session.get(Organisation, 1))
    if found is None:
        await fill(services, await services.database.write(_move_in))
    elif found.is_demo and not await services.database.read(clearing.is_open):
        await clearing.clear(services)
        await fill(services, await services.database.read(_owner))


async def _perform(services: Services, set_up: stage.Stage, scene: Scene, curtain: datetime) -> None:
    conversation_id: int | None = None
    for numbers in stage.acts(scene):
        work = partial(
            stage.play,
            services=services,
            stage=set_up,
            scene=scene,
            numbers=numbers,
            curtain=curtain,
            conversation_id=conversation_id,
        )
        conversation_id = await services.database.write(work)


def _move_in(tx: Transaction) -> int:
    tx.add(Organisation(id=1, name=ORGANISATION, language="fr", is_demo=True, created_at=tx.now))
    anne = COLLEAGUES[0]
    owner = signing_in.new_member(tx, email=f"{anne.key}@{DOMAIN}", role="owner", language="fr")
    owner.name = anne.name
    owner.password_hash = "!"  # nobody signs in with it: the demo signs its visitors in
    tx.add(owner)
    return owner.id


def _begin(tx: Transaction, *, owner_id: int, secrets: Secrets) -> stage.Stage:
    _refuse_unless_empty(tx)
    tx.find(Organisation, 1).is_demo = True
    set_up = stage.set_stage(tx, owner_id, secrets)
    bookkeeping.file(tx, set_up.members)
    for channel in (*set_up.channels.values(), *set_up.numbers.values()):
        tx.record("channel.connected", channel_id=channel.id)
    return set_up


def _open(tx: Transaction) -> None:
    tx.record(clearing.OPENED)


def _refuse_unless_empty(tx: Transaction) -> None:
    if tx.value("SELECT 1 FROM channels LIMIT 1"):
        raise NotEmpty


def _owner(tx: Transaction) -> int:
    return int(tx.value("SELECT id FROM members WHERE role = 'owner' ORDER BY id LIMIT 1"))
