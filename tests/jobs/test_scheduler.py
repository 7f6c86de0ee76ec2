"""The scheduler looks when something is due, when it is woken, and only where it holds the lease."""

import time
from datetime import timedelta
from threading import Event

import pytest
from structlog.testing import capture_logs

from config.playbooks import shipped
from jobs.catalogue import JOBS, NAMES, WATCH, Job
from jobs.lease import Lease
from jobs.scheduler import Scheduler
from store.database import open_database
from tests.support.databases import fresh_at
from tests.support.world import World

NEVER = Job("never", lambda _: 0, lambda _: None)


def until(holds, seconds=10):
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.005)
    return holds()


class Run:
    """A world on a file, and the schedulers that were started on it."""

    def __init__(self, folder):
        self.database = open_database(fresh_at(folder))
        self.started = []
        self.world = self.scheduler = None

    def start(self, holder="one", jobs=JOBS, watch=WATCH):
        scheduler = Scheduler(holder, jobs=jobs, watch=watch)
        world = World(database=self.database, wake=scheduler.wake, seed=holder)
        if not self.started:
            world.playbooks(*shipped())
            world.staff()
        scheduler.start(world.monitor)
        self.started.append(scheduler)
        self.world, self.scheduler = world, scheduler
        return world, scheduler


@pytest.fixture
def run(tmp_path):
    made = Run(tmp_path)
    yield made
    for scheduler in made.started:
        assert scheduler.stop()
    made.database.close()


def urgent(world, reference="ACME-7"):
    """The last safe day is Thursday, 8 January: told at once."""
    world.agreement(reference, end="2026-03-09")


def test_what_a_commit_made_due_leaves_at_once(run):
    world, scheduler = run.start()
    assert until(lambda: scheduler.is_holder)
    began = time.monotonic()
    urgent(world)
    assert until(lambda: len(world.mail.taken) == 2)
    assert time.monotonic() - began < 5, "a poll would have taken longer"
    assert [line.partition(" ")[2] for line in world.unexpected] == ["09:00 ben olga: ACME-7 notice -7d.0"]


def test_the_next_look_is_at_the_next_due_instant(run):
    world, _ = run.start()
    with world.monitor.look() as work:
        assert work.deliveries.listed([]) == []
    world.agreement()
    world.clock.travel_to(world.instant("2026-09-07T08:29:59.900"))
    run.scheduler.wake()
    assert until(lambda: world.row("ACME-7 notice").cursor is not None)
    world.clock.travel_to(world.instant("2026-09-07T08:30"))
    assert until(lambda: len(world.mail.taken) == 1, seconds=5)


def test_of_two_processes_one_schedules_and_the_other_takes_over(run):
    first, one = run.start("one")
    assert until(lambda: one.is_holder)
    with capture_logs() as logs:
        second, two = run.start("two")
        assert until(lambda: any(log["event"].startswith("another process") for log in logs))
    assert not two.is_holder
    urgent(first)
    assert until(lambda: len(first.mail.taken) == 2)
    assert one.stop()
    two.wake()
    assert until(lambda: two.is_holder)
    urgent(second, "BETA-1")
    assert until(lambda: len(second.mail.taken) == 2)


def test_a_lease_that_lapsed_is_taken_over(run):
    world, _ = run.start("zero", jobs=(NEVER,))
    run.scheduler.stop()
    gone = Lease(world.monitor, "gone")
    assert gone.keep()
    world, scheduler = run.start("one")
    scheduler.wake()
    assert not until(lambda: scheduler.is_holder, seconds=0.3)
    world.clock.advance(timedelta(seconds=61))
    scheduler.wake()
    assert until(lambda: scheduler.is_holder)


def test_a_job_that_fails_is_told_without_its_text_and_stops_no_other(run):
    def fail(_):
        raise ValueError("clause 12.3: the price is secret")

    bad = Job("bad", fail, lambda monitor: monitor.clock.now())
    with capture_logs() as logs:
        world, _ = run.start(jobs=(bad, *JOBS))
        urgent(world)
        assert until(lambda: len(world.mail.taken) == 2)
    failed = next(log for log in logs if log.get("job") == "bad")
    assert (failed["log_level"], failed["error"]) == ("error", "ValueError")
    assert failed["where"].startswith("test_scheduler.py:")
    assert "secret" not in repr(logs)


