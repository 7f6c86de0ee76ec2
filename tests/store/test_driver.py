"""What a driver needs: to be installed, and to give up a server that says nothing any more."""

import pytest
from sqlalchemy import event

from store.database import open_database
from store.errors import DriverMissing


def test_a_driver_that_is_not_installed_is_named_with_its_remedy():
    with pytest.raises(DriverMissing, match="psycopg2") as missing:
        open_database("postgresql+psycopg2://longstop@nowhere/register")
    assert 'pip install "longstop[postgres]"' in missing.value.remedy


class _SeenEnough(Exception):
    pass


def connected_with(url):
    """What the driver is asked to connect with."""
    database, found = open_database(url), {}

    def connects(_dialect, _record, _arguments, given):
        found.update(given)
        raise _SeenEnough

    event.listen(database.engine, "do_connect", connects)
    with pytest.raises(_SeenEnough), database.reading():
        pass
    database.close()
    return found


def test_a_server_that_says_nothing_is_given_up_within_a_minute_or_as_its_address_says():
    found = connected_with("postgresql://longstop@db.example.com/register")
    idle, tries = int(found["keepalives_idle"]), int(found["keepalives_count"])
    assert idle + tries * int(found["keepalives_interval"]) <= 60
    assert (found["connect_timeout"], found["tcp_user_timeout"]) == (10, 60_000)
    told = connected_with("postgresql://longstop@db.example.com/register?connect_timeout=3&keepalives_idle=600")
    assert (told["connect_timeout"], told["keepalives_idle"], told["tcp_user_timeout"]) == ("3", "600", 60_000)
