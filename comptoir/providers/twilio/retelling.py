"""What was said to a number, and what became of its answers, while nobody answered Twilio's calls: it tries once or twice and
gives up, but lists its messages, and shows each by its id.

The list knows less than a call does (no quote, no place, no name): enough for nothing to be lost.
"""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from comptoir.channels.port import Connection, Retold
from comptoir.providers import loose
from comptoir.providers.loose import Json
from comptoir.providers.twilio import rest

PAGE = 500
MOST_PAGES = 40
NEWS = ("delivered", "read", "undelivered", "failed", "canceled")
SAID_AT = "our_said_at"  # the list tells when; a call does not


async def retell(connection: Connection, since: datetime) -> list[Retold]:
    number = rest.text(connection.settings, "number") or connection.address
    url = rest.url(connection, rest.API, rest.account_path(connection, "/Messages"))
    params = {
        "To": f"whatsapp:{number}",
        "DateSent>": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "PageSize": str(PAGE),
    }
    found: list[Retold] = []
    for _ in range(MOST_PAGES):
        answer = await rest.require(connection, "GET", url, params=params)
        for raw in loose.items(answer.data, "messages"):
            if loose.text(raw, "direction") == "inbound" and loose.text(raw, "sid"):
                found.append(Retold(loose.text(raw, "sid"), await _body(connection, raw)))
        following = dict(parse_qsl(urlsplit(loose.text(answer.data, "next_page_uri")).query))
        if not following or following == params:
            break
        params = following
    return found[::-1]


async def inquire(connection: Connection, sid: str) -> bytes | None:
    """As the status callback would have told it; None while it is no more than sent."""
    path = rest.account_path(connection, f"/Messages/{quote(sid, safe='')}")
    raw = (await rest.require(connection, "GET", rest.url(connection, rest.API, path))).data
    if loose.text(raw, "status") not in NEWS:
        return None
    form = {
        "MessageSid": sid,
        "MessageStatus": loose.text(raw, "status"),
        "AccountSid": loose.text(raw, "account_sid"),
        "From": loose.text(raw, "from"),
        "To": loose.text(raw, "to"),
        "ErrorCode": loose.text(raw, "error_code"),
        "ErrorMessage": loose.text(raw, "error_message"),
    }
    return urlencode({name: value for name, value in form.items() if value}).encode()


async def _body(connection: Connection, raw: Json) -> bytes:
    sid = loose.text(raw, "sid")
    form = {
        "MessageSid": sid,
        "AccountSid": loose.text(raw, "account_sid"),
        "From": loose.text(raw, "from"),
        "To": loose.text(raw, "to"),
        "Body": loose.text(raw, "body"),
        SAID_AT: _moment(loose.text(raw, "date_sent") or loose.text(raw, "date_created")),
    }
    if loose.text(raw, "num_media") not in ("", "0"):
        form |= await _media(connection, sid)
    return urlencode(form).encode()


async def _media(connection: Connection, sid: str) -> dict[str, str]:
    url = rest.url(connection, rest.API, rest.account_path(connection, f"/Messages/{sid}/Media"))
    answer = await rest.require(connection, "GET", url)
    form: dict[str, str] = {}
    for index, raw in enumerate(loose.items(answer.data, "media_list")):
        path = rest.account_path(connection, f"/Messages/{sid}/Media/{loose.text(raw, 'sid')}").removesuffix(".json")
        form[f"MediaUrl{index}"] = rest.url(connection, rest.API, path)
        form[f"MediaContentType{index}"] = loose.text(raw, "content_type")
    return form


def _moment(written: str) -> str:
    """RFC 2822, as Twilio writes it, to ISO; "" for what is no moment."""
    try:
        return parsedate_to_datetime(written).astimezone(UTC).isoformat()
    except ValueError:
        return ""
