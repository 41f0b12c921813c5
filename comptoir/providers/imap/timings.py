"""Every duration of the IMAP provider, in seconds, in one value, so that a test can be quick without patching anything."""

from msgspec import Struct


class Timings(Struct, frozen=True, kw_only=True):
    """`resync` is also the longest an IDLE lasts: Yahoo forgets an idle client after three minutes, others after nine.

    `poll` replaces IDLE where there is none. `sent` is how long a mail sent from elsewhere may stay unnoticed: the Sent folder
    is asked between two IDLEs, because a second connection for each mailbox would double what hosts count. `settled` is how
    long a session must live before the back-off starts over. `retry_sign_in` is long because repeated bad passwords lock
    accounts. `final_answer` follows the last byte of a mail: a server may scan it for minutes, and giving up early makes the
    outcome unknown for nothing.
    """

    connect: float = 15
    read: float = 60
    check: float = 40
    idle_slice: float = 60
    resync: float = 150
    poll: float = 30
    sent: float = 30
    retry_first: float = 1
    retry_cap: float = 60
    retry_sign_in: float = 300
    settled: float = 60
    audit: float = 3600
    smtp: float = 30
    final_answer: float = 240
