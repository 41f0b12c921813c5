"""A browser asks to be told while its page is closed, or no longer. Web push: RFC 8030, 8291 and 8292.

The house's key pair (VAPID) comes from its master secret, the same at every start and in every process: nothing to lose apart.
"""

import base64
import hashlib
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from comptoir.foundation.errors import Problem
from comptoir.foundation.secrets import Secrets
from comptoir.foundation.tables import to_ms
from comptoir.foundation.transaction import Transaction
from comptoir.notifications.schemas import Subscription
from comptoir.team.models import Member

MOST = 20  # browsers of one member; the oldest goes first
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of the curve P-256


class BadEndpoint(Problem):
    code = "bad_push_endpoint"
    fr = "Ce navigateur propose un service de notification que Comptoir ne peut pas joindre : {host}."
    en = "This browser offers a notification service that Comptoir cannot reach: {host}."


def subscribe(tx: Transaction, given: Subscription, *, allows_private: bool) -> None:
    """For the acting member, whoever had this browser before. Twice is once."""
    parts = urlsplit(given.endpoint)
    if not parts.hostname or (parts.scheme != "https" and not (allows_private and parts.scheme == "http")):
        raise BadEndpoint(host=parts.hostname or given.endpoint[:60])
    tx.execute(
        "INSERT INTO push_subscriptions (member_id, stamp, digest, endpoint, p256dh, auth, created_at)"
        " VALUES (:me, :stamp, :digest, :endpoint, :p256dh, :auth, :now) ON CONFLICT (digest) DO UPDATE SET"
        " member_id = excluded.member_id, stamp = excluded.stamp, p256dh = excluded.p256dh, auth = excluded.auth,"
        " created_at = excluded.created_at",
        me=tx.actor.id,
        stamp=tx.find(Member, tx.actor.id or 0).stamp,
        digest=digest(given.endpoint),
        endpoint=given.endpoint,
        p256dh=given.p256dh,
        auth=given.auth,
        now=to_ms(tx.now),
    )
    tx.execute(
        "DELETE FROM push_subscriptions WHERE member_id = :me AND id NOT IN (SELECT id FROM push_subscriptions"
        f" WHERE member_id = :me ORDER BY created_at DESC, id DESC LIMIT {MOST})",
        me=tx.actor.id,
    )


def unsubscribe(tx: Transaction, endpoint: str) -> None:
    """One's own only."""
    tx.execute(
        "DELETE FROM push_subscriptions WHERE digest = :digest AND member_id = :me",
        digest=digest(endpoint),
        me=tx.actor.id,
    )


def digest(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode()).hexdigest()


def house_key(secrets: Secrets) -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(secrets.key("web push")) % (ORDER - 1) + 1
    return ec.derive_private_key(number, ec.SECP256R1())


def public_key(secrets: Secrets) -> str:
    """As `pushManager.subscribe` takes it."""
    point = house_key(secrets).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()
