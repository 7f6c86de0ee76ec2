"""A register that an older Longstop made is brought here without loss.

``tests/golden/registers`` holds one of revision 0002, lived through by the code of that time: asked, answered, renewed,
ended, imported, absent, silenced, and four messages just about to leave.
"""

import gzip
import sqlite3
from contextlib import closing
from datetime import date

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from config.checklists import load_checklists
from engine import operations as ops
from engine.passage import pass_time
from lifecycle.playbooks.canonical import from_canonical
from store.agreements import search_key
from store.lacking import lacks
from store.migrate import is_current, upgrade
from store.queries.agreement_lists import AgreementFilter, matching
from store.queries.search import parse_search
from store.schema import metadata
from tests.support.databases import is_postgres, nothing
from tests.support.golden import GOLDEN
from tests.support.world import World, checked

MADE = GOLDEN / "registers" / f"0002.{'postgres' if is_postgres() else 'sqlite'}.sql.gz"
LEFT_AT = "2026-02-20T08:30"


def left():
    """The register as the older Longstop left it."""
    database, dump = nothing(), gzip.decompress(MADE.read_bytes()).decode()
    if is_postgres():
        with database.writing() as connection:
            connection.exec_driver_sql("SET LOCAL search_path = public")
            connection.connection.driver_connection.execute(dump.encode())
        database.engine.dispose()  # the dump has emptied the search path of its connection
        return database
    with closing(sqlite3.connect(":memory:")) as plain, database.engine.connect() as connection:
        plain.executescript(dump)
        connection.connection.driver_connection.deserialize(plain.serialize())
    return database


def rows(database, columns=None):
    """``{table: rows}``, of these columns or of all there are; each row as the database tells it.

    When time is next asked what it has brought is no fact: a newer Longstop may look sooner.
    """
    with database.reading() as connection:
        found = columns or {
            name: [one["name"] for one in inspect(connection).get_columns(name) if one["name"] != "next_passage_at"]
            for name in inspect(connection).get_table_names()
        }
        return found, {
            name: sorted(map(repr, connection.execute(text(f"SELECT {', '.join(known)} FROM {name}"))))
            for name, known in found.items()
        }


@pytest.fixture(scope="module")
def brought():
    """The register at the newest schema, and all its rows before."""
    database = left()
    columns, before = rows(database)
    revisions = upgrade(database)
    yield database, columns, before, revisions
    database.close()


def test_it_was_at_0002_and_is_at_the_newest(brought):
    database, _, _, (before, after) = brought
    assert before == "0002"
    assert after > "0002"
    assert is_current(database)
    with database.writing() as connection:
        # SQLite holds no text to its length, so that no table is made anew for a longer one.
        context = MigrationContext.configure(connection, opts={"compare_type": is_postgres()})
        assert compare_metadata(context, metadata) == []


def test_no_row_and_no_value_is_lost_or_changed(brought):
    database, columns, before, _ = brought
    _, after = rows(database, columns)
    del before["alembic_version"], after["alembic_version"]
    assert after == before
    empty = {name for name, found in before.items() if not found}
    assert empty == set(), "the older register proves nothing about these"


def test_the_log_is_whole_and_every_fact_is_read(brought):
    world = World(LEFT_AT, database=brought[0])
    with world.monitor.look() as work:
        position, _ = work.log.head()
        assert work.log.verify() == position
        assert [one.position for one in work.log.after(0)] == list(range(1, position + 1))
        assert {one.reference for one in work.agreements.all()} == {
            "ACME-7", "ACME-8", "NOVA-1", "OLD-1", "LIC-3", "BETA-2", "BETA-3", "NEW-1", "IMP-1", "IMP-2"
        }  # fmt: skip
        for one in work.agreements.all():
            assert [work.agreements.version(one.id, at).version for at in range(1, one.version + 1)]
        assert [from_canonical(one.doc).name for one in work.keeping.playbooks()]


