"""One bubble as Twilio takes it. A file is not uploaded: Twilio fetches it from an address of ours that is good for a while."""

import json
import re

from comptoir.channels import refusals
from comptoir.channels.chat import ChatOutgoing, Party, TemplateUse
from comptoir.channels.port import Connection, Receipt
from comptoir.providers import loose, wire
from comptoir.providers.twilio import errors, rest
from comptoir.providers.wire import NotReached

MARK = re.compile(r"\{\{\s*(\w+)\s*\}\}")


async def send(connection: Connection, outgoing: ChatOutgoing) -> Receipt:
    form = _addressed(connection, outgoing.to) | _content(outgoing)
    if outgoing.callback_url:
        form["StatusCallback"] = outgoing.callback_url
    url = rest.url(connection, rest.API, rest.account_path(connection, "/Messages"))
    try:
        answer = await rest.ask(connection, "POST", url, data=form)
    except NotReached as error:
        raise wire.unsent(error) from error
    sid = loose.text(answer.data, "sid")
    if not answer.is_success or not sid:
        raise errors.send_error(answer)
    return Receipt(sid)


def _addressed(connection: Connection, to: Party) -> dict[str, str]:
    phone = to.given or to.value("phone")
    user_id = to.value("bsuid") or to.value("parent_bsuid")
    if not phone and not user_id:
        raise refusals.error("recipient_unknown")
    form = {"To": f"whatsapp:+{phone.removeprefix('+')}" if phone else f"whatsapp:{user_id}"}
    service = rest.text(connection.settings, "messaging_service_sid")
    if service:
        form["MessagingServiceSid"] = service
    form["From"] = f"whatsapp:{rest.text(connection.settings, 'number') or connection.address}"
    return form


def _content(outgoing: ChatOutgoing) -> dict[str, str]:
    if outgoing.template is not None:
        variables = json.dumps(_variables(outgoing.template), ensure_ascii=False)
        return {"ContentSid": outgoing.template.found.external_id, "ContentVariables": variables}
    form = {"Body": outgoing.words} if outgoing.words else {}
    if outgoing.file is not None:
        form["MediaUrl"] = outgoing.file.url
    return form


def _variables(use: TemplateUse) -> dict[str, str]:
    """All variables of one content share one set of names: those of its buttons' addresses too."""
    values = {**use.values, **use.header_values}
    for index, value in use.button_values.items():
        marks = MARK.findall(use.found.buttons[index].url) if index < len(use.found.buttons) else []
        values |= dict.fromkeys(marks[:1], value)
    return values
