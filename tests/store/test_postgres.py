"""PostgreSQL beside SQLite: the same schema, questions that use their index, writers that run side by side or alone."""

import os
import threading
import time
from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from lifecycle.events import CLOCK, PersonAdded
from store.database import open_database
from store.errors import DatabaseAway, DatabaseBusy, DatabaseFull, RowRefused, ServerForbids, WrongEncoding
from store.migrate import is_current, upgrade
from store.schema import APPEND_ONLY, metadata
from store.unit_of_work import UnitOfWork
from tests.store.test_schema import QUESTIONS
from tests.support import postgres
from tests.support.databases import fresh, is_postgres, name_of, nothing
from tests.support.register import NOW, Register, delivery, milestone

pytestmark = [pytest.mark.postgres, pytest.mark.skipif(not is_postgres(), reason="make test-postgres")]
SHAPE = """
SELECT 'column', table_name || '.' || column_name, data_type || is_nullable || coalesce(character_maximum_length, 0)
  FROM information_schema.columns WHERE table_schema = 'public'
UNION SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION SELECT 'constraint', conname, pg_get_constraintdef(oid) FROM pg_constraint
  WHERE connamespace = 'public'::regnamespace
UNION SELECT 'trigger', tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
"""


def shape(database):
    """Columns, indices, constraints and triggers, as the server tells them."""
    with database.reading() as connection:
        return {tuple(row) for row in connection.execute(text(SHAPE)) if "alembic" not in row[1]}


@pytest.fixture
def register():
    made = Register().with_acme()
    yield made
    made.database.close()


def test_migrations_from_nothing_lead_to_the_schema():
    migrated = nothing()
    before, head = upgrade(migrated)
    assert (before, upgrade(migrated)) == (None, (head, head))
    assert is_current(migrated)
    with migrated.writing() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    direct = fresh()
    assert shape(migrated) == shape(direct)
    assert {kind for kind, *_ in shape(direct)} == {"column", "index", "constraint", "trigger"}
    migrated.close()


@pytest.mark.parametrize(("index", "question"), QUESTIONS.items())
def test_each_question_uses_its_index(register, index, question):
    with register.database.writing() as connection:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        connection.execute(text("SET LOCAL enable_bitmapscan = off"))
        plan = "\n".join(connection.execute(text(f"EXPLAIN {question}")).scalars())
    assert index in plan
    assert "Seq Scan" not in plan


