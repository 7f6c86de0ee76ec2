"""What is kept of feeds in memory: a look costs what has changed, and what is served is what is."""

import threading
from datetime import date
from functools import cache

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from engine import operations as ops
from lifecycle.events import Actor
from lifecycle.feeds import Detail, Reminders
from tests.support.subscribing import BASE_URL, Subscribers, later
from tests.support.world import World, living

OWN = "owner:me"


@pytest.fixture
def world():
    with living("2026-11-20T09:00", base_url=BASE_URL) as made:
        made.staff()
        made.agreement("ACME-7")
        made.agreement("ACME-8", counterparty="Other Ltd")
        yield made


def vevents(data):
    return data.split(b"BEGIN:VEVENT")[1:]


def test_a_hundred_looks_render_once(world):
    house = Subscribers(world)
    feed = house.subscribe()
    etags = {feed.get().headers["etag"] for _ in range(50)}
    assert {feed.get(if_none_match=etags.copy().pop()).status_code for _ in range(50)} == {304}
    assert (len(etags), house.bodies.rendered) == (1, 1)


def test_nothing_is_rendered_after_an_acknowledgement_or_a_snooze(world):
    house = Subscribers(world)
    feed = house.subscribe()
    before = feed.get().content
    world.say(ops.acknowledge, "ACME-7 notice")
    world.say(ops.snooze, "ACME-8 notice", until=date(2026, 11, 24))
    assert feed.get().content == before == feed.fresh().data
    assert house.bodies.rendered == 1


def test_a_change_renders_its_own_agreement_and_leaves_every_other_byte(world):
    house = Subscribers(world)
    feed = house.subscribe()
    before = vevents(feed.get().content)
    later(world, hours=1)
    world.say(ops.waive, "ACME-7 notice", by="leo", because="they leave")
    after = vevents(feed.get().content)
    assert feed.get().content == feed.fresh().data
    changed = [old for old, new in zip(before, after, strict=True) if old != new]
    assert changed
    assert all(b"Other Ltd" not in one for one in changed)
    unchanged = [one for one in before if b"Other Ltd" in one]
    assert [one for one in after if b"Other Ltd" in one] == unchanged


def test_what_others_subscribe_to_renders_nobody_elses_calendar(world):
    house = Subscribers(world)
    feed = house.subscribe()
    before = feed.get().headers["etag"]
    pieces = house.bodies._kept[feed.feed.id, False].pieces
    house.subscribe("ben")
    assert feed.get().headers["etag"] == before
    assert house.bodies._kept[feed.feed.id, False].pieces is pieces


def test_a_move_keeps_the_uid_and_raises_the_sequence_by_two(world):
    feed = Subscribers(world).subscribe()
    before = {uid: one for uid, one in feed.entries().items() if "Acme" in str(one["SUMMARY"])}
    later(world, days=1)
    world.say(ops.pin, "ACME-7 notice", by="leo", on=date(2026, 11, 26), because="their letter says so")
    after = {uid: one for uid, one in feed.entries().items() if "Acme" in str(one["SUMMARY"])}
    assert after.keys() == before.keys()
    (moved,) = [uid for uid in after if after[uid]["DTSTART"].dt != before[uid]["DTSTART"].dt]
    assert after[moved]["DTSTART"].dt == date(2026, 11, 26)
    assert after[moved]["SEQUENCE"] == before[moved]["SEQUENCE"] + 2
    assert after[moved]["DTSTAMP"].dt > before[moved]["DTSTAMP"].dt


def test_another_setting_stamps_every_entry_under_the_same_address(world):
    feed = Subscribers(world).subscribe()
    feed.get()
    later(world, hours=3)
    feed.change(detail=Detail.BUSY)
    stamps = {one.split(b"DTSTAMP:")[1][:16] for one in vevents(feed.get().content)}
    assert stamps == {b"20261120T110000Z"}
    assert b"Acme" not in feed.get().content
    assert feed.get().content == feed.fresh().data


def test_a_new_month_moves_the_window_and_nothing_else_does(world):
    feed = Subscribers(world).subscribe(months_ahead=3)
    first = feed.get().content
    world.clock.travel_to(world.instant("2026-11-30T23:59"))
    assert feed.get().content == first
    world.clock.travel_to(world.instant("2026-12-01T00:00"))
    assert feed.get().content == feed.fresh().data


def test_who_may_not_see_it_any_more_loses_it_at_once_without_a_trace(world):
    house = Subscribers(world)
    leo, olga = house.subscribe("leo"), house.subscribe("olga")
    assert b"ACME-7" in leo.get().content
    world.amend("ACME-7", restricted_to=("mia@example.com",))
    assert b"ACME-7" not in leo.get().content
    assert b"ACME-7" in olga.get().content  # its owner
    assert b"Acme Labs" not in olga.get().content  # and told no more than redacted of it
    assert leo.get().content == leo.fresh().data


def test_rights_by_a_team_end_with_it(world):
    house = Subscribers(world)
    world.amend("ACME-7", restricted_to=("team:deals",))
    feed = house.subscribe("leo")
    assert b"ACME-7" not in feed.get().content
    with world.monitor.work(Actor("ada@example.com", "test")) as work:
        from dataclasses import replace

        ops.change_person(work, replace(work.people.by_email("leo@example.com"), teams=("deals",)))
    assert b"ACME-7" in feed.get().content


def test_owner_me_follows_whom_a_deadline_is_assigned_to(world):
    house = Subscribers(world)
    ben, olga = house.subscribe("ben", search=OWN), house.subscribe("olga", search=OWN)
    assert b"No deadlines in this feed" in ben.get().content
    world.say(ops.assign, "ACME-7 notice", owner_id=world.id_of("ben"))
    world.expect(*world.unexpected)
    link = f"/deadlines/{world.row('ACME-7 notice').id}".encode()
    assert link in ben.get().content
    assert link not in olga.get().content
    assert b"ACME-7" in olga.get().content  # its other deadlines are still hers


