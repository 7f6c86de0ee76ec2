"""Exit plans as lists have them: a part at a time along an index of their own, and none searched for in documents."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from config.checklists import load_checklists
from engine import operations as ops
from lifecycle.people import Person
from store.migrate import upgrade
from store.queries.exits import count_exit_plans, with_exit_plan
from tests.support.agreements import agreement
from tests.support.databases import is_postgres
from tests.support.statements import plan_of, statements
from tests.support.world import World

OUTSIDER = Person(id="somebody", email="somebody@example.com")
LOOKALIKE = 'Their words: "exit":{"template":"exit-bpo"}'


@pytest.fixture(scope="module")
def house():
    """Twelve agreements, two in three with a plan; a quarter is the board's, one with a plan is archived."""
    world = World("2026-11-23T09:00")
    template = next(one for one in load_checklists() if one.name == "exit-bpo")
    with world.monitor.work() as work:
        for number in range(12):
            made = agreement(f"REF-{number:02}", restricted_to=("team:board",) if number % 4 == 0 else ())
            known = ops.register(work, replace(made, note=LOOKALIKE))
            if number % 3:
                known = ops.plan_exit(work, known, template)
            if number == 11:
                ops.archive(work, known, because="a mistake")
    return world.monitor


@pytest.mark.parametrize(("person", "numbers"), [(None, [1, 2, 4, 5, 7, 8, 10]), (OUTSIDER, [1, 2, 5, 7, 10])])
def test_plans_come_in_parts_that_are_all_that_somebody_may_see(house, person, numbers):
    with house.look() as work:
        every = [one.reference for one in with_exit_plan(work, person)]
        parts = [with_exit_plan(work, person, skip=skip, limit=3) for skip in (0, 3, 6)]
        assert count_exit_plans(work, person) == len(every)
    assert every == [f"REF-{number:02}" for number in numbers]
    assert [one.reference for part in parts for one in part] == every


@pytest.mark.skipif(is_postgres(), reason="SQLite's own plans")
def test_plans_are_found_along_their_own_index(house):
    with statements(house.database) as asked, house.look() as work:
        with_exit_plan(work, OUTSIDER, limit=3)
        count_exit_plans(work, OUTSIDER)
    finding = [one for one in asked if "has_exit_plan" in one[0]]
    steps = [step for one in finding for step in plan_of(house.database, *one, table="agreements")]
    assert len(finding) == 2
    assert {step.rpartition(" ")[2] for step in steps if "ix_agreements_restricted" not in step} == {
        "ix_agreements_leaving"
    }


def test_a_register_without_the_column_gets_what_today_would_write(house):
    with house.look() as work:
        before = [one.reference for one in with_exit_plan(work, None)]
    with house.database.writing() as connection:
        connection.execute(text("DROP INDEX ix_agreements_leaving"))
        connection.execute(text("DROP INDEX ix_deliveries_created_at"))  # of a later upgrade
        connection.execute(text("ALTER TABLE agreements DROP COLUMN has_exit_plan"))
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('0010')"))
    assert upgrade(house.database)[0] == "0010"
    with house.look() as work:
        assert [one.reference for one in with_exit_plan(work, None)] == before
