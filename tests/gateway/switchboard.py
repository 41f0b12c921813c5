"""Connected numbers in tests, and the calls of their providers: signed as they sign them, over real HTTP when served."""

import json
from typing import Any
from urllib.parse import urlencode

import httpx

from comptoir.channels import queries as channels
from comptoir.channels.models import Channel, ChannelMember
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.providers.meta import signature as meta
from comptoir.providers.twilio import signature as twilio

APP_SECRET, VERIFY_TOKEN, AUTH_TOKEN, SHARED_KEY = "app-secret", "verify-me", "auth-token", "shared-key"
NUMBER_ID, ACCOUNT = "106540352242922", "AC11111111111111111111111111111111"
Json = dict[str, Any]


def connect(
    services: Services,
    provider: str = "meta",
    *,
    number_id: str = NUMBER_ID,
    address: str = "+15550783881",
    key: str = "",
    account: str = ACCOUNT,
    number: str = "",
) -> Channel:
    """A number as the settings page connects it; every member works in it."""
    webhook_key = key or f"key-{provider}-{number_id}"
    if provider == "meta":
        settings: Json = {"phone_number_id": number_id, "waba_id": account, "graph_version": "v26.0"}
        secrets = {"access_token": "a-token", "app_secret": APP_SECRET, "verify_token": VERIFY_TOKEN}
    else:
        settings = {"account_sid": account, "number": number or address}
        secrets = {"auth_token": AUTH_TOKEN, "shared_key": SHARED_KEY}

    def work(tx: Transaction) -> Channel:
        channel = Channel(
            kind="whatsapp",
            provider=provider,
            name="WhatsApp",
            address=address,
            settings=settings | {"webhook_key": webhook_key},
            secrets=channels.sealed(secrets, services.secrets),
            health="connected",
            version=0,
            created_at=tx.now,
        )
        tx.add(channel)
        members = tx.rows("SELECT id FROM members")
        if members:
            tx.add(*(ChannelMember(channel_id=channel.id, member_id=id) for (id,) in members))
        return channel

    return services.database.write_now(work)


def path_of(channel: Channel) -> str:
    return f"/api/webhooks/{channel.provider}/{channel.settings['webhook_key']}"


def body_of(call: Json | bytes) -> bytes:
    """As Meta writes it: what is not ASCII escaped."""
    return call if isinstance(call, bytes) else json.dumps(call, separators=(",", ":")).encode()


def call_meta(
    client: httpx.Client, channel: Channel, call: Json | bytes, *, secret: str = APP_SECRET
) -> httpx.Response:
    body = body_of(call)
    headers = {"content-type": "application/json", meta.HEADER: meta.sign(secret, body)}
    return client.post(path_of(channel), content=body, headers=headers)


def call_twilio(
    client: httpx.Client,
    channel: Channel,
    form: dict[str, str] | bytes,
    *,
    base_url: str,
    query: str = "",
    token: str = AUTH_TOKEN,
    is_sha256: bool = False,
) -> httpx.Response:
    body = form if isinstance(form, bytes) else urlencode(form).encode()
    target = path_of(channel) + (f"?{query}" if query else "")
    key, algorithm = (SHARED_KEY, "sha256") if is_sha256 else (token, "sha1")
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        twilio.HEADER: twilio.sign(key, base_url + target, body, algorithm=algorithm),
    }
    if is_sha256:
        headers[twilio.MODE_HEADER] = "key=any,algorithm=HMAC_SHA256"
    return client.post(target, content=body, headers=headers)


def envelope(*messages: Json, number_id: str = NUMBER_ID, contacts: list[Json] | None = None, **value: Any) -> Json:
    """One change with these messages from Ana, unless said otherwise."""
    said: Json = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": number_id},
        "contacts": [{"profile": {"name": "Ana Prueba"}, "wa_id": "34600000001"}] if contacts is None else contacts,
        **({"messages": list(messages)} if messages else {}),
        **value,
    }
    change = {"field": value.pop("field", "messages"), "value": said}
    return {"object": "whatsapp_business_account", "entry": [{"id": "102290129340398", "changes": [change]}]}


def message(id: str, text: str = "", *, at: int, sender: str = "34600000001", **said: Any) -> Json:
    """A text, unless `said` gives another type."""
    base: Json = {"id": id, "from": sender, "timestamp": str(at)}
    return base | (said if "type" in said else {"type": "text", "text": {"body": text}} | said)


def status(id: str, state: str, *, at: int, **said: Any) -> Json:
    return {"id": id, "status": state, "timestamp": str(at), "recipient_id": "34600000001"} | said