def test_a_job_that_failed_is_tried_again(run):
    tried = []

    def fail_once(monitor):
        tried.append(monitor.clock.now())
        if len(tried) == 1:
            raise OSError("disk full")
        return 1

    bad = Job("bad", fail_once, lambda monitor: monitor.clock.now() if len(tried) < 2 else None)
    world, scheduler = run.start(jobs=(bad,))
    assert until(lambda: len(tried) == 1)
    world.clock.advance(timedelta(seconds=2))
    scheduler.wake()
    assert until(lambda: len(tried) == 2)


def test_raising_does_not_wait_for_a_mail_server(run):
    world, _ = run.start()
    sends, goes_on = Event(), Event()
    world.mail.on_send = lambda: (sends.set(), goes_on.wait(10))
    try:
        urgent(world)
        assert sends.wait(10)
        urgent(world, "BETA-1")
        assert until(lambda: world.row("BETA-1 notice").cursor is not None)
        assert world.mail.taken == []
    finally:
        goes_on.set()
    assert until(lambda: len(world.mail.taken) == 4)


def test_stopping_ends_what_is_in_flight(run):
    world, scheduler = run.start()
    sends = Event()
    world.mail.on_send = lambda: (sends.set(), time.sleep(0.2))
    urgent(world)
    assert sends.wait(10)
    assert scheduler.stop()
    assert [one.state for one in world.deliveries() if one.state == "sending"] == []
    assert len(world.mail.taken) >= 1


def test_stopping_does_not_wait_for_ever(run):
    world, scheduler = run.start()
    sends, goes_on = Event(), Event()
    world.mail.on_send = lambda: (sends.set(), goes_on.wait(10))
    urgent(world)
    assert sends.wait(10)
    began = time.monotonic()
    assert not scheduler.stop(within=0.2)
    assert time.monotonic() - began < 5
    goes_on.set()


def test_being_woken_during_a_look_means_another_look(run):
    looked, goes_on = [], Event()

    def due_at(_):
        looked.append(1)
        if len(looked) == 1:
            goes_on.wait(10)

    _, scheduler = run.start(jobs=(Job("slow", lambda _: 0, due_at),))
    assert until(lambda: looked)
    scheduler.wake()
    goes_on.set()
    assert until(lambda: len(looked) == 2, seconds=5)


def test_a_hundred_wakings_are_never_lost(run):
    looked, wanted = [], [0]

    def due_at(_):
        looked.append(wanted[0])

    _, scheduler = run.start(jobs=(Job("quick", lambda _: 0, due_at),))
    for number in range(1, 101):
        wanted[0] = number
        scheduler.wake()
        assert until(lambda number=number: looked[-1:] == [number], seconds=5), number


def test_what_ran_is_kept_for_every_job(run):
    world, _ = run.start()

    def runs():
        with world.monitor.look() as work:
            return {row.job: row.error for row in work.keeping.runs()}

    assert until(lambda: runs().keys() == set(NAMES)), runs()
    assert set(runs().values()) == {""}


def test_waking_before_the_start_and_after_the_end_does_nothing(run):
    scheduler = Scheduler("early")
    scheduler.wake()
    assert scheduler.stop()
    scheduler.wake()
    _, started = run.start()
    assert started.stop()
    started.wake()


def test_what_becomes_due_disturbs_nobody_who_watches(run):
    looked = []
    watching = Job("watching", lambda _: 0, lambda monitor: looked.append(monitor.clock.now()))
    world, _ = run.start(watch=(watching,))
    assert until(lambda: looked)
    first = len(looked)
    urgent(world)
    assert until(lambda: len(world.mail.taken) == 2)
    time.sleep(0.1)
    assert len(looked) == first
