"""A calendar invitation (text/calendar) as a person reads it: what, when, where, who asks. Nothing is ever answered by itself.

Linear: lines are unfolded and capped, only the first event is read, and every value is bounded.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo

from msgspec import Struct

from comptoir.mail import charsets, zones
from comptoir.mail.headers import one_line

MAX_BYTES = 512 * 1024
MAX_LINES = 20_000
_MAX_VALUE = 4_000
_LINE = re.compile(r'([A-Za-z-]{1,40})((?:;[A-Za-z-]{1,40}=(?:"[^"]*"|[^";:]*)(?:,"[^"]*")*)*):(.*)', re.DOTALL)
_PARAMETER = re.compile(r';([A-Za-z-]{1,40})=("[^"]*"|[^";:]*)')
_ESCAPED = re.compile(r"\\([\\;,nN])")
_DURATION = re.compile(r"P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?")
_FREQUENCIES = frozenset({"daily", "weekly", "monthly", "yearly"})


class Attendee(Struct, frozen=True):
    """`answer`: accepted, declined, tentative or empty."""

    address: str
    name: str = ""
    answer: str = ""


class Invitation(Struct, frozen=True, kw_only=True):
    """`method`: request, cancel, reply, publish... Moments are UTC; an event of whole days has `first_day` and `last_day`
    instead. `repeats`: daily, weekly, monthly, yearly or empty."""

    method: str = ""
    uid: str = ""
    summary: str = ""
    location: str = ""
    description: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    first_day: date | None = None
    last_day: date | None = None
    repeats: str = ""
    is_cancelled: bool = False
    organizer: Attendee | None = None
    attendees: list[Attendee] = []


class _Field(Struct, frozen=True):
    name: str
    parameters: Mapping[str, str]
    value: str


class _Calendar(Struct):
    method: str
    event: list[_Field]
    zones: dict[str, list[zones.Observance]]


def read(content: bytes, *, zone: tzinfo) -> Invitation | None:
    """The first event; None where there is none. `zone` is meant by times that name no other."""
    calendar = _calendar(charsets.decode(content[:MAX_BYTES], "utf-8"))
    if not calendar.event:
        return None
    fields = {field.name: field for field in reversed(calendar.event)}
    start, end = _span(fields, calendar.zones, zone)
    whole_days = isinstance(start, date) and not isinstance(start, datetime)
    status = _text(fields, "STATUS").lower()
    return Invitation(
        method=calendar.method,
        uid=_text(fields, "UID")[:300],
        summary=one_line(_text(fields, "SUMMARY"))[:500],
        location=one_line(_text(fields, "LOCATION"))[:500],
        description=_text(fields, "DESCRIPTION"),
        starts_at=start if isinstance(start, datetime) else None,
        ends_at=end if isinstance(end, datetime) else None,
        first_day=start if whole_days else None,
        last_day=_last_day(start, end) if whole_days else None,
        repeats=_repeats(_text(fields, "RRULE")),
        is_cancelled=calendar.method == "cancel" or status == "cancelled",
        organizer=_attendee(fields["ORGANIZER"]) if "ORGANIZER" in fields else None,
        attendees=[_attendee(field) for field in calendar.event if field.name == "ATTENDEE"][:100],
    )


def _calendar(text: str) -> _Calendar:
    found = _Calendar("", [], {})
    inside: list[str] = []
    zone_name = ""
    block: dict[str, str] = {}
    is_done = False
    for field in _fields(text):
        if field.name == "BEGIN":
            inside.append(field.value.upper()[:40])
            block = {} if inside[-1] in ("STANDARD", "DAYLIGHT") else block
        elif field.name == "END":
            kind = inside.pop() if inside else ""
            is_done = is_done or kind == "VEVENT"
            if kind in ("STANDARD", "DAYLIGHT") and (rule := zones.observance(block)):
                found.zones.setdefault(zone_name, []).append(rule)
        elif inside[-1:] == ["VEVENT"]:
            if not is_done and len(found.event) < 1_000:
                found.event.append(field)
        elif inside[-1:] in (["STANDARD"], ["DAYLIGHT"]):
            block[field.name] = field.value
        elif field.name == "TZID":
            zone_name = field.value
        elif field.name == "METHOD":
            found.method = field.value.strip().lower()[:40]
    return found


def _fields(text: str) -> Iterator[_Field]:
    """Unfolded lines: one that begins with a blank continues the one above."""
    line: list[str] = []
    length = 0
    for number, piece in enumerate([*text.replace("\r\n", "\n").split("\n"), ""]):
        if piece[:1] in (" ", "\t") and line:
            if length < _MAX_VALUE:
                line.append(piece[1:])
                length += len(piece)
            continue
        matched = _LINE.fullmatch("".join(line)[:_MAX_VALUE])
        if matched:
            parameters = {name.upper(): value.strip('"') for name, value in _PARAMETER.findall(matched[2])}
            yield _Field(matched[1].upper(), parameters, matched[3])
        line, length = [piece], len(piece)
        if number >= MAX_LINES:
            return


def _span(
    fields: Mapping[str, _Field], given: Mapping[str, list[zones.Observance]], zone: tzinfo
) -> tuple[date | None, date | None]:
    start = _moment(fields.get("DTSTART"), given, zone)
    end = _moment(fields.get("DTEND"), given, zone)
    if start is not None and end is None and (length := _duration(_text(fields, "DURATION"))):
        try:
            end = start + length
        except OverflowError:
            end = None
    return start, end


def _moment(field: _Field | None, given: Mapping[str, list[zones.Observance]], zone: tzinfo) -> date | None:
    """An aware moment in UTC, or a whole day."""
    value = field.value.strip() if field else ""
    if len(value) == 8:
        value, is_day = f"{value}T000000", True
    else:
        is_day = False
    local = zones.wall_clock(value)
    if field is None or local is None or is_day:
        return local.date() if local else None
    if value.endswith("Z"):
        return local
    named = zones.zone_of(field.parameters.get("TZID", ""), given, local) or zone
    try:
        return local.replace(tzinfo=named).astimezone(UTC)
    except OverflowError:
        return None


def _last_day(start: date | None, end: date | None) -> date | None:
    """The end of whole days is the day after."""
    if start is None or end is None or end <= start:
        return start
    return end - timedelta(days=1)


def _duration(value: str) -> timedelta | None:
    matched = _DURATION.fullmatch(value.strip().lstrip("+"))
    if not matched:
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in matched.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def _repeats(rule: str) -> str:
    matched = re.search(r"FREQ=([A-Z]{3,10})", rule.upper())
    frequency = matched[1].lower() if matched else ""
    return frequency if frequency in _FREQUENCIES else ""


def _attendee(field: _Field) -> Attendee:
    address = re.sub(r"(?i)^mailto:", "", field.value.strip())[:320]
    answer = field.parameters.get("PARTSTAT", "").lower()
    return Attendee(
        address=one_line(address) if "@" in address else "",
        name=one_line(field.parameters.get("CN", ""))[:200],
        answer=answer if answer in ("accepted", "declined", "tentative") else "",
    )


def _text(fields: Mapping[str, _Field], name: str) -> str:
    value = fields[name].value if name in fields else ""
    unescaped = _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], value)
    return charsets.clean(unescaped).strip()
