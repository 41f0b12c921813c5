"""The business numbers that the emulated providers host, with the secrets that open them."""

import secrets
from dataclasses import dataclass, field
from typing import Any, Literal

from comptoir.demo.emulators.templates import Template


@dataclass
class Number:
    """`id` is Meta's phone_number_id, or Twilio's own number ("+E164"); `account` the WABA id, or the AccountSid. `secret` signs
    what we are told (app secret, auth token), `token` opens the API (access token; Twilio: the auth token again)."""

    provider: Literal["meta", "twilio"]
    id: str
    phone: str
    name: str
    account: str
    secret: str
    token: str
    app_id: str = ""
    shared_key: str = ""  # Twilio: signs instead of the token, with SHA-256
    verify_token: str = ""
    webhook_url: str = ""
    fallback_url: str = ""
    is_subscribed: bool = True
    quality: str = "GREEN"
    permissions: tuple[str, ...] = ("whatsapp_business_management", "whatsapp_business_messaging")
    templates: list[Template] = field(default_factory=list)

    @property
    def digits(self) -> str:
        return self.phone.removeprefix("+")

    def settings(self, base_url: str, *, webhook_key: str = "") -> dict[str, Any]:
        """What a channel of Comptoir keeps to reach it here."""
        found: dict[str, Any] = {"base_url": base_url, "webhook_key": webhook_key or secrets.token_urlsafe(24)}
        if self.provider == "twilio":
            return found | {"account_sid": self.account, "number": self.phone}
        return found | {
            "phone_number_id": self.id,
            "waba_id": self.account,
            "app_id": self.app_id,
            "graph_version": "v26.0",
        }

    def secrets(self) -> dict[str, str]:
        if self.provider == "twilio":
            return {"auth_token": self.secret} | ({"shared_key": self.shared_key} if self.shared_key else {})
        return {"access_token": self.token, "app_secret": self.secret, "verify_token": self.verify_token}


def meta_number(phone: str, name: str, *, serial: int) -> Number:
    return Number(
        provider="meta",
        id=f"10654035224{serial:04}",
        phone=phone,
        name=name,
        account=f"10229012934{serial:04}",
        app_id=f"67021198234{serial:04}",
        secret=secrets.token_hex(16),
        token=f"EAA{secrets.token_urlsafe(40)}",
        verify_token=secrets.token_urlsafe(16),
    )


def twilio_number(phone: str, name: str, *, serial: int) -> Number:
    token = secrets.token_hex(16)
    account = f"AC{serial:032x}"
    return Number(provider="twilio", id=phone, phone=phone, name=name, account=account, secret=token, token=token)
