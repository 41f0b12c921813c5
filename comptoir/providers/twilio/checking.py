"""Is this number really ready? Each line is asked of Twilio, none is taken for granted."""

from comptoir.channels.port import Connection, ConnectionTrouble, Finding
from comptoir.providers import loose
from comptoir.providers.loose import Json
from comptoir.providers.twilio import rest
from comptoir.providers.twilio.templates import templates

PAGE = 100
QUALITIES = {
    "HIGH": ("ok", "quality_good"),
    "MEDIUM": ("warning", "quality_medium"),
    "LOW": ("warning", "quality_low"),
}


async def check(connection: Connection, *, webhook_url: str) -> list[Finding]:
    token = await _token(connection)
    if token.state == "failed":
        return [token]
    try:
        sender = await _sender(connection)
    except ConnectionTrouble as trouble:
        number = [Finding("number", "failed", trouble.code, trouble.detail)]
    else:
        number = await _about(connection, sender, webhook_url)
    return [token, *number, await _templates(connection)]


async def _token(connection: Connection) -> Finding:
    try:
        url = rest.url(connection, rest.API, rest.account_path(connection, ""))
        answer = await rest.require(connection, "GET", url)
    except ConnectionTrouble as trouble:
        return Finding("token", "failed", trouble.code, trouble.detail)
    status = loose.text(answer.data, "status")
    if status != "active":
        return Finding("token", "failed", "account_blocked", status)
    return Finding("token", "ok", "token_valid", loose.text(answer.data, "friendly_name"))


async def _sender(connection: Connection) -> Json | None:
    url = rest.url(connection, rest.MESSAGING, "/v2/Channels/Senders")
    params = {"Channel": "whatsapp", "PageSize": str(PAGE)}
    answer = await rest.require(connection, "GET", url, params=params)
    wanted = f"whatsapp:{connection.address}"
    senders = loose.items(answer.data, "senders")
    return next((sender for sender in senders if loose.text(sender, "sender_id") == wanted), None)


async def _about(connection: Connection, sender: Json | None, webhook_url: str) -> list[Finding]:
    if sender is None:
        return [Finding("number", "failed", "number_missing", connection.address)]
    status = loose.text(sender, "status").upper()
    is_online = status.startswith("ONLINE")
    name = loose.text(sender, "profile", "name")
    shown = f"{connection.address} · {name}" if name else connection.address
    state, code = QUALITIES.get(loose.text(sender, "properties", "quality_rating").upper(), ("ok", "quality_unknown"))
    return [
        Finding("number", "ok", "number_found", shown)
        if is_online
        else Finding("number", "failed", "number_offline", status),
        Finding("quality", state, code),  # type: ignore[arg-type]
        *([await _webhook(connection, sender, webhook_url)] if webhook_url else []),
    ]


async def _webhook(connection: Connection, sender: Json, webhook_url: str) -> Finding:
    """An address of somebody else is never replaced: another system may live on it."""
    seen = loose.text(sender, "webhook", "callback_url")
    if seen == webhook_url:
        return Finding("webhook", "ok", "webhook_subscribed", webhook_url)
    if seen:
        return Finding("webhook", "failed", "webhook_elsewhere", seen)
    if rest.text(connection.settings, "messaging_service_sid"):
        return Finding("webhook", "warning", "webhook_in_service")
    try:
        body = {"webhook": {"callback_url": webhook_url, "callback_method": "POST"}}
        url = rest.url(connection, rest.MESSAGING, f"/v2/Channels/Senders/{loose.text(sender, 'sid')}")
        await rest.require(connection, "POST", url, json=body)
    except ConnectionTrouble as trouble:
        return Finding("webhook", "failed", "webhook_missing", trouble.detail)
    again = await _sender(connection)
    is_ours = again is not None and loose.text(again, "webhook", "callback_url") == webhook_url
    return Finding(
        "webhook", "ok" if is_ours else "failed", "webhook_subscribed" if is_ours else "webhook_missing", webhook_url
    )


async def _templates(connection: Connection) -> Finding:
    try:
        found = await templates(connection)
    except ConnectionTrouble as trouble:
        return Finding("templates", "failed", trouble.code, trouble.detail)
    approved = sum(template.status == "approved" for template in found)
    return Finding(
        "templates", "ok" if approved else "warning", "templates_found" if approved else "templates_none", str(approved)
    )
