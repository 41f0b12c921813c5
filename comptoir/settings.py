"""Every environment variable, typed, read once. `docs/operating.md` lists them and is tested against this file."""

import os
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct


class Settings(Struct, frozen=True, kw_only=True):
    """`database` empty means SQLite inside `data`; `secret` empty means a key file made inside `data` at the first start."""

    data: Path = Path("var")
    database: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    secret: str = ""
    secure_cookies: bool = False
    sign_in_attempts_per_minute: int = 10
    log_level: str = "INFO"
    demo: bool = False
    smtp_url: str = ""
    smtp_from: str = ""
    private_push: bool = False

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.data / 'comptoir.db'}"

    @property
    def base_url(self) -> str:
        """Where a browser reaches us, without a trailing slash; used in invitation links."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"


VARIABLES: Mapping[str, str] = {
    "data": "COMPTOIR_DATA",
    "database": "COMPTOIR_DATABASE",
    "host": "HOST",
    "port": "PORT",
    "public_url": "COMPTOIR_PUBLIC_URL",
    "secret": "COMPTOIR_SECRET",
    "secure_cookies": "COMPTOIR_SECURE_COOKIES",
    "sign_in_attempts_per_minute": "COMPTOIR_SIGN_IN_ATTEMPTS_PER_MINUTE",
    "log_level": "COMPTOIR_LOG_LEVEL",
    "demo": "COMPTOIR_DEMO",
    "smtp_url": "COMPTOIR_SMTP_URL",
    "smtp_from": "COMPTOIR_SMTP_FROM",
    "private_push": "COMPTOIR_PRIVATE_PUSH",
}


class BadSetting(ValueError):
    """A variable whose value cannot be read; the message names it and says what it takes."""


def read(environment: Mapping[str, str] | None = None) -> Settings:
    environment = os.environ if environment is None else environment
    given = {field: environment[name] for field, name in VARIABLES.items() if environment.get(name)}
    values: dict[str, object] = {}
    for field, text in given.items():
        try:
            values[field] = _convert(field, text)
        except ValueError:
            raise BadSetting(f"{VARIABLES[field]} is {text!r}, which is not {_expected(field)}.") from None
    return Settings(**values)  # type: ignore[arg-type]


def _convert(field: str, text: str) -> object:
    kind = Settings.__annotations__[field]
    if kind is bool:
        if text.lower() not in ("1", "0", "true", "false", "yes", "no"):
            raise ValueError(text)
        return text.lower() in ("1", "true", "yes")
    return kind(text)


def _expected(field: str) -> str:
    return {
        int: "a whole number",
        float: "a number",
        bool: "one of 1, 0, true, false",
    }.get(Settings.__annotations__[field], "a text")
