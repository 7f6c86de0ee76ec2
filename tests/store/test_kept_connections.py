"""A thread that opens many transactions one after the other keeps their connections, and no broken one."""

from threading import Thread

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import StatementError

from store.database import open_database
from store.schema import meta
from tests.support.databases import fresh_at


@pytest.fixture
def database(tmp_path):
    opened = open_database(fresh_at(tmp_path))
    yield opened
    opened.close()


def test_many_transactions_of_a_kind_are_on_one_connection_and_it_is_given_back(database):
    before = database.engine.pool.checkedout()
    with database.keeping():
        used = set()
        for _ in range(3):
            with database.writing() as connection:
                used.add(id(connection))
        assert (len(used), database.engine.pool.checkedout()) == (1, before + 1)
    assert database.engine.pool.checkedout() == before


def test_what_another_thread_opens_is_on_a_connection_of_its_own(database):
    with database.keeping(), database.reading() as mine:
        others = []

        def look():
            with database.reading() as connection:
                others.append(connection)

        thread = Thread(target=look)
        thread.start()
        thread.join()
    assert others[0] is not mine


def test_a_look_within_a_look_is_a_transaction_of_its_own(database):
    with database.keeping(), database.reading() as outer, database.reading() as inner:
        assert (outer.in_transaction(), inner.in_transaction(), inner is outer) == (True, True, False)


def test_after_trouble_the_next_transaction_is_on_another_connection_and_finds_nothing_of_it(database):
    used = []

    def write(value):
        with database.writing() as connection:
            used.append(connection)
            connection.execute(insert(meta).values(name="kept", value=value))

    with database.keeping():
        with pytest.raises(StatementError):
            write(object())
        with database.writing() as next_one:
            assert next_one.execute(select(meta.c.value).where(meta.c.name == "kept")).all() == []
    assert (used[0].closed, next_one is used[0]) == (True, False)
