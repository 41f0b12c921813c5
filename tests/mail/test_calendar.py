"""Invitations say when it is, whatever calendar wrote them and on whichever side of a clock change."""

# ruff: noqa: E501 (a table of lines)

import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from comptoir.mail.calendar import read

PARIS = ZoneInfo("Europe/Paris")
EXCHANGE_ZONE = """BEGIN:VTIMEZONE
TZID:Bruxelles\\, Copenhague\\, Madrid\\, Paris
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def calendar(*lines: str, zone: str = "", method: str = "REQUEST") -> bytes:
    event = "\n".join(("BEGIN:VEVENT", *lines, "END:VEVENT"))
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:{method}\n{zone}{event}\nEND:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    ("start", "zone", "expected"),
    [
        ("DTSTART:20260305T130000Z", "", datetime(2026, 3, 5, 13, tzinfo=UTC)),
        ("DTSTART;TZID=Europe/Paris:20260305T140000", "", datetime(2026, 3, 5, 13, tzinfo=UTC)),
        ("DTSTART;TZID=Europe/Paris:20260705T140000", "", datetime(2026, 7, 5, 12, tzinfo=UTC)),
        ("DTSTART;TZID=Romance Standard Time:20260328T140000", "", datetime(2026, 3, 28, 13, tzinfo=UTC)),
        ("DTSTART;TZID=Romance Standard Time:20260329T140000", "", datetime(2026, 3, 29, 12, tzinfo=UTC)),
        ('DTSTART;TZID="Bruxelles\\, Copenhague\\, Madrid\\, Paris":20260328T140000', EXCHANGE_ZONE, datetime(2026, 3, 28, 13, tzinfo=UTC)),
        ('DTSTART;TZID="Bruxelles\\, Copenhague\\, Madrid\\, Paris":20260329T140000', EXCHANGE_ZONE, datetime(2026, 3, 29, 12, tzinfo=UTC)),
        ('DTSTART;TZID="Bruxelles\\, Copenhague\\, Madrid\\, Paris":20261025T140000', EXCHANGE_ZONE, datetime(2026, 10, 25, 13, tzinfo=UTC)),
        ("DTSTART:20260705T140000", "", datetime(2026, 7, 5, 12, tzinfo=UTC)),
        ("DTSTART;TZID=Nowhere/Land:20260705T140000", "", datetime(2026, 7, 5, 12, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_the_moment_is_right_on_both_sides_of_a_clock_change(start: str, zone: str, expected: datetime) -> None:
    invitation = read(calendar("UID:1", start, "DURATION:PT1H30M", zone=zone), zone=PARIS)

    assert invitation and invitation.starts_at == expected
    assert invitation.ends_at and (invitation.ends_at - expected).total_seconds() == 5400


def test_an_invitation_says_what_where_and_who_asks() -> None:
    invitation = read(
        calendar(
            "UID:abc",
            "SUMMARY;LANGUAGE=fr:Réunion\\, livraison des pla",
            " quettes",
            "LOCATION:Salle B\\; 2e étage",
            "DESCRIPTION:Ordre du jour :\\n- devis",
            'ORGANIZER;CN="Morel, Léa":mailto:lea@garage-morel.example',
            "ATTENDEE;CN=SAV;PARTSTAT=NEEDS-ACTION:MAILTO:sav@pieces.example",
            "ATTENDEE;PARTSTAT=ACCEPTED:mailto:max@ailleurs.example",
            "RRULE:FREQ=WEEKLY;BYDAY=TU",
            "DTSTART:20260305T130000Z",
        ),
        zone=PARIS,
    )

    assert invitation is not None
    assert (invitation.method, invitation.summary) == ("request", "Réunion, livraison des plaquettes")
    assert (invitation.location, invitation.description) == ("Salle B; 2e étage", "Ordre du jour :\n- devis")
    assert invitation.organizer and (invitation.organizer.name, invitation.organizer.address) == (
        "Morel, Léa",
        "lea@garage-morel.example",
    )
    assert [(a.address, a.answer) for a in invitation.attendees] == [
        ("sav@pieces.example", ""),
        ("max@ailleurs.example", "accepted"),
    ]
    assert invitation.repeats == "weekly"


def test_whole_days_end_on_their_last_day() -> None:
    invitation = read(calendar("DTSTART;VALUE=DATE:20260501", "DTEND;VALUE=DATE:20260504"), zone=PARIS)

    assert invitation and (invitation.first_day, invitation.last_day) == (date(2026, 5, 1), date(2026, 5, 3))
    assert invitation.starts_at is None


def test_a_cancelled_one_says_so() -> None:
    by_method = read(calendar("DTSTART:20260305T130000Z", method="CANCEL"), zone=PARIS)
    by_status = read(calendar("DTSTART:20260305T130000Z", "STATUS:CANCELLED"), zone=PARIS)

    assert by_method and by_method.is_cancelled and by_status and by_status.is_cancelled


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"BEGIN:VCALENDAR\nEND:VCALENDAR",
        b"BEGIN:VEVENT\n" + b" a" * 200_000,
        b"BEGIN:VEVENT\n" * 50_000,
        b"BEGIN:VEVENT\n" + b"A;B=" * 100_000 + b":x",
        b'BEGIN:VEVENT\nA;B="' + b'","' * 100_000,
        b"BEGIN:VEVENT\nDTSTART:99999999T999999Z\nDURATION:P9999W\nRRULE:FREQ=" + b"A" * 100_000,
        b"BEGIN:VEVENT\nDTSTART:99991231T235959\nDURATION:P9999W\nTZID:x",
    ],
)
def test_no_calendar_holds_the_reader_up(content: bytes) -> None:
    begun = time.process_time()
    read(content, zone=PARIS)
    assert time.process_time() - begun < 2
