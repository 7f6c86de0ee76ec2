"""A disk that is so full that SQLite cannot even open its files is told as what it is."""

import pytest

from store.database import open_database, sqlite_url
from store.errors import DatabaseFull
from store.migrate import create
from tests.support.room import little_room


def test_a_register_that_cannot_be_opened_for_want_of_room_asks_for_room(tmp_path):
    url = sqlite_url(tmp_path / "longstop.db")
    made = open_database(url)
    create(made)
    made.close()
    database = open_database(url)
    try:
        with little_room(), pytest.raises(DatabaseFull, match="no room left"), database.reading():
            pass
        with database.reading() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM events").scalar() == 0
    finally:
        database.close()
