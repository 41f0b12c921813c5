"""The doors of the notifications room: the centre, one's choices, one's browsers."""

from typing import Annotated

from litestar import Router, get, post, put
from litestar.params import JSONBody, Parameter

from comptoir.foundation.doors import act, query
from comptoir.foundation.services import Services
from comptoir.foundation.transaction import Transaction
from comptoir.notifications import choosing, dismissing, queries, subscribing
from comptoir.notifications.schemas import (
    Choices,
    ChoicesView,
    NotificationPage,
    ReadNotifications,
    Subscription,
    Unsubscription,
)


@get("/notifications", operation_id="notifications")
@query
def notifications(tx: Transaction, cursor: Annotated[str | None, Parameter(max_length=40)] = None) -> NotificationPage:
    """What one was told of, newest first; only what one may still see."""
    return queries.page(tx, cursor=cursor)


@put("/notifications/reading", operation_id="readNotifications", status_code=204)
@act
def read(tx: Transaction, data: JSONBody[ReadNotifications]) -> None:
    dismissing.read(tx, ids=data.ids, conversation_id=data.conversation_id)


@get("/me/notifications", operation_id="notificationChoices")
@query
def choices(tx: Transaction, services: Services) -> ChoicesView:
    return _view(tx, services)


@put("/me/notifications", operation_id="chooseNotifications")
@act
def choose(tx: Transaction, services: Services, data: JSONBody[Choices]) -> ChoicesView:
    choosing.choose(tx, data)
    return _view(tx, services)


@put("/push-subscriptions", operation_id="subscribeToPush", status_code=204)
@act
def subscribe(tx: Transaction, services: Services, data: JSONBody[Subscription]) -> None:
    """This browser is told while its page is closed, for as long as the session of its member lasts."""
    subscribing.subscribe(tx, data, allows_private=services.settings.private_push)


@post("/push-subscriptions/removal", operation_id="unsubscribeFromPush", status_code=204)
@act
def unsubscribe(tx: Transaction, data: JSONBody[Unsubscription]) -> None:
    """By its endpoint, which is a secret and too long for an address."""
    subscribing.unsubscribe(tx, data.endpoint)


def _view(tx: Transaction, services: Services) -> ChoicesView:
    mine = choosing.choices_of(tx, tx.actor.id)
    return ChoicesView(
        ways=mine.ways,
        has_sound=mine.has_sound,
        digest=mine.digest,
        can_mail=bool(services.settings.smtp_url),
        push_key=subscribing.public_key(services.secrets),
    )


def router() -> Router:
    handlers = [notifications, read, choices, choose, subscribe, unsubscribe]
    return Router("/", route_handlers=handlers, tags=["notifications"])
