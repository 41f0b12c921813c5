"""Play the scenes into an organisation: through the ledger, the parser and the acts, as if it had all happened."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from comptoir.channels.models import Channel, ChannelMember
from comptoir.channels.port import Person, RawMail
from comptoir.conversations import assigning, delivering, labelling, reading, receiving, resolving, writing
from comptoir.conversations.models import Attachment, Conversation, Message
from comptoir.conversations.writing_down import KeptFile
from comptoir.demo import letters, numbers, props, sharing
from comptoir.demo.cast import COLLEAGUES, CUSTOMERS, DOMAIN, LABELS, MAILBOXES, NUMBERS, Colleague, Customer
from comptoir.demo.chats import Chat
from comptoir.demo.everyday import EVERYDAY, Everyday
from comptoir.demo.ready import CANNED, TEMPLATES
from comptoir.demo.scenes import SCENES, Assign, Mail, Note, Reply, Resolve, Scene, Step
from comptoir.foundation.files import Files
from comptoir.foundation.secrets import Secrets
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import SYSTEM, Actor, Transaction
from comptoir.gateway import keeping, ledger
from comptoir.labels.models import Label
from comptoir.mail import html, mime
from comptoir.team import queries, signing_in
from comptoir.team.models import Member
from comptoir.templates import editing, syncing

PROVIDER = "demo"
STEPS = 8  # in one transaction: nobody waits long for the one writer of SQLite
WORKERS = {key: who for key, _, _, who in MAILBOXES}


class Stage:
    """Who and where the scenes are played: rows by the keys of the cast."""

    def __init__(self, tx: Transaction, owner: Member, secrets: Secrets) -> None:
        self.members: dict[str, Member] = {"anne": owner}
        self.members |= {colleague.key: _colleague(tx, colleague, owner) for colleague in COLLEAGUES[1:]}
        self.channels = {key: self._channel(tx, name, local, who) for key, name, local, who in MAILBOXES}
        self.numbers = {}
        for serial, (key, name, phone, provider, who) in enumerate(NUMBERS, 1):
            number = numbers.connect(tx, secrets, name=name, phone=phone, provider=provider, serial=serial)
            self._let_in(tx, number, who)
            syncing.sync(tx, number, TEMPLATES[key])
            self.numbers[key] = number
        self.labels = {name: _label(tx, name, colour) for name, colour in LABELS}
        tx.actor = actor(self, "anne")
        for canned in CANNED:
            if tx.value("SELECT 1 FROM templates WHERE shortcut = :shortcut", shortcut=canned.shortcut) is None:
                editing.create(tx, canned)
        sharing.share(tx, self.members, self.labels)
        tx.actor = SYSTEM

    def _channel(self, tx: Transaction, name: str, local: str, who: Iterable[str]) -> Channel:
        channel = Channel(
            kind="email",
            provider=PROVIDER,
            name=name,
            address=f"{local}@{DOMAIN}",
            settings={},
            secrets="",
            health="connected",
            version=0,
            created_at=tx.now,
            checked_at=tx.now,
        )
        tx.add(channel)
        self._let_in(tx, channel, who)
        return channel

    def _let_in(self, tx: Transaction, channel: Channel, who: Iterable[str]) -> None:
        members = [self.members["anne"], *(self.members[key] for key in who)]
        tx.add(*(ChannelMember(channel_id=channel.id, member_id=member.id) for member in members))


def set_stage(tx: Transaction, owner_id: int, secrets: Secrets) -> Stage:
    return Stage(tx, tx.find(Member, owner_id), secrets)


def scenes() -> list[Scene]:
    """All of them, in the order in which they end: what is newest in the inbox has the highest ids."""
    everyday = [_everyday(number, one) for number, one in enumerate(EVERYDAY)]
    return sorted([*everyday, *SCENES], key=lambda scene: -scene.steps[-1].ago)


def acts(scene: Scene) -> Iterator[range]:
    """A scene in pieces that are short enough for one transaction each, as numbers of its steps."""
    for start in range(0, len(scene.steps), STEPS):
        yield range(start, min(start + STEPS, len(scene.steps)))


def play(
    tx: Transaction,
    services: Services,
    stage: Stage,
    scene: Scene,
    numbers: range,
    curtain: datetime,
    conversation_id: int | None,
) -> int:
    """Some steps of a scene, on a clock that is moved from step to step; the id of its conversation."""
    channel, customer = stage.channels[scene.mailbox], CUSTOMERS[scene.customer]
    conversation = None if conversation_id is None else tx.find(Conversation, conversation_id)
    for number in numbers:
        step = scene.steps[number]
        tx.now = curtain - timedelta(minutes=step.ago)
        answered = [] if conversation is None else chain(tx, conversation)
        if isinstance(step, Mail):
            raw = letters.write(customer, channel, scene.subject, step, tx.now, answered, f"{scene.mailbox}-{number}")
            conversation = _receive(tx, services, channel, raw, tx.now)
            continue
        assert conversation is not None
        tx.actor = actor(stage, step.by)
        _act(tx, services, stage, conversation, step, f"demo-{conversation.id}-{number}", customer)
        tx.actor = SYSTEM
    assert conversation is not None
    if numbers.stop == len(scene.steps):
        end(tx, stage, scene, conversation)
    return conversation.id


def _everyday(number: int, one: Everyday) -> Scene:
    """Seventeen hours apart; answered by a colleague of that mailbox, and done with after a week or so."""
    ago = 11 * 60 + number * 17 * 60
    colleague = COLLEAGUES[number % len(COLLEAGUES)]
    if colleague.key not in ("anne", *WORKERS[one.mailbox]):
        colleague = COLLEAGUES[0]
    steps: list[Step] = [Mail(ago, f"{one.text}\n\n{CUSTOMERS[one.customer].name}")]
    if one.answer:
        answer = f"{one.answer}\n\n{colleague.name.split()[0]}"
        steps += [Assign(ago - 40, colleague.key, colleague.key), Reply(ago - 90, colleague.key, answer)]
        if number > 9:
            steps.append(Resolve(ago - 200, colleague.key))
    return Scene(one.mailbox, one.customer, one.subject, tuple(steps), read_by=("anne",) if number % 3 else ())


def end(tx: Transaction, stage: Stage, scene: Scene | Chat, conversation: Conversation) -> None:
    """Its labels, and who has read it."""
    labelling.put(tx, conversation.id, [stage.labels[name].id for name in scene.labels])
    for key in scene.read_by:
        tx.actor = actor(stage, key)
        reading.read(tx, conversation, upto=2**31)
    tx.actor = SYSTEM


def _receive(tx: Transaction, services: Services, channel: Channel, raw: bytes, at: datetime) -> Conversation:
    """As the gateway does it: kept, read, landed."""
    uid = int(tx.value("SELECT count(*) FROM ledger WHERE channel_id = :id", id=channel.id)) + 1
    ledger_id = keeping.keep(tx, channel.id, RawMail("INBOX", 1, uid, raw, at), file_key=None)
    assert ledger_id is not None
    try:
        incoming = mime.read(raw, at)
    except mime.Unreadable as error:
        landed = receiving.receive_unreadable(
            tx, channel, external_id=f"demo-{ledger_id}", at_least="", ledger_id=ledger_id, reason=str(error)
        )
        ledger.settle(tx, ledger_id, state=ledger.UNREADABLE, message_id=landed.message_id, error=str(error))
        return tx.find(Conversation, landed.conversation_id)
    landed = receiving.receive(
        tx,
        channel,
        incoming,
        files=[
            KeptFile(
                file.name,
                file.media_type,
                len(file.content),
                services.files.put(file.content),
                file.content_id,
                file.is_inline,
            )
            for file in incoming.files
        ],
        remote_images=html.clean(incoming.html, cid={}).remote_images if incoming.html else 0,
        ledger_id=ledger_id,
        token_key=services.secrets.key("threads"),
    )
    ledger.settle(tx, ledger_id, state=ledger.READ, message_id=landed.message_id)
    return tx.find(Conversation, landed.conversation_id)


def _act(
    tx: Transaction,
    services: Services,
    stage: Stage,
    conversation: Conversation,
    step: Reply | Note | Assign | Resolve,
    client_id: str,
    customer: Customer,
) -> None:
    match step:
        case Assign():
            assigning.assign(tx, conversation, member_id=stage.members[step.to].id)
        case Resolve():
            resolving.resolve(tx, conversation)
        case Note():
            writing.note(tx, conversation, writing.Words(client_id=client_id, text=step.text))
        case Reply():
            words = writing.Words(
                client_id=client_id,
                text=step.text,
                to=[Person(customer.address, customer.name)],
                attachment_ids=[upload(tx, services.files, name).id for name in step.files],
            )
            message = writing.reply(tx, conversation, words, token_key=services.secrets.key("threads")).message
            tx.now = message.held_until or tx.now  # the moment in which it could be taken back has passed
            delivering.start(tx, message)
            if step.fails:
                delivering.failed(tx, message, code="recipients_refused", detail=step.fails)
            else:
                delivering.sent(tx, message)


def upload(tx: Transaction, files: Files, name: str) -> Attachment:
    kind, content = props.file(name)
    upload = Attachment(
        member_id=tx.actor.id,
        name=name,
        media_type=kind,
        size=len(content),
        file_key=files.put(content),
        content_id="",
        is_inline=False,
        created_at=tx.now,
    )
    tx.add(upload)
    return upload


def chain(tx: Transaction, conversation: Conversation) -> list[str]:
    """The Message-IDs that an answer in this conversation follows, the one it answers last."""
    newest = tx.session.scalar(
        select(Message)
        .where(Message.conversation_id == conversation.id, Message.header_id.is_not(None))
        .order_by(Message.id.desc())
        .limit(1)
    )
    return [] if newest is None else [*(newest.chain or [])[-10:], newest.header_id or ""]


def actor(stage: Stage, key: str) -> Actor:
    member = stage.members[key]
    return Actor("member", member.id, member.role, member.language)


def _colleague(tx: Transaction, colleague: Colleague, owner: Member) -> Member:
    """New, or the one who stayed when the sample data was last cleared."""
    email = f"{colleague.key}@{DOMAIN}"
    member = queries.member_by_email(tx, email)
    if member is None:
        member = signing_in.new_member(tx, email=email, role=colleague.role, language=owner.language)
        member.password_hash = "!"  # nobody signs in with it; the member can be assigned
    member.name = colleague.name
    member.is_active = True
    tx.add(member)
    return member


def _label(tx: Transaction, name: str, colour: str) -> Label:
    label = tx.session.scalar(select(Label).where(Label.name == name)) or Label(name=name, colour=colour)
    tx.add(label)
    return label
