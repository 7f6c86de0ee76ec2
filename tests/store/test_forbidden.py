"""A register whose file this user may not open or write is told as that, and never as one that is broken."""

import pytest

from store.database import open_database, sqlite_url
from store.errors import DatabaseForbidden, DatabaseFull
from store.migrate import create
from tests.support.rights import as_anybody


@pytest.fixture
def register(tmp_path):
    """The file of a register, and a way to open it and ask it something."""
    file = tmp_path / "data" / "longstop.db"
    file.parent.mkdir()
    made = open_database(sqlite_url(file))
    create(made)
    made.close()

    def ask(statement, *, writing=False):
        database = open_database(sqlite_url(file))
        try:
            with database.writing() if writing else database.reading() as connection:
                return connection.exec_driver_sql(statement).rowcount
        finally:
            database.close()

    yield file, ask
    file.parent.chmod(0o700)


def test_a_file_that_may_only_be_read_is_forbidden_to_those_who_write(register):
    file, ask = register
    file.chmod(0o400)
    with pytest.raises(DatabaseForbidden, match="not be written; nothing of this change was kept"):
        as_anybody(lambda: ask("DELETE FROM leases", writing=True))


@pytest.mark.parametrize(("place", "mode"), [("file", 0o000), ("folder", 0o500), ("folder", 0o000)])
def test_a_file_that_cannot_be_opened_is_forbidden(register, place, mode):
    file, ask = register
    (file if place == "file" else file.parent).chmod(mode)
    with pytest.raises(DatabaseForbidden):
        as_anybody(lambda: ask("SELECT 1 FROM leases"))


def test_what_is_forbidden_stops_all_work_as_a_full_disk_does():
    assert issubclass(DatabaseForbidden, DatabaseFull)
    assert DatabaseForbidden().code == "database-forbidden"