def test_above_its_limit_the_memory_lets_go_of_what_was_asked_for_longest_ago(world):
    house = Subscribers(world)
    first, second = house.subscribe("olga"), house.subscribe("ben")
    ready, _ = house.bodies.fresh(_which(first))
    small = Subscribers(world, most_bytes=ready.size * 3 // 2)
    for feed in (first, second, first):
        feed.house = small
        assert feed.get().content == feed.fresh().data
    assert list(small.bodies._kept) == [_which(first)]
    assert 0 < small.bodies._size <= ready.size * 3 // 2


def test_many_at_once_wait_for_one_rendering(world):
    house = Subscribers(world)
    feed = house.subscribe()
    found = []
    threads = [threading.Thread(target=lambda: found.append(house.bodies.fresh(_which(feed))[0])) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len({id(one) for one in found}) == 1
    assert house.bodies.rendered == 1


def _which(feed):
    from web.feeds.bodies import Which

    return Which(feed.feed.id, False)


# -- served bytes are what a fresh rendering gives --------------------------------------------------------------------

REFERENCES = ("ACME-7", "ACME-8", "ACME-9")
NAMES = ("olga", "ben", "leo")


@cache
def _first():
    world = World("2026-11-20T09:00", base_url=BASE_URL)
    world.staff()
    for reference in REFERENCES:
        world.agreement(reference)
    return world


class Register(RuleBasedStateMachine):
    """People do things, time passes, and apps look; whatever happened, what is served is what would be rendered now."""

    @initialize()
    def begin(self):
        self.steps = 0
        self.world = _first().twin()
        self.house = Subscribers(self.world)
        self.feeds = [
            self.house.subscribe("olga", search=OWN, reminders=Reminders.BOTH),
            self.house.subscribe("leo", search="", todo=True),
            self.house.subscribe("ben", search="is:unverified", detail=Detail.REDACTED),
        ]

    def teardown(self):
        self.world.monitor.database.close()

    @rule(reference=st.sampled_from(REFERENCES), how=st.sampled_from(["waive", "decide", "acknowledge", "verify"]))
    def answer(self, reference, how):
        said = {"waive": {"because": "x"}, "decide": {"choice": "let-lapse", "note": "x"}}.get(how, {})
        self._try(lambda: self.world.say(getattr(ops, how), f"{reference} notice", by="leo", **said))

    @rule(reference=st.sampled_from(REFERENCES))
    def reopen(self, reference):
        self._try(lambda: self.world.say(ops.reopen, f"{reference} notice", by="leo", because="x"))

    @rule(reference=st.sampled_from(REFERENCES), day=st.dates(date(2026, 11, 23), date(2027, 3, 1)))
    def pin(self, reference, day):
        self._try(lambda: self.world.say(ops.pin, f"{reference} notice", by="leo", on=day, because="x"))

    @rule(reference=st.sampled_from(REFERENCES), to=st.sampled_from([(), ("leo@example.com",), ("team:deals",)]))
    def restrict(self, reference, to):
        self._try(lambda: self.world.amend(reference, restricted_to=to))

    @rule(reference=st.sampled_from(REFERENCES), title=st.sampled_from(["Hosting", "A\r\nB", "Ü, ü; \\"]))
    def entitle(self, reference, title):
        self._try(lambda: self.world.amend(reference, title=title))

    @rule(reference=st.sampled_from(REFERENCES), to=st.sampled_from(NAMES))
    def assign(self, reference, to):
        owner_id = self.world.id_of(to)
        self._try(lambda: self.world.say(ops.assign, f"{reference} notice", by="leo", owner_id=owner_id))

    @rule(reference=st.sampled_from(REFERENCES))
    def archive(self, reference):
        self._try(lambda: self.world.do(ops.archive, reference, because="x"))

    @rule(name=st.sampled_from(NAMES), teams=st.sampled_from([(), ("deals",)]), label=st.sampled_from(["", "Renamed"]))
    def change_person(self, name, teams, label):
        from dataclasses import replace

        with self.world.monitor.work(Actor("ada@example.com", "test")) as work:
            ops.change_person(work, replace(work.people.by_email(f"{name}@example.com"), teams=teams, name=label))

    @rule(
        number=st.integers(0, 2), detail=st.sampled_from(Detail), timed=st.booleans(), words=st.sampled_from(["", OWN])
    )
    def change_feed(self, number, detail, timed, words):
        self.feeds[number].change(detail=detail, timed=timed, search=words)

    @rule(hours=st.sampled_from([0, 1, 24, 24 * 12, 24 * 40]))
    def wait(self, hours):
        later(self.world, hours=hours)
        self.world.tick()

    @rule(number=st.integers(0, 2))
    def look(self, number):
        self.feeds[number].get()

    @rule()
    @precondition(lambda self: self.house.bodies.rendered > 30)
    def start_again(self):
        self.house.start()

    @invariant()
    def what_is_served_is_what_is(self):
        self.steps += 1
        feed = self.feeds[self.steps % 3]
        assert feed.get().content == feed.fresh().data
        assert self.feeds[1].get(self.feeds[1].todo_path).status_code == 200

    def _try(self, act):
        """Some things cannot be done any more; then nothing has happened."""
        from lifecycle.errors import LifecycleError

        try:
            act()
        except LifecycleError:
            return


def test_whatever_happens_what_is_served_is_what_a_fresh_rendering_gives():
    run_state_machine_as_test(
        Register, settings=settings(max_examples=4, stateful_step_count=20, deadline=None, phases=[Phase.generate])
    )  # fmt: skip
