"""Writers of one process go one after the other, in the order in which they asked."""

import time
from threading import Event, Thread

import pytest

from store.database import open_database, sqlite_url
from store.errors import DatabaseBusy
from store.migrate import create
from store.turns import Turns


def asking(turns, name, order):
    """A thread that wants its turn, and waits by now."""
    started = Event()

    def ask():
        started.set()
        with turns:
            order.append(name)

    thread = Thread(target=ask)
    thread.start()
    started.wait()
    time.sleep(0.02)
    return thread


def test_whoever_has_waited_the_longest_is_next():
    turns, order = Turns(20), []
    with turns:
        threads = [asking(turns, name, order) for name in "abc"]
        assert order == []
    for thread in threads:
        thread.join()
    assert order == ["a", "b", "c"]


def test_whoever_waits_too_long_gives_up_and_is_not_waited_for():
    turns = Turns(0.05)
    with turns, pytest.raises(DatabaseBusy), turns:
        pass
    with turns:
        pass


def test_a_turn_ends_with_an_error_too():
    turns = Turns(0.05)
    with pytest.raises(ZeroDivisionError), turns:
        raise ZeroDivisionError
    with turns:
        pass


def test_readers_of_a_file_do_not_wait_for_a_writer(tmp_path):
    database = open_database(sqlite_url(tmp_path / "longstop.db"))
    create(database)
    with database.writing() as writer:
        writer.exec_driver_sql("INSERT INTO meta (name, value) VALUES ('a', 'b')")
        with database.reading() as reader:
            assert reader.exec_driver_sql("SELECT count(*) FROM meta WHERE name = 'a'").scalar() == 0
    database.close()
