"""The schema: migrations lead to it, the database is not opened when it is newer, and every question has its index."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from store.database import open_database
from store.migrate import NewerDatabase, is_current, upgrade
from store.migrations import versions
from store.schema import APPEND_ONLY, metadata
from tests.support.databases import is_postgres
from tests.support.register import Register

pytestmark = pytest.mark.skipif(is_postgres(), reason="SQLite's own; PostgreSQL has tests/store/test_postgres.py")

NEWEST = max(path.name[:4] for path in Path(versions.__file__).parent.glob("0*.py"))
LIVE = "state IN ('open','acknowledged','snoozed')"
WAITING = "state IN ('pending','in_doubt')"
#: What each job asks, who lists deadlines or messages, and the index that answers it.
QUESTIONS = {
    "ix_agreements_next_passage_at": (
        "SELECT id FROM agreements WHERE next_passage_at <= 1 ORDER BY next_passage_at, id LIMIT 200"
    ),
    "ix_milestones_next_step_at": (
        "SELECT * FROM milestones WHERE next_step_at <= 1 ORDER BY next_step_at, id LIMIT 200"
    ),
    "ix_deliveries_due": (
        f"SELECT id FROM deliveries WHERE {WAITING} AND next_attempt_at <= 1 "
        "ORDER BY priority, next_attempt_at, id LIMIT 16"
    ),
    "ix_deliveries_next_attempt_at": f"SELECT min(next_attempt_at) FROM deliveries WHERE {WAITING}",
    "ix_deliveries_held": "SELECT min(next_attempt_at) FROM deliveries WHERE state = 'held'",
    "ix_deliveries_leased": "SELECT min(lease_until) FROM deliveries WHERE state = 'sending'",
    "ix_deliveries_created_at": (
        "SELECT id FROM deliveries WHERE created_at <= 9 AND (created_at < 9 OR id < 'x') "
        "ORDER BY created_at DESC, id DESC LIMIT 51"
    ),
    "ix_milestones_live_safe_on": (
        f"SELECT id FROM milestones WHERE {LIVE} AND safe_on <= '2026-12-31' ORDER BY safe_on, id LIMIT 50"
    ),
}


def parts(sql: str) -> list[str]:
    """The parts of a statement, whatever the order of its constraints."""
    return sorted(part.strip(" ()") for part in " ".join(sql.split()).split(","))


def test_migrations_from_nothing_lead_to_the_schema(tmp_path):
    database = open_database(f"sqlite:///{tmp_path / 'register.db'}")
    assert upgrade(database) == (None, NEWEST)
    assert upgrade(database) == (NEWEST, NEWEST)
    assert is_current(database)
    with database.writing() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        found = connection.execute(
            text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
        ).all()
    made = {name: parts(sql) for name, sql in found if not name.startswith("alembic")}
    direct = Register().database
    with direct.reading() as connection:
        wanted = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")).all()
    assert made == {name: parts(sql) for name, sql in wanted}
    database.close()


def test_a_database_of_a_newer_longstop_is_left_alone(tmp_path):
    database = open_database(f"sqlite:///{tmp_path / 'register.db'}")
    upgrade(database)
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerDatabase, match="9999"):
        upgrade(database)
    database.close()


@pytest.mark.parametrize(("index", "question"), QUESTIONS.items())
def test_each_question_uses_its_index(index, question):
    with Register().database.reading() as connection:
        plan = " ".join(row.detail for row in connection.execute(text(f"EXPLAIN QUERY PLAN {question}")))
    assert index in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_append_only_tables_have_both_guards(table):
    with Register().database.reading() as connection:
        names = set(connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars())
    assert {f"{table}_no_update", f"{table}_no_delete"} <= names


def test_every_commit_is_durable():
    with Register().database.reading() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2  # FULL
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
