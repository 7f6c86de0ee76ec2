"""A forecast says what a rehearsal sends: every message, to whom, when."""

import json
from datetime import date

import pytest

from engine import operations as ops
from engine.forecast import forecast
from engine.forecasting.items import document
from jobs.rehearsal import Rehearsal, rehearse
from store.database import open_database
from store.migrate import create
from tests.support.mixed import mixed
from tests.support.world import World

#: What a forecast says and a rehearsal cannot, or the other way round.
OF_ONE_SIDE = {"only_if", "path", "sha256", "delivery_id", "milestone_id", "dedupe_key"}


@pytest.fixture
def house():
    world = World("2026-01-05T09:00")
    world.staff()
    mixed(world)
    world.tick()
    yield world
    world.monitor.database.close()


def foretold(world, until_on, **asked):
    with world.monitor.look() as work:
        return forecast(work, until_on, **asked)


def rehearsed(world, until_on, out):
    database = open_database("sqlite://")
    create(database)
    today = world.clock.now().astimezone(world.zone).date()
    rehearse(world.monitor, database, Rehearsal(from_on=today, until_on=until_on, out=out))
    database.close()
    return [json.loads(line) for line in (out / "messages.jsonl").read_text().splitlines()]


def plain(rows):
    """Rows without what only one side says, in an order of their own."""
    kept = [{name: value for name, value in row.items() if name not in OF_ONE_SIDE} for row in rows]
    for row in kept:
        row["members"] = sorted(
            ({name: value for name, value in one.items() if name != "milestone_id"} for one in row["members"]), key=str
        )
    return sorted(kept, key=lambda row: json.dumps(row, sort_keys=True))


def same(world, until_on, out):
    said = plain(map(document, foretold(world, until_on).items))
    sent = plain(rehearsed(world, until_on, out))
    missing = [row for row in sent if row not in said]
    invented = [row for row in said if row not in sent]
    assert (missing, invented) == ([], [])
    assert said == sent
    return said


def test_a_forecast_of_a_year_is_what_a_rehearsal_sends(house, tmp_path):
    said = same(house, date(2027, 1, 5), tmp_path)
    assert len(said) > 500
    assert {row["message"] for row in said} == {"step", "digest", "incident"}
    assert {row["channel"] for row in said} == {"email", "slack"}


def test_in_the_middle_of_the_year_too(house, tmp_path):
    house.live_until("2026-05-14T11:00")
    house.say(ops.acknowledge, "OPT-1 option")
    house.say(ops.done, "MSA-1 notice", evidence="served")
    house.say(ops.snooze, "MSA-2 option", until=date(2026, 5, 27))
    assert len(same(house, date(2026, 12, 31), tmp_path)) > 100
