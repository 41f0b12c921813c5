"""The schema, one step after another, on SQLite and on PostgreSQL alike."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from comptoir.foundation.engine import make_engine

FOLDER = Path(__file__).parent


def upgrade(url: str, revision: str = "head") -> None:
    """Bring a database up to this version's schema (or to an earlier one of its steps); a new one from nothing."""
    engine = make_engine(url)
    config = _config()
    with engine.connect().execution_options(comptoir_writes=True) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def is_current(url: str) -> bool:
    """Whether the database has exactly this version's schema."""
    engine = make_engine(url)
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    engine.dispose()
    return current == ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config
