"""A look runs what is due until nothing is, and says when to look again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from jobs.catalogue import JOBS, NAMES, Job, look
from jobs.watching import Watched


def test_the_jobs_stand_in_the_order_in_which_one_causes_the_next():
    assert NAMES == (
        "answer", "silence", "advance", "raise", "return", "digest", "follow", "sweep", "deliver", "show", "presence",
        "weekly", "instances", "audit", "canary", "returned", "backup", "findings", "tidy", "heartbeat",
    )  # fmt: skip


def test_one_look_carries_a_new_agreement_to_its_readers(world):
    world.agreement(end="2026-03-09")
    look(world.monitor)
    world.expect("2026-01-05 09:00 ben olga: ACME-7 notice -7d.0")


def test_a_look_says_when_the_next_is_due(world):
    world.agreement()
    world.live_until("2026-01-26T09:00")
    assert world.tick() == world.instant("2026-02-02T00:00")  # the horizon uncovers another term


@pytest.fixture
def talking(world):
    """A house that says once a week that all is quiet, as each does that was not told otherwise."""
    world.monitor = replace(world.monitor, house=replace(world.monitor.house, says_all_quiet=True))
    return world


def test_where_nothing_is_planned_a_look_is_due_once_a_week(talking):
    assert talking.tick() == talking.instant("2026-01-12T08:30")


def test_where_nothing_is_planned_and_nothing_is_said_no_look_is_due(world):
    assert world.tick() is None


def test_an_idle_look_asks_one_question_for_each_job_and_all_in_one_view(talking):
    world = talking
    world.agreement()
    world.tick()
    asked = heard_by(world.monitor.database)
    world.tick()
    assert [one.startswith("BEGIN") for one in asked] == [True] + [False] * len(JOBS)


def test_a_question_that_fails_spoils_none_of_those_behind_it(talking):
    world = talking
    world.agreement()
    world.tick()
    following = world.tick()
    asked = heard_by(world.monitor.database)
    broken = Job("broken", lambda _: 0, nonsense)
    jobs = map(Watched(world.monitor), (JOBS[0], broken, *JOBS[1:]))
    assert look(world.monitor, jobs) == world.clock.now() + timedelta(seconds=2)
    assert [one.startswith("BEGIN") for one in asked] == [True, False, False, True] + [False] * (len(JOBS) - 1)
    world.clock.travel_to(following)
    assert done_by(world.monitor, broken) == ["weekly", "deliver"]
    world.expect(*world.unexpected)


def nonsense(monitor):
    with monitor.look() as work:
        work.connection.exec_driver_sql("SELECT nothing FROM nowhere")


def done_by(monitor, *before):
    """The jobs that a look runs with these before them."""
    done = []

    def noted(job):
        return replace(job, run=lambda monitor: done.append(job.name) or job.run(monitor))

    look(monitor, map(Watched(monitor), (*before, *map(noted, JOBS))))
    return done


def heard_by(database):
    """What is said to a database from now on."""
    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    return asked


class Ticking:
    """A clock that goes on between two readings, as that of a machine does."""

    def __init__(self, at):
        self.at = at

    def now(self):
        self.at += timedelta(microseconds=1)
        return self.at


def test_a_job_that_is_due_now_runs_though_time_goes_on_while_it_is_asked(world):
    monitor, done = replace(world.monitor, clock=Ticking(world.clock.now())), []
    never = Job("never", lambda _: done.append("done") or 1, lambda view: None if done else view.clock.now())
    look(monitor, (never,))
    assert done == ["done"]


def test_a_job_that_is_due_and_does_nothing_is_asked_again_after_a_while(world):
    stuck = Job("stuck", lambda _: 0, lambda monitor: monitor.clock.now())
    later = look(world.monitor, (stuck,))
    assert later == world.clock.now() + timedelta(seconds=world.monitor.house.timings.poll)


def test_a_look_goes_on_while_one_job_makes_work_for_another(world):
    left, done = [2], []

    def make(_):
        left[0] -= 1
        done.append("make")
        return 1

    def use(_):
        done.append("use")
        return 1

    made = Job("make", make, lambda monitor: monitor.clock.now() if left[0] else None)
    used = Job("use", use, lambda monitor: monitor.clock.now() if done[-1:] == ["make"] else None)
    assert look(world.monitor, (made, used)) is None
    assert done == ["make", "use", "make", "use"]
