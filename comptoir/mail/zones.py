"""The time zone that a calendar means: an IANA name, the VTIMEZONE that came with it, or a name of Windows.

A VTIMEZONE is a few observances (standard, daylight), each with an offset and the rule of the day on which it begins; the one
that began last counts. That is all of RFC 5545 that calendars in mails use.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from msgspec import Struct

_OFFSET = re.compile(r"([+-])(\d{2})(\d{2})(?:\d{2})?")
_NTH_DAY = re.compile(r"([+-]?\d{1,2})(MO|TU|WE|TH|FR|SA|SU)")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_IANA = re.compile(r"[A-Za-z][A-Za-z_+-]{1,30}(?:/[A-Za-z0-9_+-]{1,30}){0,2}")

# What Windows and Exchange say, where no VTIMEZONE came along.
_WINDOWS = {
    "romance standard time": "Europe/Paris",
    "w. europe standard time": "Europe/Berlin",
    "central europe standard time": "Europe/Budapest",
    "central european standard time": "Europe/Warsaw",
    "gmt standard time": "Europe/London",
    "greenwich standard time": "Africa/Abidjan",
    "e. europe standard time": "Europe/Chisinau",
    "fle standard time": "Europe/Kyiv",
    "gtb standard time": "Europe/Bucharest",
    "russian standard time": "Europe/Moscow",
    "turkey standard time": "Europe/Istanbul",
    "israel standard time": "Asia/Jerusalem",
    "arabian standard time": "Asia/Dubai",
    "morocco standard time": "Africa/Casablanca",
    "w. central africa standard time": "Africa/Lagos",
    "south africa standard time": "Africa/Johannesburg",
    "india standard time": "Asia/Kolkata",
    "china standard time": "Asia/Shanghai",
    "singapore standard time": "Asia/Singapore",
    "tokyo standard time": "Asia/Tokyo",
    "aus eastern standard time": "Australia/Sydney",
    "eastern standard time": "America/New_York",
    "central standard time": "America/Chicago",
    "mountain standard time": "America/Denver",
    "pacific standard time": "America/Los_Angeles",
    "atlantic standard time": "America/Halifax",
    "e. south america standard time": "America/Sao_Paulo",
    "utc": "UTC",
}


_LOCAL = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)")


class Observance(Struct, frozen=True):
    """From `begins` on (a local time) the offset is `offset`; each year on `nth` `weekday` of `month` when it has a rule."""

    begins: datetime
    offset: timedelta
    month: int = 0
    nth: int = 0
    weekday: int = 0


def zone_of(name: str, given: Mapping[str, list[Observance]], local: datetime) -> tzinfo | None:
    """The zone at this local time; None where nobody knows what the name means."""
    name = name.strip().strip('"')
    found = _iana(name)
    if found is not None:
        return found
    if given.get(name):
        return _at(given[name], local)
    return _iana(_WINDOWS.get(name.lower(), "")) or _iana(name.rpartition("/freeassociation.sourceforge.net/")[2])


def wall_clock(value: str) -> datetime | None:
    """What a clock on the wall shows, labelled UTC until its zone is known."""
    found = _LOCAL.match(value)
    if found is None:
        return None
    year, month, day, hour, minute, second = map(int, found.groups())
    try:
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    except ValueError:
        return None


def observance(fields: Mapping[str, str]) -> Observance | None:
    """The fields of one STANDARD or DAYLIGHT block."""
    offset = _OFFSET.match(fields.get("TZOFFSETTO", ""))
    if offset is None:
        return None
    minutes = int(offset[2]) * 60 + int(offset[3])
    shift = timedelta(minutes=-minutes if offset[1] == "-" else minutes)
    start = wall_clock(fields.get("DTSTART", "")) or datetime(1970, 1, 1, tzinfo=UTC)
    rule = dict(piece.partition("=")[::2] for piece in fields.get("RRULE", "").upper().split(";"))
    day = _NTH_DAY.fullmatch(rule.get("BYDAY", ""))
    month = rule.get("BYMONTH", "")
    if day is None or not month.isdecimal() or not 1 <= int(month) <= 12:
        return Observance(start, shift)
    return Observance(start, shift, int(month), int(day[1]), _WEEKDAYS.index(day[2]))


def _at(observances: list[Observance], local: datetime) -> timezone:
    first = min(observances, key=lambda one: one.begins)
    begun = [(onset, one) for one in observances if (onset := _onset(one, local)) is not None]
    found = max(begun, key=lambda pair: pair[0])[1] if begun else first
    return timezone(found.offset) if abs(found.offset) < timedelta(hours=24) else UTC


def _onset(one: Observance, local: datetime) -> datetime | None:
    """When it began for the last time before `local`."""
    if local < one.begins:
        return None
    if not one.month:
        return one.begins
    for year in (local.year, local.year - 1):
        day = _nth(year, one)
        onset = datetime.combine(day, one.begins.timetz()) if day else None
        if onset is not None and onset <= local:
            return max(onset, one.begins)
    return one.begins


def _nth(year: int, one: Observance) -> date | None:
    if one.nth > 0:
        first = date(year, one.month, 1)
        return first + timedelta(days=(one.weekday - first.weekday()) % 7 + 7 * (one.nth - 1))
    last = date(year + one.month // 12, one.month % 12 + 1, 1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - one.weekday) % 7 + 7 * (-one.nth - 1))


def _iana(name: str) -> ZoneInfo | None:
    if not _IANA.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (ValueError, LookupError, OSError):
        return None
