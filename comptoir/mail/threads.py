"""Which conversation a mail belongs to, as far as its own headers can prove it.

Our Message-IDs carry a keyed token that names the conversation, so an answer finds its way home even to a server that lost its
history, and nobody can write themselves into a conversation by guessing an id.
"""

import hashlib
import hmac
import re
from base64 import b32encode
from collections.abc import Iterable

_MAX_VALUE = 64 * 1024
_MAX_IDS = 200
_KEPT_REFERENCES = 20
_TOKEN_LENGTH = 20

_BRACKETED = re.compile(r"<([^<>]{1,998})>")
_BARE = re.compile(r"[^\s<>()\",;]{1,400}@[^\s<>()\",;]{1,255}")
_OURS = re.compile(r"<c\.(\d{1,19})\.([0-9a-z-]{1,40})\.([a-z2-7]{20})@")
_PLUS = re.compile(r"[^@]{0,64}\+c\.(\d{1,19})\.([a-z2-7]{20})@")
_BY_ADDRESS = "address"  # stands for the message in the token of a plus address
_REPLY = r"re|ré|rep|rép|réf|réponse|aw|antw|antwort|sv|vs|vá|rif|odp|回复|答复"
_FORWARD = r"tr|fw|fwd|wg|rv|enc|vb|doorst|vl|pd|i|ilt|i̇lt|πρθ|прсл|转发|转寄|轉寄"
_FORWARD_PREFIX = re.compile(
    rf"\s*(?:{_FORWARD})\s{{0,3}}(?:\[\d{{1,4}}\]|\(\d{{1,4}}\))?\s{{0,3}}[:\uff1a]", re.IGNORECASE
)
_PREFIX = re.compile(
    rf"\s*(?:{_REPLY}|{_FORWARD})\s{{0,3}}(?:\[\d{{1,4}}\]|\(\d{{1,4}}\))?\s{{0,3}}[:\uff1a]", re.IGNORECASE
)
_REPLY_PREFIX = re.compile(
    rf"\s*(?:{_REPLY})\s{{0,3}}(?:\[\d{{1,4}}\]|\(\d{{1,4}}\))?\s{{0,3}}[:\uff1a]", re.IGNORECASE
)


def new_header_id(secret: bytes, conversation_id: int, message_id: int | object, domain: str) -> str:
    """`<c.CONVERSATION.MESSAGE.TOKEN@domain>`; the same arguments give the same id."""
    message = re.sub(r"[^0-9a-z-]", "", str(message_id).lower())[:40] or "0"
    host = re.sub(r"[^0-9a-z.-]", "", _ascii(domain)).strip(".-") or "comptoir.invalid"
    return f"<c.{conversation_id}.{message}.{_token(secret, conversation_id, message)}@{host}>"


def conversation_of(secret: bytes, header_ids: Iterable[str]) -> int | None:
    """The conversation named by the first of these ids that carries a valid token of ours. Servers may change its case."""
    for header_id in header_ids:
        match = _OURS.match(header_id.strip().lower())
        if match and hmac.compare_digest(match.group(3), _token(secret, int(match.group(1)), match.group(2))):
            return int(match.group(1))
    return None


def plus_address(secret: bytes, conversation_id: int, address: str) -> str:
    """`sav+c.42.TOKEN@atelier.fr`: an answer to it comes back to its conversation whatever it quotes."""
    local, _, domain = address.rpartition("@")
    return f"{local}+c.{conversation_id}.{_token(secret, conversation_id, _BY_ADDRESS)}@{domain}"


def conversation_of_address(secret: bytes, addresses: Iterable[str]) -> int | None:
    """The conversation named by the first of these addresses that carries a valid token of ours."""
    for address in addresses:
        match = _PLUS.match(address.strip().lower())
        if match and hmac.compare_digest(match.group(2), _token(secret, int(match.group(1)), _BY_ADDRESS)):
            return int(match.group(1))
    return None


def header_ids(text: str) -> tuple[str, ...]:
    """The Message-IDs in a header value, with their brackets, oldest first, each once. Prose around them is ignored."""
    text = text[:_MAX_VALUE]
    found: dict[str, None] = {}
    for match in _BRACKETED.finditer(text):
        content = match.group(1)
        bare = "".join(content.split())
        if bare and (bare == content.strip() or "@" in bare):
            found[f"<{bare}>"] = None
        if len(found) >= _MAX_IDS:
            break
    if not found:
        found = {f"<{match.group()}>": None for match in _BARE.finditer(text[:4_096])}
    return tuple(found)


def reply_references(in_reply_to: str, references: Iterable[str]) -> tuple[str, ...]:
    """The References of an answer: the chain, then the mail answered; when long, its first and its last twenty."""
    chain = [header_id for header_id in dict.fromkeys(references) if header_id and header_id != in_reply_to]
    chain += [in_reply_to] if in_reply_to else []
    if len(chain) > _KEPT_REFERENCES + 1:
        chain = [chain[0], *chain[-_KEPT_REFERENCES:]]
    return tuple(chain)


def reply_subject(subject: str) -> str:
    subject = " ".join(subject.split())
    return subject if _REPLY_PREFIX.match(subject) else f"Re: {subject}".strip()


def is_reply_subject(subject: str) -> bool:
    """Whether the subject says by itself that this mail answers or forwards another."""
    return bool(_PREFIX.match(subject))


def is_forward_subject(subject: str) -> bool:
    """Whether the subject says by itself that this mail passes another on, and does not answer one."""
    return bool(_FORWARD_PREFIX.match(subject))


def is_answer_subject(subject: str) -> bool:
    return bool(_REPLY_PREFIX.match(subject))


def base_subject(subject: str) -> str:
    """The subject without any Re:, TR:, Fwd:, AW: ... however many and in whatever language."""
    subject = " ".join(subject[:2_000].split())
    position = 0
    while match := _PREFIX.match(subject, position):
        position = match.end()
    return subject[position:].strip()


def normalise_subject(subject: str) -> str:
    """Two mails about the same thing give the same value."""
    return base_subject(subject).casefold()


def _token(secret: bytes, conversation_id: int, message: str) -> str:
    digest = hmac.new(
        secret, f"comptoir conversation {conversation_id} message {message}".encode(), hashlib.sha256
    ).digest()
    return b32encode(digest).decode("ascii").lower()[:_TOKEN_LENGTH]


def _ascii(domain: str) -> str:
    try:
        return domain.lower().encode("idna").decode("ascii")
    except UnicodeError:
        return ""
