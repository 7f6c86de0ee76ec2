"""A register in a file belongs to whoever began it, and to nobody else on the machine."""

import os

import pytest

from store.database import open_database, sqlite_url
from store.migrate import create


@pytest.fixture
def _usual_mask():
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.usefixtures("_usual_mask")
@pytest.mark.parametrize(("given", "then"), [(None, 0o600), (0o644, 0o644)], ids=["new", "as somebody left it"])
def test_a_new_register_and_the_files_beside_it_are_for_nobody_else(tmp_path, given, then):
    path = tmp_path / "longstop.db"
    if given:
        path.touch()
        path.chmod(given)
    database = open_database(sqlite_url(path))
    try:
        create(database)
        with database.reading():
            modes = {one.name: one.stat().st_mode & 0o777 for one in tmp_path.iterdir()}
    finally:
        database.close()
    assert modes == dict.fromkeys(("longstop.db", "longstop.db-shm", "longstop.db-wal"), then)