def test_a_claim_among_many_rows_uses_its_partial_index_also_once_it_is_prepared(register):
    with register.database.writing() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        names = "id, dedupe_key, kind, state, channel, address, recipient_name, generation, place, urgency, priority,"
        names += "created_at, expires_at, next_attempt_at, attempts, failures, accepted_at, ref, why"
        connection.execute(
            text(
                f"INSERT INTO deliveries ({names}) SELECT 'x' || n, 'x' || n, 'incident', "
                "CASE WHEN n % 100 = 0 THEN 'pending' ELSE 'accepted' END, 'email', 'a', '', 0, '', 'interrupt', 2, "
                "1, 99, CASE WHEN n % 100 = 0 THEN n END, 0, 0, 1, '', '' FROM generate_series(1, 20000) n"
            )
        )
    with register.database.writing() as connection:
        connection.execute(text("ANALYZE deliveries"))
        connection.execute(text("SET LOCAL plan_cache_mode = force_generic_plan"))
        question = QUESTIONS["ix_deliveries_due"].replace("<= 1", "<= $1").replace("LIMIT 16", "LIMIT $2")
        connection.exec_driver_sql(f"PREPARE look (bigint, int) AS {question} FOR UPDATE SKIP LOCKED")
        plan = "\n".join(connection.exec_driver_sql("EXPLAIN EXECUTE look (5000, 16)").scalars())
    assert "ix_deliveries_due" in plan or "ix_deliveries_next_attempt_at" in plan
    assert "Seq Scan" not in plan


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("verb", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_append_only_tables_refuse_change(register, table, verb):
    triggers = {name for kind, name, _ in shape(register.database) if kind == "trigger"}
    assert {f"{table}_no_update", f"{table}_no_delete"} <= triggers
    with register.work() as work:
        work.milestones.add([milestone()])
        work.deliveries.add([(delivery(), None)])
        work.deliveries.note_attempt(delivery_id="d-1", token="t", action="send", at=NOW, result="accepted", why="")
    if table in {"agreement_versions", "attempts"}:
        column = next(iter(metadata.tables[table].columns)).name
        with pytest.raises(RowRefused), register.work() as work:
            work.connection.execute(text(verb.format(table, column, column)))


def claim(register, token, most=1):
    with register.database.writing(side_by_side=True) as connection:
        work = UnitOfWork(connection, now=NOW, actor=CLOCK)
        yield work.deliveries.claim(now=NOW, token=token, until=NOW + timedelta(seconds=60), most=most)
        work.finish()


def test_two_who_claim_at_once_get_different_messages_and_neither_waits(register):
    with register.work() as work:
        work.deliveries.add([(delivery(id=f"d-{n}", dedupe_key=f"k-{n}"), None) for n in range(4)])
    one, two = claim(register, "one", 2), claim(register, "two", 2)
    first, second = {row.id for row in next(one)}, {row.id for row in next(two)}
    assert (first, second) == ({"d-0", "d-1"}, {"d-2", "d-3"})
    assert [list(rest) for rest in (one, two)] == [[], []]


def test_what_one_is_raising_another_does_not_see_as_due(register):
    with register.work() as work:
        work.milestones.add([milestone()])
    with register.database.writing(side_by_side=True) as mine, register.database.writing(side_by_side=True) as theirs:
        held = UnitOfWork(mine, now=NOW, actor=CLOCK).milestones.due(NOW, 10)
        assert [row.id for row in held] == ["m-1"]
        assert UnitOfWork(theirs, now=NOW, actor=CLOCK).milestones.due(NOW, 10) == []


def test_who_writes_alone_waits_for_those_who_write_side_by_side(register):
    order = []

    def alone():
        with register.database.writing():
            order.append("alone")

    with register.database.writing(side_by_side=True), register.database.writing(side_by_side=True):
        waiting = threading.Thread(target=alone)
        waiting.start()
        time.sleep(0.2)
        order.append("side by side")
    waiting.join(10)
    assert order == ["side by side", "alone"]


def test_a_deadlock_is_a_busy_database(register):
    with register.work() as work:
        work.deliveries.add([(delivery(id=f"d-{n}", dedupe_key=f"k-{n}"), None) for n in range(2)])
    met, raised = threading.Barrier(2), []

    def cross(first, second):
        try:
            with register.database.writing(side_by_side=True) as connection:
                connection.execute(text(f"UPDATE deliveries SET why = 'x' WHERE id = '{first}'"))
                met.wait(10)
                connection.execute(text(f"UPDATE deliveries SET why = 'x' WHERE id = '{second}'"))
        except DatabaseBusy as error:
            raised.append(type(error))

    threads = [threading.Thread(target=cross, args=names) for names in (("d-0", "d-1"), ("d-1", "d-0"))]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert raised == [DatabaseBusy]


def test_a_server_that_ends_a_connection_is_away_and_the_next_transaction_has_a_new_one(register):
    name = name_of(register.database.engine.url.render_as_string())
    end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"

    def ends():
        with postgres.asked(os.environ[postgres.FOLDER]) as ask:
            ask(end)

    with pytest.raises(DatabaseAway, match="is not known"), register.database.writing() as connection:
        _ended_within(connection, ends)
    with (
        pytest.raises(DatabaseAway, match="nothing of this change was kept"),
        register.database.reading() as connection,
    ):
        _ended_within(connection, ends)
    with register.database.reading() as connection:
        connection.execute(text("SELECT 1"))
    ends()
    time.sleep(0.1)
    with register.database.reading() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1


def _ended_within(connection, ends):
    ends()
    connection.execute(text("SELECT 1"))


def test_a_server_that_is_not_there_is_away(tmp_path):
    database = open_database(postgres.url(tmp_path, "nothing"))
    for transaction in (database.reading, database.writing):
        with pytest.raises(DatabaseAway, match="nothing of this change was kept"), transaction():
            pass


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_cannot_hold_every_text_is_refused_with_its_remedy(encoding):
    folder, name = os.environ[postgres.FOLDER], f"of_{encoding.lower()}"
    with postgres.asked(folder) as ask:
        ask(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' LOCALE 'C'")
    database = open_database(postgres.url(folder, name))
    with pytest.raises(WrongEncoding, match=f"keeps text as {encoding}") as refused:
        upgrade(database)
    assert "--encoding=UTF8" in refused.value.remedy_at_terminal
    database.close()


def test_what_the_address_asks_of_its_sessions_counts_beside_ours():
    folder, name = os.environ[postgres.FOLDER], "of_a_schema"
    with postgres.asked(folder) as ask:
        ask(f"CREATE DATABASE {name} TEMPLATE template0")
    database = open_database(f"{postgres.url(folder, name)}&options=-csearch_path%3Down%20-clock_timeout%3D7s")
    with database.writing() as connection:
        connection.execute(text("CREATE SCHEMA own"))
        asked = ("search_path", "lock_timeout", "idle_in_transaction_session_timeout")
        told = [connection.execute(text(f"SHOW {one}")).scalar() for one in asked]
    assert told == ["own", "7s", "2min"]
    upgrade(database)
    with database.reading() as connection:
        where = text("SELECT schemaname FROM pg_tables WHERE tablename = 'events'")
        assert list(connection.execute(where).scalars()) == ["own"]
    assert is_current(database)
    database.close()


def test_a_standby_and_a_role_without_rights_forbid_and_do_so_clearly(register):
    for said in ("SET TRANSACTION READ ONLY", "SET LOCAL ROLE pg_monitor"):
        with pytest.raises(ServerForbids, match="nothing of this change was kept"), register.database.writing() as one:
            one.exec_driver_sql(f"{said}; DELETE FROM silences")
    with pytest.raises(ServerForbids), register.database.reading() as one:
        one.exec_driver_sql("SET LOCAL ROLE pg_monitor; SELECT 1 FROM events")
    assert issubclass(ServerForbids, DatabaseFull), "it is waited for as for room"


def test_what_does_not_fit_its_column_is_refused(register):
    with pytest.raises(RowRefused), register.work() as work:
        work.deliveries.add([(delivery(dedupe_key="k" * 401), None)])


def test_a_reading_transaction_cannot_write(register):
    with pytest.raises(Exception, match="read-only"), register.database.reading() as connection:
        connection.execute(text("DELETE FROM deliveries"))


def test_one_view_stays_the_same_while_others_write(register):
    count = text("SELECT count(*) FROM deliveries")
    with register.database.reading() as connection:
        before = connection.execute(count).scalar()
        with register.work() as work:
            work.deliveries.add([(delivery(), None)])
        assert connection.execute(count).scalar() == before == 0
    with register.database.reading() as connection:
        assert connection.execute(count).scalar() == 1


def test_who_writes_the_log_hands_its_head_on_before_the_disk_and_ends_after_it(register):
    name = register.database.engine.url.database
    with register.database.writing() as connection:  # the server of the tests waits for no disk by itself
        connection.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = on'))
    register.database.engine.dispose()
    asked = "SELECT current_setting('synchronous_commit'), pg_current_wal_insert_lsn()::text"
    for _ in range(20):
        with register.database.writing() as connection:
            work = UnitOfWork(connection, now=NOW, actor=CLOCK)
            work.record(PersonAdded(person_id="p-1"))
            work.finish()
            waits, written = connection.connection.driver_connection.execute(asked).fetchone()
        with register.database.reading() as connection:
            is_kept = text("SELECT pg_current_wal_flush_lsn() >= CAST(:written AS pg_lsn)")
            assert (waits, connection.execute(is_kept, {"written": written}).scalar()) == ("off", True)
            assert connection.execute(text("SHOW synchronous_commit")).scalar() == "on"


def recorded(register, change=None, **attempt):
    """One event is kept; before it, in the same transaction, *change* and an attempt."""
    with register.database.writing() as connection:
        if change:
            connection.execute(text(change))
        work = UnitOfWork(connection, now=NOW, actor=CLOCK)
        work.record(PersonAdded(person_id="p-1"))
        if attempt:
            work.deliveries.note_attempt(token="t", action="send", at=NOW, result="accepted", why="", **attempt)
        work.finish()
        yield connection


def test_the_last_rows_of_a_transaction_wait_for_its_commit_and_go_with_it(register):
    with register.database.reading() as connection:
        before = connection.execute(text("SELECT count(*) FROM events")).scalar()
    for connection in recorded(register):
        assert connection.connection.driver_connection.pgconn.pipeline_status
        with register.database.reading() as other:
            assert other.execute(text("SELECT count(*) FROM events")).scalar() == before
    with register.database.reading() as connection:
        assert not connection.connection.driver_connection.pgconn.pipeline_status
        assert connection.execute(text("SELECT count(*) FROM events")).scalar() == before + 1


def test_what_is_refused_at_the_very_end_is_told_and_nothing_of_it_is_kept(register):
    for _ in recorded(register):
        pass
    again = "UPDATE chain SET position = 0"  # the next event has the position of one that is there
    for said in ({"change": again}, {"delivery_id": "nobody"}):
        with pytest.raises(RowRefused):
            list(recorded(register, **said))
    with register.database.reading() as connection:
        positions = connection.execute(text("SELECT position FROM events ORDER BY position")).scalars().all()
        assert positions == list(range(1, len(positions) + 1))
        assert connection.execute(text("SELECT position FROM chain")).scalar() == len(positions)
        assert connection.execute(text("SELECT count(*) FROM attempts")).scalar() == 0
    assert register.database.engine.pool.checkedout() == 0


def test_a_crash_between_the_last_rows_and_the_commit_keeps_nothing(register):
    with register.database.reading() as connection:
        before = connection.execute(text("SELECT count(*) FROM events")).scalar()
    crash = recorded(register)
    next(crash)
    with pytest.raises(KeyboardInterrupt):
        crash.throw(KeyboardInterrupt())
    with register.database.writing() as connection:
        assert connection.execute(text("SELECT count(*) FROM events")).scalar() == before