def test_columns_that_came_later_hold_what_today_would_write(brought):
    world = World(LEFT_AT, database=brought[0])
    with world.monitor.look() as work:
        kept = {
            row.id: row
            for row in work.connection.execute(
                text("SELECT id, search_key, lacks, has_exit_plan, restricted_to FROM agreements")
            )
        }
        assert {one.id: search_key(one) for one in work.agreements.all()} == {
            row.id: row.search_key for row in kept.values()
        }
        told = {one.id: lacks(one) for one in work.agreements.all()}
        assert told == {row.id: row.lacks for row in kept.values()}
        assert any(told.values())
        assert {one.id: one.exit is not None for one in work.agreements.all()} == {
            row.id: bool(row.has_exit_plan) for row in kept.values()
        }
        hidden = [one.reference for one in work.agreements.all() if kept[one.id].restricted_to]
        assert hidden == ["NOVA-1"]
        verified = set(work.connection.execute(text("SELECT id FROM milestones WHERE is_verified")).scalars())
        told = {row.id for one in work.agreements.all() for row in work.milestones.of(one.id) if not row.is_unverified}
        assert verified == told
        assert len(told) == 2, "one that somebody has verified, and a signature, which stands in no document"


def test_a_finding_that_was_entered_as_an_obligation_waits_to_be_compared_with_no_document():
    database = left()
    asked = "SELECT id, is_verified FROM milestones WHERE kind IN ('finding', 'review')"
    with database.writing() as connection:
        connection.execute(text("UPDATE milestones SET kind = 'finding' WHERE kind = 'training'"))
        (finding,) = connection.execute(text("SELECT id FROM milestones WHERE kind = 'finding'")).scalars()
    upgrade(database)
    with database.reading() as connection:
        assert [row.id for row in connection.execute(text(asked)) if row.is_verified] == [finding]
    database.close()


@pytest.fixture
def world():
    """The house goes on with it."""
    database = left()
    upgrade(database)
    with checked(World(LEFT_AT, database=database, seed=2, channels=("slack", "email"))) as made:
        yield made


def test_what_was_about_to_leave_leaves_once_and_what_was_said_is_not_said_again(world):
    waiting = {(one.address, one.id) for one in world.deliveries("pending")}
    assert len(waiting) == 4
    world.tick()
    assert {(one.address, one.delivery_id) for one in world.slack.taken} == waiting
    world.slack.taken.clear()
    world.live_until("2026-02-24T09:00")
    world.expect(
        "2026-02-21 08:30 olga@slack: While you were away: ACME-7 training",
        "2026-02-23 08:30 ada@slack ben@slack leo@slack: BETA-2: owner left",
        "2026-02-23 08:30 ben@slack olga@slack: ACME-7 training -7d.0",
        "2026-02-24 08:30 leo@slack: BETA-2 notice -7d.1",
    )


def test_a_survival_that_ended_unseen_ends_at_the_first_look():
    """It was looked at a day too early once, and then never again."""
    database = left()
    with database.writing() as connection:
        connection.execute(text("UPDATE agreements SET next_passage_at = NULL WHERE reference = 'OLD-1'"))
    upgrade(database)
    world = World("2033-01-03T09:00", database=database)
    with world.monitor.work() as work:
        old = work.agreements.find("OLD-1")
        assert (old.status, old.id in work.agreements.due(work.now, 200)) == ("surviving", True)
        pass_time(work, old)
    assert world.get("OLD-1").status == "ended"
    database.close()


def test_an_nda_is_found_by_its_project_as_if_it_had_been_taken_in_today():
    database = left()
    with database.writing() as connection:
        told = 'UPDATE agreements SET doc = replace(doc, \'"id":\', \'"project":"Falcon","id":\')'
        connection.execute(text(f"{told} WHERE reference = 'NEW-1'"))
    upgrade(database)
    with World(LEFT_AT, database=database).monitor.look() as work:
        wanted = AgreementFilter(search=parse_search("falcon"))
        assert [one.reference for one in matching(work, wanted, None, limit=9)] == ["NEW-1"]
    database.close()


def test_what_came_later_works_in_it(world):
    checklist = next(one for one in load_checklists() if one.name == "nda-onboarding")
    laid = world.do(ops.lay_checklist, "ACME-7", checklist, date(2026, 2, 20), by="leo")
    assert len(laid.new) == len(checklist.templates)
