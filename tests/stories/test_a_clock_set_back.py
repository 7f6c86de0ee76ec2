"""The machine's clock was days ahead and is put right: what comes by the clock follows it, and is done once."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.backups.making import Plan
from engine.watcher.audit import last_report
from engine.watcher.watching import Watching
from jobs.catalogue import BACKUP, CANARY, DELIVER, FINDINGS, JOBS, TIDY, WATCH, WEEKLY, look
from lifecycle.reports import Reports
from tests.support.world import living
from web.health import Watched, readiness

AHEAD = timedelta(days=10)


class Heard:
    """What the heartbeat said, and when channels were asked what came back to them."""

    has_reports = True

    def __init__(self, world):
        self.world, self.beats, self.read = world, [], []

    def beat(self, wrong):
        self.beats.append((self.world.clock.now(), wrong))
        return True

    def reports(self, mark, now):
        self.read.append(now)
        return Reports(found=(), mark=mark, is_more=False)


@pytest.fixture
def house(tmp_path):
    """A house without agreements, whose clock was ten days ahead for an hour and put right at noon of 23 November."""
    with living("2026-11-23T10:00", says_all_quiet=True) as world:
        world.staff()
        heard = Heard(world)
        watching = Watching(
            heartbeat=heard.beat,
            backups=Plan(folder=tmp_path, files=dict, keep=3),
            canaries={"slack": "#legal"},
        )
        notifiers = {**world.monitor.notifiers, "postbox": heard}
        world.monitor = replace(world.monitor, watching=watching, notifiers=notifiers)
        lived(world, timedelta(hours=1))
        world.clock.advance(AHEAD)
        lived(world, timedelta(hours=1))
        world.clock.travel_to(world.instant("2026-11-23T12:00"))
        world.slack.taken.clear()
        heard.beats.clear()
        heard.read.clear()
        for one in tmp_path.iterdir():
            one.unlink()
        yield world, heard, tmp_path
        world.expect(*world.unexpected)


def lived(world, span, jobs=(*JOBS, *WATCH)):
    """Look at what is due by then; how often each job was."""
    did, end = Counter(), world.clock.now() + span
    jobs = [replace(job, run=lambda monitor, job=job: did.update([job.name]) or job.run(monitor)) for job in jobs]
    while (at := _looked(world, jobs)) is not None and at <= end:
        world.clock.travel_to(max(at, world.clock.now() + timedelta(seconds=1)))
    world.clock.travel_to(end)
    return did


def _looked(world, jobs):
    with world.monitor.work() as work:
        work.keeping.note_run({"job": "raise", "at": work.now, "took_ms": 1, "did": 0, "error": ""})
    return look(world.monitor, jobs)


def test_the_house_is_looked_at_and_lives_from_the_first_minute_on(house):
    world, heard, folder = house
    watched = Watched(monitor=world.monitor, is_current=lambda: True, intervals={}, data_dir=folder)
    assert [one.check for one in readiness(watched) if not one.is_ok] == ["audit"]
    lived(world, timedelta(minutes=30))
    assert [one.check for one in readiness(watched) if not one.is_ok] == []
    with world.monitor.look() as work:
        assert last_report(work).at > work.now - timedelta(minutes=6)
    assert len(heard.beats) == 6
    assert len(heard.read) == 7


def test_what_is_done_daily_is_done_in_each_of_the_days(house):
    world, _, backups = house
    did = lived(world, timedelta(days=3), (DELIVER, BACKUP, CANARY, TIDY, FINDINGS))
    assert sorted(one.name for one in backups.iterdir()) == [
        f"longstop-202611{day}T013000Z.zip" for day in (24, 25, 26)
    ]  # fmt: skip
    assert [one.address for one in world.slack.taken] == ["#legal"] * 3
    assert {name: did[name] for name in (TIDY.name, FINDINGS.name)} == {TIDY.name: 4, FINDINGS.name: 4}


def test_what_is_said_weekly_is_said_in_the_next_week_and_no_earlier(house):
    world, _, _ = house
    before = len(world.deliveries())
    assert WEEKLY.due_at(world.monitor) == world.clock.now()
    lived(world, timedelta(days=6), (WEEKLY, DELIVER))
    assert WEEKLY.due_at(world.monitor) == world.instant("2026-11-30T08:30")
    assert len(world.deliveries()) == before
