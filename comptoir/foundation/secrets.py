"""Secrets at rest, and the keys that sign what we hand out. The master key lives outside the database."""

import base64
import os
import secrets as random
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class WrongKey(Exception):
    """A secret in the database was written with another key: the key file was lost or replaced."""


class Secrets:
    """Everything is derived from one master key of 32 bytes or more."""

    def __init__(self, master: bytes) -> None:
        self._master = master
        self._keys: dict[str, bytes] = {}
        self._box = Fernet(base64.urlsafe_b64encode(self.key("at rest")))

    def key(self, purpose: str) -> bytes:
        """32 bytes for one purpose, the same at every start. Derived once: each request asks for that of the sessions."""
        if purpose not in self._keys:
            derivation = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"comptoir {purpose}".encode())
            self._keys[purpose] = derivation.derive(self._master)
        return self._keys[purpose]

    def text_key(self, purpose: str) -> str:
        return self.key(purpose).hex()

    def seal(self, text: str) -> str:
        return self._box.encrypt(text.encode()).decode()

    def unseal(self, sealed: str) -> str:
        try:
            return self._box.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise WrongKey from None


def load(given: str, data: Path) -> Secrets:
    """The key from the environment, or the key file in the data folder, made (readable by its owner alone) at the first start."""
    if given:
        return Secrets(given.encode())
    path = data / "secret.key"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(random.token_urlsafe(48))
    return Secrets(path.read_text().strip().encode())
