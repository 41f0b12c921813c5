"""Play the scenes into an organisation: through the ledger, the parser and the acts, as if it had all happened."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from sqlalchemy import select

from comptoir.channels.models import Channel, ChannelMember
from comptoir.channels.port import Person, RawMail
from comptoir.conversations import assigning, delivering, reading, receiving, resolving, writing
from comptoir.conversations.models import Attachment, Conversation, ConversationLabel, Message
from comptoir.demo import props
from comptoir.demo.cast import COLLEAGUES, CUSTOMERS, DOMAIN, LABELS, MAILBOXES, Customer
from comptoir.demo.scenes import EVERYDAY, SCENES, Assign, Mail, Note, Reply, Resolve, Scene, Step
from comptoir.foundation.files import Files
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import SYSTEM, Actor, Transaction
from comptoir.gateway import keeping, ledger
from comptoir.labels.models import Label
from comptoir.mail import html, mime
from comptoir.team import signing_in
from comptoir.team.models import Member

PROVIDER = "demo"
LONG_LINES = SMTP.clone(max_line_length=900)  # or else Python breaks a long Message-ID into encoded words
WORKERS = {key: who for key, _, _, who in MAILBOXES}


class Stage:
    """Who and where the scenes are played: rows by the keys of the cast."""

    def __init__(self, tx: Transaction, owner: Member) -> None:
        self.members = {"anne": owner}
        for colleague in COLLEAGUES[1:]:
            member = signing_in.new_member(
                tx, email=f"{colleague.key}@{DOMAIN}", role=colleague.role, language=owner.language
            )
            member.name = colleague.name
            member.password_hash = "!"  # nobody signs in with it; the member can be assigned
            tx.add(member)
            self.members[colleague.key] = member
        self.channels = {key: self._channel(tx, name, local, who) for key, name, local, who in MAILBOXES}
        self.labels = {name: _label(tx, name, colour) for name, colour in LABELS}

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
        members = [self.members["anne"], *(self.members[key] for key in who)]
        tx.add(*(ChannelMember(channel_id=channel.id, member_id=member.id) for member in members))
        return channel


def set_stage(tx: Transaction, owner_id: int) -> Stage:
    return Stage(tx, tx.find(Member, owner_id))


def scenes() -> list[Scene]:
    """All of them, the everyday ones spread over three weeks."""
    everyday = []
    for number in range(3 * len(EVERYDAY)):
        customer, mailbox, subject, text = EVERYDAY[number % len(EVERYDAY)]
        ago = 11 * 60 + number * 17 * 60
        who = COLLEAGUES[number % len(COLLEAGUES)].key
        worker = who if who == "anne" or who in WORKERS[mailbox] else "anne"
        steps: list[Step] = [Mail(ago, f"{text}\n\n{CUSTOMERS[customer].name}")]
        if number % 5:
            steps += [
                Assign(ago - 40, worker, worker),
                Reply(ago - 90, worker, "Bonjour,\n\nC'est noté, nous revenons vers vous."),
            ]
        if number > 14:
            steps.append(Resolve(ago - 200, worker))
        everyday.append(Scene(mailbox, customer, subject, tuple(steps), read_by=("anne",) if number % 3 else ()))
    return [*everyday, *SCENES]


def play(tx: Transaction, services: Services, stage: Stage, scene: Scene, curtain: datetime) -> None:
    """One scene, in one transaction whose clock is moved from step to step."""
    channel, customer = stage.channels[scene.mailbox], CUSTOMERS[scene.customer]
    conversation: Conversation | None = None
    chain: list[str] = []
    for number, step in enumerate(scene.steps):
        tx.now = curtain - timedelta(minutes=step.ago)
        if isinstance(step, Mail):
            raw = write_mail(customer, channel, scene.subject, step, tx.now, chain, f"{scene.mailbox}-{number}")
            conversation = _receive(tx, services, channel, raw, tx.now)
            chain = _chain(tx, conversation)
            continue
        assert conversation is not None
        tx.actor = _actor(stage, step.by)
        _act(tx, services, stage, conversation, customer, step, number)
        tx.actor = SYSTEM
        chain = _chain(tx, conversation)
    assert conversation is not None
    tx.add(
        *(ConversationLabel(conversation_id=conversation.id, label_id=stage.labels[name].id) for name in scene.labels)
    )
    for key in scene.read_by:
        tx.actor = _actor(stage, key)
        reading.read(tx, conversation, upto=2**31)
    tx.actor = SYSTEM


def write_mail(
    customer: Customer, channel: Channel, subject: str, step: Mail, at: datetime, chain: list[str], key: str
) -> bytes:
    """The bytes of a customer's mail."""
    if step.is_broken:
        return b"\x00\x01 this is not a mail \xff\xfe\n" + key.encode()
    mail = EmailMessage(LONG_LINES)
    mail["From"] = f'"{customer.name}" <{customer.address}>'
    mail["To"] = f'"{channel.name}" <{channel.address}>'
    if step.cc:
        mail["Cc"] = ", ".join(CUSTOMERS[key].address for key in step.cc)
    mail["Subject"] = subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{key}.{int(at.timestamp())}@{customer.address.partition('@')[2]}>"
    if chain:
        mail["In-Reply-To"], mail["References"] = chain[-1], " ".join(chain)
    if step.is_automatic:
        mail["Auto-Submitted"] = "auto-replied"
    mail.set_content(step.text)
    if step.html:
        mail.add_alternative(props.HTML[step.html], subtype="html")
        if step.html == "photo":
            shown = mail.get_payload()[1]  # type: ignore[index]
            shown.add_related(props.picture("prop"), "image", "png", cid="<prop>")  # type: ignore[union-attr]
    for name in step.files:
        kind, content = props.file(name)
        main, _, sub = kind.partition("/")
        mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return mail.as_bytes()


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
            receiving.KeptFile(
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
    customer: Customer,
    step: Reply | Note | Assign | Resolve,
    number: int,
) -> None:
    client_id = f"demo-{conversation.id}-{number}"
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
                attachment_ids=[_upload(tx, services.files, name).id for name in step.files],
            )
            message = writing.reply(tx, conversation, words, token_key=services.secrets.key("threads")).message
            delivering.start(tx, message)
            if step.fails:
                delivering.failed(tx, message, code="recipients_refused", detail=step.fails)
            else:
                delivering.sent(tx, message)


def _upload(tx: Transaction, files: Files, name: str) -> Attachment:
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


def _chain(tx: Transaction, conversation: Conversation) -> list[str]:
    newest = tx.session.scalar(
        select(Message)
        .where(Message.conversation_id == conversation.id, Message.header_id.is_not(None))
        .order_by(Message.id.desc())
        .limit(1)
    )
    return [] if newest is None else [*(newest.chain or [])[-10:], newest.header_id or ""]


def _actor(stage: Stage, key: str) -> Actor:
    member = stage.members[key]
    return Actor("member", member.id, member.role, member.language)


def _label(tx: Transaction, name: str, colour: str) -> Label:
    label = tx.session.scalar(select(Label).where(Label.name == name)) or Label(name=name, colour=colour)
    tx.add(label)
    return label
