"""Bringing a database to the present schema, and saying whether it is there.

Every command asks whether it is there, so that is answered without the tool that migrates.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import inspect

from store import guards
from store.errors import StoreError
from store.schema import metadata

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

    from store.database import Database

_HERE: Final = Path(__file__).parent / "migrations"


class NewerDatabase(StoreError):
    """The database was written by a newer Longstop."""

    code = "newer-database"

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"The database is at {revision}, which this Longstop does not know.",
            remedy="Start the newer Longstop, or restore the backup that was made before the upgrade.",
        )


def upgrade(database: Database) -> tuple[str | None, str]:
    """Bring the database to the newest schema, in one transaction; the revisions before and after.

    Raises NewerDatabase for one that a newer Longstop has written.
    """
    with database.writing() as connection:
        return _upgraded(connection)


def upgradable(database: Database) -> tuple[str | None, str]:
    """What ``upgrade`` would do: it is done, and rolled back; the revisions before and after.

    Raises NewerDatabase, and whatever an upgrade of this database would fail with.
    """
    found: list[tuple[str | None, str]] = []
    try:
        with database.writing() as connection:
            found.append(_upgraded(connection))
            raise _SeenEnough  # noqa: TRY301 - the transaction's own way to end
    except _SeenEnough:
        return found[0]


def is_current(database: Database) -> bool:
    """Whether the database has the newest schema."""
    with database.reading() as connection:
        return _revision(connection) == _newest()


def must_not_be_newer(database: Database) -> None:
    """Raises NewerDatabase for one that a newer Longstop has written: no upgrade brings that here."""
    with database.reading() as connection:
        _known(_revision(connection))


def create(database: Database) -> None:
    """Make all tables at once, for a database that lives only for a while (a rehearsal, a test)."""
    with database.writing() as connection:
        metadata.create_all(connection)
        guards.install(connection)


class _SeenEnough(Exception):
    """A trial has seen all that it wanted."""


def _upgraded(connection: Connection) -> tuple[str | None, str]:
    from alembic import command

    before, head = _revision(connection), _newest()
    if before == head:
        return before, head
    _known(before)
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return before, head


def _known(revision: str | None) -> None:
    if revision is not None and revision not in _revisions():
        raise NewerDatabase(revision)


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_HERE))
    return config


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return found


def _newest() -> str:
    return max(_revisions())


def _revisions() -> set[str]:
    """A migration's file begins with its revision, and a later revision is greater."""
    return {path.name.partition("_")[0] for path in (_HERE / "versions").glob("[0-9]*.py")}
