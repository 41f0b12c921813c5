"""What a job or a door is given to work with: the few long-lived things of the process, made once in `app`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from comptoir.foundation.database import Database
from comptoir.foundation.files import Files
from comptoir.foundation.secrets import Secrets
from comptoir.settings import Settings

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Services:
    settings: Settings
    database: Database
    files: Files
    secrets: Secrets
    clock: Clock
