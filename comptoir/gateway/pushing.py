"""A notification reaches a browser whose page is closed, if its member may still see what it is about and has not seen it yet."""

import logging
from typing import NamedTuple

import msgspec

from comptoir.conversations.together.audience import acting_as
from comptoir.foundation.jobs.port import Job, RetryLater
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Event, Transaction
from comptoir.gateway.pacing import back_off
from comptoir.notifications import queries, subscribing, wording
from comptoir.notifications.models import Notification, PushSubscription
from comptoir.providers.web_push import Browser, BrowserGone, PushRefused, PushTrouble, push
from comptoir.team.models import Member

log = logging.getLogger(__name__)

ATTEMPTS = 5


class _Letter(NamedTuple):
    browser: Browser
    payload: bytes


async def send(services: Services, job: Job) -> None:
    """Reaction to notification.pushed."""
    event_id = int(job.args["event_id"])
    letter = await services.database.write(lambda tx: _letter(tx, event_id))
    if letter is None:
        return
    try:
        await push(
            letter.browser,
            letter.payload,
            key=subscribing.house_key(services.secrets),
            contact=services.settings.base_url,
            now=services.clock(),
            private=services.settings.private_push,
        )
    except BrowserGone:
        await services.database.write(lambda tx: _forget(tx, event_id))
    except PushTrouble as trouble:
        if job.attempt < ATTEMPTS:
            raise RetryLater(str(trouble), back_off(job.attempt)) from trouble
        log.warning("a browser could not be told: %s", trouble)
    except PushRefused as refusal:
        log.warning("a push service refuses: %s", refusal)


def _letter(tx: Transaction, event_id: int) -> _Letter | None:
    """None when it was read meanwhile, when its member may not see it any more, or when the session that asked has ended."""
    data = tx.find(Event, event_id).data
    notification = tx.session.get(Notification, data["notification_id"])
    subscription = tx.session.get(PushSubscription, data["subscription_id"])
    if notification is None or subscription is None or notification.read_at is not None:
        return None
    member = tx.find(Member, subscription.member_id)
    if member.stamp != subscription.stamp or not member.is_active:
        tx.remove(subscription)
        return None
    if notification.member_id != member.id:
        return None
    with acting_as(tx, member.id) as is_here:
        view = queries.view(tx, notification.id) if is_here else None
    if view is None:
        return None
    actor = tx.session.get(Member, view.actor_id) if view.actor_id else None
    payload = {
        "id": view.id,
        "title": wording.sentence(view, language=member.language, actor=actor.name if actor else ""),
        "body": view.excerpt,
        "url": wording.path(view),
        "tag": f"notification-{view.id}" if view.is_several else f"conversation-{view.conversation_id}",
        "lang": member.language,
    }
    browser = Browser(subscription.endpoint, subscription.p256dh, subscription.auth)
    return _Letter(browser, msgspec.json.encode(payload))


def _forget(tx: Transaction, event_id: int) -> None:
    subscription = tx.session.get(PushSubscription, tx.find(Event, event_id).data["subscription_id"])
    if subscription is not None:
        tx.remove(subscription)
