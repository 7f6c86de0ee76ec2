"""What was posted, how fast, and where: rows that only the holder of a lease moves."""

from datetime import timedelta

import pytest

from lifecycle.pacing import Pace, blocked, lined_up, taken
from store.posted import Posted
from store.whereabouts import Whereabout
from tests.support.register import NOW, Register, delivery, milestone

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def register():
    """One delivery of one milestone, posted and showing what is wanted."""
    made = Register().with_acme()
    with made.work() as work:
        row = milestone()
        work.milestones.add([row])
        work.deliveries.add([(delivery(channel="slack", milestone_id=row.id), None)])
        work.posted.add(Posted("d-1", "slack", "D1:1.0", row.id, 2, 2), NOW)
    made.milestone_id = row.id
    return made


def row_of(register):
    with register.work() as work:
        return work.posted.get("d-1")


def claim(register, now=LATER, token="one", until=LATER + timedelta(minutes=1)):
    with register.work() as work:
        return work.posted.claim(now, token=token, until=until)


def want(register, now=NOW):
    with register.work() as work:
        return work.posted.want([register.milestone_id], now)


def test_what_shows_what_is_wanted_is_not_due(register):
    assert row_of(register).next_update_at is None
    assert claim(register) is None


def test_what_lags_behind_at_once_is_due_at_once():
    made = Register().with_acme()
    with made.work() as work:
        work.milestones.add([milestone()])
        work.deliveries.add([(delivery(channel="slack"), None)])
        work.posted.add(Posted("d-1", "slack", "D1:1.0", None, 0, 1), NOW)
        assert work.posted.next_at() == NOW


def test_what_was_accepted_twice_is_kept_once(register):
    with register.work() as work:
        work.posted.add(Posted("d-1", "slack", "D1:2.0", register.milestone_id, 0, 9), NOW)
    assert (row_of(register).ref, row_of(register).wanted) == ("D1:1.0", 2)


def test_every_change_is_wanted_to_be_shown(register):
    assert want(register) == 1
    assert want(register, LATER) == 1
    assert (row_of(register).shown, row_of(register).wanted, row_of(register).next_update_at) == (2, 4, LATER)


def test_one_at_a_time_holds_a_message(register):
    want(register)
    assert claim(register) == Posted("d-1", "slack", "D1:1.0", register.milestone_id, 2, 3)
    assert claim(register, token="two") is None


def test_what_is_shown_rests(register):
    want(register)
    held = claim(register)
    with register.work() as work:
        assert work.posted.note_shown(held, "one", LATER)
    row = row_of(register)
    assert (row.shown, row.wanted, row.next_update_at, row.lease_token) == (3, 3, None, None)


def test_what_was_wanted_meanwhile_is_due_again(register):
    want(register)
    held = claim(register)
    want(register, LATER)
    with register.work() as work:
        assert work.posted.note_shown(held, "one", LATER)
    assert (row_of(register).shown, row_of(register).wanted, row_of(register).next_update_at) == (3, 4, LATER)


def test_what_is_wanted_waits_for_the_lease_of_who_holds_it(register):
    want(register)
    claim(register)
    want(register, LATER)
    assert row_of(register).next_update_at == LATER + timedelta(minutes=1)


def test_a_lease_that_lapsed_is_taken_by_the_next_and_nobody_knows_what_is_shown(register):
    want(register)
    claim(register)
    held = claim(register, now=LATER + timedelta(minutes=1), token="two", until=LATER + timedelta(minutes=2))
    assert (held.shown, held.wanted) == (0, 3)
    with register.work() as work:
        assert not work.posted.note_shown(held, "one", LATER)
        assert work.posted.note_shown(held, "two", LATER)


def test_what_nobody_knows_is_shown_again(register):
    with register.work() as work:
        work.posted.show_again("d-1", LATER)
    assert (row_of(register).shown, row_of(register).wanted, row_of(register).next_update_at) == (0, 2, LATER)


def test_what_is_gone_is_wanted_no_more(register):
    want(register)
    claim(register)
    with register.work() as work:
        assert work.posted.settle("d-1", "one", is_gone=True, next_update_at=None)
    assert want(register) == 0


def test_earlier_messages_are_those_to_the_same_address(register):
    with register.work() as work:
        address = work.deliveries.get("d-1").address
        assert [root.ref for root in work.posted.earlier(register.milestone_id, "slack", address)] == ["D1:1.0"]
        assert work.posted.earlier(register.milestone_id, "slack", "ben@example.com") == []


def test_a_bucket_that_nobody_used_is_full_and_what_was_taken_is_kept():
    made, pace = Register(), Pace("a", 1.0)
    with made.work() as work:
        found = work.buckets.locked(["b", "a"], NOW)
        assert {name: one.full_at for name, one in found.items()} == {"a": NOW, "b": NOW}
        changed = lined_up(blocked(taken(found["a"], pace, NOW), LATER), pace, LATER)[0]
        work.buckets.save([changed])
    with made.work() as work:
        assert work.buckets.locked(["a"], LATER)["a"] == changed


def test_an_address_is_learnt_once_and_keeps_its_next_look():
    made, place = Register(), Whereabout("slack", "olga@example.com", "U1/D1")
    with made.work() as work:
        assert work.whereabouts.of("slack", "olga@example.com") == ""
        work.whereabouts.learn(place, LATER)
        work.whereabouts.learn(place, LATER + timedelta(days=3))
        assert work.whereabouts.of("slack", "olga@example.com") == "U1/D1"
        assert work.whereabouts.next_look_at() == LATER
        assert work.whereabouts.due(NOW, 10) == []
        assert work.whereabouts.due(LATER, 10) == [place]


def test_an_address_at_which_nobody_looks_any_more_is_looked_at_once_something_arrives_there():
    made, place = Register(), Whereabout("slack", "olga@example.com", "U1/D1")
    with made.work() as work:
        work.whereabouts.learn(place, NOW)
        work.whereabouts.look_anew(["slack"], "olga@example.com", LATER)
        assert work.whereabouts.next_look_at() == NOW
        work.whereabouts.look_again("slack", "olga@example.com", None)
        assert (work.whereabouts.due(LATER, 10), work.whereabouts.next_look_at()) == ([], None)
        work.whereabouts.learn(place, LATER)
        assert work.whereabouts.next_look_at() == LATER


def test_an_address_that_is_elsewhere_now_is_learnt_anew():
    made = Register()
    with made.work() as work:
        work.whereabouts.learn(Whereabout("slack", "olga@example.com", "U1/D1"), LATER)
        work.whereabouts.learn(Whereabout("slack", "olga@example.com", "U9/D9"), NOW)
        work.whereabouts.look_again("slack", "olga@example.com", LATER + timedelta(days=1))
        assert work.whereabouts.of("slack", "olga@example.com") == "U9/D9"
        assert work.whereabouts.next_look_at() == LATER + timedelta(days=1)


@pytest.mark.parametrize(
    ("question", "index"),
    [
        ("SELECT min(next_update_at) FROM posted WHERE next_update_at IS NOT NULL", "ix_posted_next_update_at"),
        ("SELECT min(next_look_at) FROM whereabouts WHERE next_look_at IS NOT NULL", "ix_whereabouts_next_look_at"),
    ],
)
def test_what_an_idle_look_asks_is_answered_by_an_index(question, index):
    made = Register()
    with made.work() as work:
        if made.database.engine.dialect.name != "sqlite":
            pytest.skip("a plan of SQLite's")
        plan = work.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {question}").all()
    assert index in str(plan)
