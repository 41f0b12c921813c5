"""Is this number really ready? Each line is asked of Meta, none is taken for granted."""

from comptoir.channels.port import Connection, ConnectionTrouble, Finding
from comptoir.providers import loose
from comptoir.providers.meta import graph
from comptoir.providers.meta.templates import templates

WANTED = ("whatsapp_business_messaging", "whatsapp_business_management")
NUMBER_FIELDS = "display_phone_number,verified_name,quality_rating,status,name_status,code_verification_status"


async def check(connection: Connection, *, webhook_url: str) -> list[Finding]:
    token = await _token(connection)
    if token.state == "failed":
        return [token]
    webhook = [await _webhook(connection, webhook_url)] if webhook_url else []
    return [token, *await _number(connection), *webhook, await _templates(connection)]


async def _token(connection: Connection) -> Finding:
    """Graph says of a token what it is and what it may do. The proof that goes along tells whether the app's secret is right,
    without which no webhook could be believed."""
    params = {"input_token": connection.secrets.get("access_token", "")}
    try:
        answer = await graph.require(connection, "GET", "debug_token", params=params)
    except ConnectionTrouble as trouble:
        is_secret = "appsecret_proof" in trouble.detail
        return Finding("token", "failed", "app_secret_wrong" if is_secret else trouble.code, trouble.detail)
    data = loose.mapping(answer.data, "data")
    if not data.get("is_valid"):
        return Finding("token", "failed", "sign_in_failed", loose.text(data, "error", "message"))
    scopes = data.get("scopes")
    missing = [one for one in WANTED if not isinstance(scopes, list) or one not in scopes]
    if missing:
        return Finding("token", "failed", "permission_missing", ", ".join(missing))
    if loose.number(data, "expires_at"):
        return Finding("token", "warning", "token_expires", str(int(loose.number(data, "expires_at") or 0)))
    return Finding("token", "ok", "token_valid")


async def _number(connection: Connection) -> list[Finding]:
    """The number behind the id must be the one that was typed: else customers would be answered from another."""
    try:
        path = graph.text(connection.settings, "phone_number_id")
        answer = await graph.require(connection, "GET", path, params={"fields": NUMBER_FIELDS})
    except ConnectionTrouble as trouble:
        code = "number_missing" if trouble.code == "request_refused" else trouble.code
        return [Finding("number", "failed", code, trouble.detail)]
    shown = loose.text(answer.data, "display_phone_number")
    if _digits(shown) != _digits(connection.address):
        return [Finding("number", "failed", "another_number", shown)]
    name = loose.text(answer.data, "verified_name")
    quality = loose.text(answer.data, "quality_rating").upper() or "UNKNOWN"
    state, code = {"RED": ("warning", "quality_low"), "YELLOW": ("warning", "quality_medium")}.get(
        quality, ("ok", "quality_good" if quality == "GREEN" else "quality_unknown")
    )
    return [
        Finding("number", "ok", "number_found", f"{shown} · {name}" if name else shown),
        Finding("quality", state, code),  # type: ignore[arg-type]
    ]


async def _webhook(connection: Connection, webhook_url: str) -> Finding:
    """Subscribed, at our address: asked, and made so where it is not, then asked again. Numbers of one account share one
    address, which is any of ours: what comes is routed by its number."""
    ours = webhook_url.rpartition("/")[0] + "/"
    try:
        seen = await _callbacks(connection)
        if not any(url.startswith(ours) for url in seen):
            await _subscribe(connection, webhook_url)
            seen = await _callbacks(connection)
    except ConnectionTrouble as trouble:
        code = "webhook_unverified" if trouble.code == "request_refused" else trouble.code
        return Finding("webhook", "failed", code, trouble.detail)
    if any(url.startswith(ours) for url in seen):
        return Finding("webhook", "ok", "webhook_subscribed", webhook_url)
    if seen:  # the app's own address, which its dashboard alone shows
        return Finding("webhook", "warning", "webhook_elsewhere", next((url for url in seen if url), ""))
    return Finding("webhook", "failed", "webhook_missing")


async def _callbacks(connection: Connection) -> list[str]:
    """The address that each subscribed app of the account is called at; "" where its own dashboard decides."""
    answer = await graph.require(connection, "GET", _subscriptions(connection))
    return [loose.text(app, "override_callback_uri") for app in loose.items(answer.data, "data")]


async def _subscribe(connection: Connection, webhook_url: str) -> None:
    verify_token = connection.secrets.get("verify_token", "")
    body = {"override_callback_uri": webhook_url, "verify_token": verify_token}
    await graph.require(connection, "POST", _subscriptions(connection), json=body)


def _subscriptions(connection: Connection) -> str:
    return f"{graph.text(connection.settings, 'waba_id')}/subscribed_apps"


async def _templates(connection: Connection) -> Finding:
    try:
        found = await templates(connection)
    except ConnectionTrouble as trouble:
        return Finding("templates", "failed", trouble.code, trouble.detail)
    approved = sum(template.status == "approved" for template in found)
    return Finding(
        "templates", "ok" if approved else "warning", "templates_found" if approved else "templates_none", str(approved)
    )


def _digits(phone: str) -> str:
    return "".join(character for character in phone if character.isascii() and character.isdigit())
