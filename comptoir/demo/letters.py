"""What a sample customer's mail looks like on the wire: real bytes, for the real parser."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from comptoir.channels.models import Channel
from comptoir.demo import props
from comptoir.demo.cast import CUSTOMERS, Customer
from comptoir.demo.scenes import Mail

LONG_LINES = SMTP.clone(max_line_length=900)  # or else Python breaks a long Message-ID into encoded words
PHOTO = "photo"  # the HTML that shows a picture of its own


def write(
    customer: Customer, channel: Channel, subject: str, mail: Mail, at: datetime, chain: list[str], key: str
) -> bytes:
    """`chain`: the Message-IDs of the thread, the one that is answered last. `key` makes the mail's own one."""
    if mail.is_broken:
        return b"\x00\x01 this is not a mail \xff\xfe\n" + key.encode()
    message = EmailMessage(LONG_LINES)
    message["From"] = f'"{customer.name}" <{customer.address}>'
    message["To"] = f'"{channel.name}" <{channel.address}>'
    if mail.cc:
        message["Cc"] = ", ".join(f'"{CUSTOMERS[each].name}" <{CUSTOMERS[each].address}>' for each in mail.cc)
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{key}.{int(at.timestamp())}@{customer.address.partition('@')[2]}>"
    if chain:
        message["In-Reply-To"], message["References"] = chain[-1], " ".join(chain)
    if mail.is_automatic:
        message["Auto-Submitted"] = "auto-replied"
    message.set_content(mail.text)
    if mail.html:
        _add_html(message, mail.html)
    for name in mail.files:
        kind, content = props.file(name)
        main, _, sub = kind.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


def _add_html(message: EmailMessage, name: str) -> None:
    message.add_alternative(props.HTML[name], subtype="html")
    if name == PHOTO:
        shown = message.get_payload()[1]  # type: ignore[index]
        shown.add_related(props.picture("prop"), "image", "png", cid="<prop>")  # type: ignore[union-attr]
