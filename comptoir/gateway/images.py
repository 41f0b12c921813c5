"""Remote images of mails come through us, and only those that a mail of ours points to: each address carries our signature."""

import hashlib
import hmac
from collections.abc import Callable
from urllib.parse import quote

from comptoir.foundation.secrets import Secrets


def proxy(secrets: Secrets) -> Callable[[str], str]:
    """The address of a remote image -> an address of ours that shows it."""

    def through_us(url: str) -> str:
        return f"/api/images?url={quote(url, safe='')}&signature={_signature(secrets, url)}"

    return through_us


def is_ours(secrets: Secrets, url: str, signature: str) -> bool:
    return hmac.compare_digest(_signature(secrets, url).encode(), signature.encode(errors="replace"))


def _signature(secrets: Secrets, url: str) -> str:
    return hmac.new(secrets.key("images"), url.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()[:32]
