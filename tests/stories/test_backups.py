"""Each night a backup, so many of them; what was on its way when it was made is asked for, never sent blindly."""

import os
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from engine.backups.making import Plan, create, due_at, nightly, restore
from engine.new_file import FileThere
from engine.watcher.watching import Watching
from jobs.catalogue import BACKUP, look
from lifecycle.delivery import DeliveryState
from store.database import open_database, sqlite_url
from tests.support.world import living


@pytest.fixture
def world():
    with living("2026-11-23T07:00") as made:
        made.staff()
        made.agreement()
        yield made
        made.expect(*made.unexpected)


def plan(folder, **said):
    return Plan(**{"folder": folder, "files": dict, "at": time(2, 30), "keep": 3} | said)


def test_each_night_one_is_made_and_old_ones_go(world, tmp_path):
    world.monitor = replace(world.monitor, watching=Watching(backups=plan(tmp_path)))
    end = world.clock.now() + timedelta(days=5)
    while (at := look(world.monitor, [BACKUP])) is not None and at <= end:
        world.clock.travel_to(at)
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "longstop-20261126T013000Z.zip", "longstop-20261127T013000Z.zip", "longstop-20261128T013000Z.zip",
    ]  # fmt: skip


def test_in_the_hour_that_comes_twice_one_is_made(world, tmp_path):
    """Berlin, 25 Oct 2026: 02:30 is at 00:30Z; at 01:10Z the clocks say 02:10 once more."""
    world.clock.travel_to(datetime(2026, 10, 24, 12, tzinfo=UTC))
    world.monitor = replace(world.monitor, watching=Watching(backups=plan(tmp_path)))
    assert look(world.monitor, [BACKUP]) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    world.clock.travel_to(datetime(2026, 10, 25, 1, 10, tzinfo=UTC))
    assert (nightly(world.monitor), due_at(world.monitor)) == (1, datetime(2026, 10, 26, 1, 30, tzinfo=UTC))


def test_the_newest_stays_among_those_of_a_clock_that_was_ahead(world, tmp_path):
    ahead = [tmp_path / f"longstop-2027010{day}T013000Z.zip" for day in (1, 2, 3)]
    for one in ahead:
        one.touch()
    made, _ = create(world.monitor, plan(tmp_path))
    assert sorted(tmp_path.iterdir()) == [made, *ahead]


def test_what_is_left_of_one_that_was_killed_goes_a_day_later(world, tmp_path):
    killed, at_work = tmp_path / ".longstop-killed", tmp_path / ".longstop-working"
    for one, hours in ((killed, 25), (at_work, 23)):
        one.mkdir()
        (one / "longstop.db").write_text("much")
        at = (world.clock.now() - timedelta(hours=hours)).timestamp()
        os.utime(one, (at, at))
    made, _ = create(world.monitor, plan(tmp_path))
    assert sorted(tmp_path.iterdir()) == [at_work, made]


def test_a_file_that_came_while_one_was_made_is_not_overwritten(world, tmp_path):
    there = tmp_path / "one.zip"
    came = plan(tmp_path, files=lambda: {"came": str(there.write_text("meanwhile")).encode()})
    with pytest.raises(FileThere):
        create(world.monitor, came, there)
    assert (there.read_text(), list(tmp_path.iterdir())) == ("meanwhile", [there])
    there.unlink()
    assert create(world.monitor, plan(tmp_path), there)[0] == there
    assert list(tmp_path.iterdir()) == [there]


def test_what_was_due_when_it_was_made_is_in_doubt_where_it_is_restored(world, tmp_path):
    world.travel_to("2026-11-24T08:30")
    from engine.raising import raise_due

    raise_due(world.monitor)
    waiting = [one.id for one in world.deliveries(DeliveryState.PENDING)]
    assert waiting
    file, _ = create(world.monitor, plan(tmp_path / "backups"))
    world.tick()
    _, due = restore(file, tmp_path / "new", world.clock.now() + timedelta(hours=1))
    assert due.messages == len(waiting)
    database = open_database(sqlite_url(tmp_path / "new" / "longstop.db"))
    with replace(world.monitor, database=database).look() as work:
        found = work.deliveries.listed([DeliveryState.IN_DOUBT], limit=100)
        assert {one.id for one in found} == set(waiting)
        assert {one.in_doubt_since for one in found} == {datetime(2026, 11, 24, 7, 30, tzinfo=UTC)}
    database.close()
