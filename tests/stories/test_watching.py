"""The house watches itself: what is planted is found, what is well is never told, and somebody outside hears of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine import operations as ops
from engine.watcher.audit import audit, last_report
from engine.watcher.watching import Finding, Watching
from jobs.catalogue import CANARY, JOBS, WATCH, look
from store.queries.audit import CHECKS
from store.types import to_micros
from tests.support.databases import is_postgres, refuse_change, unguard
from tests.support.world import World, living

NEAR = "2026-11-26T09:00"  # five days before the last safe day of ACME-7; all that is due by then has left


class Watched:
    """A world that watches itself; *said* is what the heartbeat said."""

    def __init__(self, world):
        self.world, self.said, self.is_deaf, self.around = world, [], False, []
        watching = Watching(surroundings=lambda _: self.around, heartbeat=self._hear, canaries={"slack": "#legal"})
        world.monitor = replace(world.monitor, watching=watching)

    def _hear(self, wrong):
        self.said.append(wrong)
        return not self.is_deaf

    def run(self, minutes, watch=WATCH):
        """Look at work and watch at every due instant of so many minutes, as the scheduler does."""
        world = self.world
        end = world.clock.now() + timedelta(minutes=minutes)
        while (at := self._look(watch)) is not None and at <= end:
            world.clock.travel_to(max(at, world.clock.now() + timedelta(seconds=1)))
        world.clock.travel_to(end)

    def _look(self, watch):
        with self.world.monitor.work() as work:
            work.keeping.note_run({"job": "raise", "at": work.now, "took_ms": 1, "did": 0, "error": ""})
        return look(self.world.monitor, (*JOBS, *watch))

    def found(self):
        with self.world.monitor.look() as work:
            return {one.check for one in last_report(work).findings}

    def sql(self, statement, unguarded=None):
        with self.world.monitor.work() as work:
            if unguarded:
                unguard(work.connection, unguarded)
            if work.session.is_sqlite:
                work.connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
            work.connection.exec_driver_sql(statement)


@pytest.fixture(scope="module")
def all_told():
    world = World("2026-11-23T07:00")
    world.staff()
    world.agreement()
    world.live_until(NEAR)
    world.expect(*world.unexpected)
    return world


@pytest.fixture
def house(all_told):
    """Near a deadline about which everybody was told. What a test breaks stays broken."""
    world = all_told.twin()
    yield Watched(world)
    world.monitor.database.close()


def at(house, **ago):
    return to_micros(house.world.clock.now() - timedelta(**ago))


#: What is planted under the name of the rule that must find it.
PLANTED = {
    "deadline_without_instant": lambda _: "UPDATE milestones SET next_step_at = NULL WHERE state = 'open'",
    "step_late": lambda house: f"UPDATE milestones SET next_step_at = {at(house, minutes=6)} WHERE state = 'open'",
    "pending_late": lambda house: (
        f"UPDATE deliveries SET state = 'pending', accepted_at = NULL, next_attempt_at = {at(house, minutes=11)}"
    ),
    "doubt_too_long": lambda house: (
        f"UPDATE deliveries SET state = 'in_doubt', accepted_at = NULL, in_doubt_since = {at(house, hours=2)}, "
        f"next_attempt_at = {at(house, hours=-1)}"
    ),
    "lease_over": lambda house: (
        f"UPDATE deliveries SET state = 'sending', lease_token = 'gone', lease_until = {at(house, minutes=9)}"
    ),
    "raised_without_message": lambda _: "UPDATE deliveries SET place = '-7d.9.9'",
    "nobody_reached": lambda _: "UPDATE deliveries SET state = 'failed'",
    "inbox_late": lambda house: (
        "INSERT INTO inbox (id, dedupe_key, source, received_at, payload, next_attempt_at, failures) "
        f"VALUES ('x', 'x', 'slack', {at(house, minutes=2)}, '{{}}', {at(house, hours=-1)}, 1)"
    ),
    "posted_behind": lambda house: (
        "INSERT INTO posted (delivery_id, channel, ref, shown, wanted, next_update_at, failures, is_gone) "
        f"SELECT min(id), 'slack', 'x', 0, 1, {at(house, minutes=16)}, 0, false FROM deliveries"
    ),
    "dead_contact": lambda house: (
        "INSERT INTO contact_points (id, person_id, channel, address, state, since_at, why) "
        f"SELECT 'x', owner_id, 'email', 'olga@example.com', 'dead', {at(house, days=1)}, '' FROM agreements"
    ),
    "held_late": lambda house: (
        f"UPDATE deliveries SET state = 'held', why = 'new in the register', next_attempt_at = {at(house, minutes=6)}"
    ),
    "held_by_person": lambda house: (
        f"UPDATE deliveries SET state = 'held', why = 'by hand', next_attempt_at = {at(house, days=-1)}"
    ),
    "later_than_ladder": lambda house: (
        f"UPDATE milestones SET next_step_at = {at(house, days=-300)} WHERE state = 'open' AND is_deadline"
    ),
    "unreadable": lambda _: "UPDATE milestones SET doc = '{' WHERE state = 'open'",
    "chain": lambda _: "UPDATE events SET actor = 'nobody' WHERE position = 3",
    "calendar_newer": lambda house: (
        "INSERT INTO calendar_snapshots (digest, code, seen_at, is_current, doc) "
        f"SELECT 'old', calendar, {at(house, days=1)}, true, '{{}}' FROM agreements"
    ),
}


def test_every_rule_about_rows_is_planted_once():
    assert set(CHECKS) <= set(PLANTED)


@pytest.mark.parametrize("check", PLANTED)
def test_what_is_planted_is_found_and_told_at_the_second_audit(house, check):
    if check == "deadline_without_instant" and is_postgres():
        pytest.skip("PostgreSQL itself refuses such a row")
    assert audit(house.world.monitor).findings == ()
    house.sql(PLANTED[check](house), unguarded="events" if check == "chain" else None)
    first = audit(house.world.monitor)
    assert check in {one.check for one in first.findings}
    assert not first.is_settled
    assert "self_audit" not in house.world.incidents()
    assert check in audit(house.world.monitor).confirmed
    with house.world.monitor.look() as work:
        assert (("self_audit", check)) in {(one.kind, one.subject) for one in work.keeping.incidents()}


@pytest.mark.parametrize(
    ("safe_on", "found"),
    [("2026-11-11", False), ("2026-11-12", True), ("2026-12-10", True), ("2026-12-11", False)],
)
def test_whether_anybody_was_reached_is_asked_within_fourteen_days_of_the_last_safe_day(house, safe_on, found):
    """It is the 26th of November."""
    house.sql("UPDATE deliveries SET state = 'failed'")
    for table in ("raised", "deliveries", "milestones"):
        house.sql(f"UPDATE {table} SET safe_on = '{safe_on}'")
    assert ("nobody_reached" in {one.check for one in audit(house.world.monitor).findings}) is found


def test_an_incident_of_the_audit_closes_when_it_is_found_no_more(house):
    house.around = [Finding("disk", 1, "Only 3 MB are free.")]
    house.run(10)
    assert house.world.incidents() == ["self_audit"]
    assert "2026-11-26 09:02 ada: Self audit" in house.world.unexpected
    house.around = []
    house.run(10)
    assert house.world.incidents() == []


def test_a_healthy_day_is_clean_and_said_after_every_audit(house):
    house.run(60)
    assert house.said == [""] * 12
    assert house.found() == set()


def test_what_is_wrong_is_said_once_it_is_sure_and_well_again_when_it_is_mended(house):
    house.run(4)
    house.around = [Finding("disk", 1, "Only 3 MB are free.")]
    house.run(10)
    assert house.said == ["", "Only 3 MB are free.", "Only 3 MB are free."][: len(house.said)]
    assert house.said[-1] == "Only 3 MB are free."
    house.around = []
    house.run(6)
    assert house.said[-1] == ""


def test_what_was_late_for_a_downtime_alone_wakes_nobody(house):
    house.world.clock.travel_to(house.world.instant("2026-12-02T12:00"))
    assert {one.check for one in audit(house.world.monitor).findings} >= {"step_late"}
    house.run(10)
    assert house.found() == set()
    assert (house.said, house.world.incidents()) == ([""] * len(house.said), [])


def test_a_heartbeat_that_nobody_heard_is_said_again_after_a_minute(house):
    house.is_deaf = True
    house.run(4)
    assert len(house.said) == 4
    house.is_deaf = False
    house.run(1)
    assert len(house.said) == 5


def test_a_job_that_stands_still_is_said(house):
    with house.world.monitor.work() as work:
        at_last = work.now - timedelta(minutes=10)
        work.keeping.note_run({"job": "deliver", "at": at_last, "took_ms": 1, "did": 0, "error": ""})
    house.run(1)
    assert house.said == ["Jobs that failed or stand still: deliver."]


def test_a_week_in_shadow_mode_withholds_the_heartbeat():
    with living(shadow_mode=True) as world:
        watched = Watched(world)
        audit(world.monitor)
        world.clock.advance(timedelta(days=6))
        assert audit(world.monitor).findings == ()
        world.clock.advance(timedelta(days=1))
        assert [one.check for one in audit(world.monitor).findings] == ["shadow_too_long"]
        assert watched.said == []


def test_a_message_to_ourselves_is_found_once_a_day(house):
    house.run(2 * 24 * 60 + 30, [CANARY])
    assert [one.address for one in house.world.slack.taken] == ["#legal"] * 3
    asked = [one for one, _ in house.world.slack.asked]
    assert asked == [one.delivery_id for one in house.world.slack.taken]
    assert "canary" not in house.world.incidents()


def test_what_was_found_is_acknowledged_as_people_do_or_it_is_an_incident(house):
    world = house.world
    house.run(30, [CANARY])
    with world.monitor.look() as work:
        row = work.inbox.by_key(f"canary:{world.slack.taken[0].delivery_id}")
    assert "already" in row.result
    with world.monitor.work() as work:
        refuse_change(work.connection, "inbox", "NEW.result IS NOT NULL")
    house.run(25 * 60, [CANARY])
    assert "canary" in world.incidents()


def test_a_message_to_ourselves_that_nobody_finds_is_an_incident_until_one_is_found(house):
    from notifiers.base import Absent

    house.world.slack.finds = [Absent()] * 20
    house.run(70, [CANARY])
    assert house.world.incidents() == ["canary"]
    house.world.slack.finds = []
    house.run(24 * 60, [CANARY])
    assert "canary" not in house.world.incidents()


def test_a_process_that_is_gone_is_missed_by_the_others_until_a_new_one_starts(house):
    from engine.watcher.instances import seen

    def appear(name):
        with house.world.monitor.work() as work:
            seen(work, name, does="schedules")

    appear("one")
    appear("two")
    for _ in range(5):
        house.run(1)
        appear("two")
    assert house.world.incidents() == ["instance_gone"]
    appear("three")
    assert house.world.incidents() == []


def test_a_process_that_another_has_replaced_is_not_missed(house):
    from engine.watcher.instances import seen

    with house.world.monitor.work() as work:
        seen(work, "one", does="schedules")
    house.run(1)
    for _ in range(5):
        with house.world.monitor.work() as work:
            seen(work, "two", does="schedules")
        house.run(1)
    assert house.world.incidents() == []


def test_no_deadline_that_was_answered_is_called_unheard(house):
    house.world.say(ops.acknowledge, "ACME-7 notice")
    house.sql("UPDATE deliveries SET state = 'failed'")
    assert audit(house.world.monitor).findings == ()
