"""Nothing but what is critical is told for a while; what was held leaves when it ends."""

from datetime import date

import pytest

from engine import operations as ops
from engine import raising
from engine.delivery import silencing
from engine.operations.silencing import SilenceRefused
from lifecycle.playbooks.quiet import Silence, SilenceMode
from store.queries.search import SearchRefused
from tests.support.agreements import provided


def silence(world, mode="hold", *, until, search="acme", because="the merger"):
    ends_at, author_id = world.instant(until), world.id_of("olga")
    with world.monitor.work() as work:
        return ops.silence(
            work,
            Silence(
                id="", mode=SilenceMode(mode), search=search, reason=because, author_id=author_id,
                starts_at=work.now,
                ends_at=ends_at,
            ),
        )  # fmt: skip


def test_what_was_held_leaves_at_the_end_of_the_silence(told):
    silence(told, until="2026-11-12T15:00")
    told.live_until("2026-11-12T14:59")
    told.expect()
    told.live_until("2026-11-12T15:01")
    told.expect("2026-11-12 15:00 ben: ACME-7 notice -30d.1", "2026-11-12 15:00 mia: ACME-7 notice -30d.2")
    assert [one["type"] for one in told.events("SilenceSet", "SilenceEnded")] == ["SilenceSet", "SilenceEnded"]


def test_of_several_messages_about_one_deadline_only_the_last_leaves(world):
    world.playbooks("""{playbook: loud, priority: 9, match: {kind: [NDA]}, ladder: [
      {at: -30d, steps: [{ask: owner, repeat: {every: 2bd, times: 5}}]}, {at: +1d, steps: [{ask: owner}]}]}""")
    world.agreement()
    world.live_until("2026-11-02T09:00")
    silence(world, until="2026-11-10T15:00")
    world.live_until("2026-11-11T08:00")
    world.expect("2026-11-02 08:30 olga: ACME-7 notice -30d.0", "2026-11-10 15:00 olga: ACME-7 notice -30d.0.3")


def test_a_day_that_moves_twice_under_a_silence_is_told_once_from_the_day_they_know(told):
    silence(told, until="2026-11-12T15:00")
    told.amend(provisions=provided(end="2027-03-31"))
    told.live_until("2026-11-06T09:00")
    told.amend(provisions=provided(end="2027-02-28"))
    told.live_until("2026-11-12T15:01")
    told.expect("2026-11-12 15:00 olga: ACME-7 notice moved from 2026-12-02 to 2026-12-30")


def test_a_day_that_moves_and_moves_back_under_a_silence_is_told_to_nobody(told):
    before = told.get().provisions
    silence(told, until="2026-11-04T15:00")
    told.amend(provisions=provided(end="2027-03-31"))
    told.live_until("2026-11-03T09:00")
    told.amend(provisions=before)
    told.live_until("2026-11-04T15:01")
    told.expect()


def test_of_a_change_and_a_step_of_one_deadline_under_a_silence_the_later_leaves(told):
    silence(told, until="2026-11-12T15:00")
    told.amend(provisions=provided(end="2027-02-07"))
    told.live_until("2026-11-12T15:01")
    told.expect("2026-11-12 15:00 olga: ACME-7 notice -30d.0", "2026-11-12 15:00 ben: ACME-7 notice -30d.1")
    moved_from = {one.address: told.mail.sheets[one.delivery_id].moved_from_on for one in told.mail.taken[-2:]}
    assert moved_from == {"olga@example.com": date(2026, 12, 2), "ben@example.com": None}  # he knew no day


def test_a_silence_that_is_called_off_lets_what_it_held_leave_at_once(told):
    held = silence(told, until="2026-11-20T15:00")
    told.live_until("2026-11-06T10:00")
    with told.monitor.work() as work:
        ops.end_silence(work, held.id)
    told.live_until("2026-11-06T10:01")
    told.expect("2026-11-06 10:00 ben: ACME-7 notice -30d.1")


def test_what_is_critical_passes_a_silence_and_what_was_held_passes_with_it(told):
    """The silence ends on 4 December; from 25 November on the deadline is critical."""
    silence(told, until="2026-12-04T15:00")
    told.live_until("2026-11-27T09:00")
    told.expect(
        "2026-11-25 08:30 ben olga: ACME-7 notice -7d.0",
        "2026-11-25 08:30 mia: ACME-7 notice -30d.2",
        "2026-11-27 08:30 leo: ACME-7 notice -7d.1",
    )
    said = {told.mail.sheets[one.delivery_id].text for one in told.mail.taken[-3:]}
    assert said == {"A silence holds messages about this until Fri 4 Dec 2026: the merger. This one is critical."}


def test_a_step_that_stands_at_the_end_of_a_silence_is_told_instead_of_what_was_held(told):
    told.live_until("2026-12-04T09:00")
    told.expect(*told.unexpected)
    silence(told, until="2026-12-10T08:30")
    told.live_until("2026-12-10T09:00")
    told.expect("2026-12-10 08:30 ben mia olga: ACME-7 notice +1d.0.2")


def test_what_is_dropped_never_leaves_and_stays_in_the_outbox(told):
    silence(told, "drop", until="2026-11-12T15:00")
    told.live_until("2026-11-20T09:00")
    told.expect()
    dropped = [one.why for one in told.deliveries("cancelled")]
    assert len(dropped) == 2
    assert all(why.startswith("dropped by silence") for why in dropped)


def test_a_silence_may_defer_to_the_digest(told):
    silence(told, "digest", until="2026-11-12T15:00")
    told.live_until("2026-11-12T15:00")
    told.expect("2026-11-09 08:30 ben: Your deadlines ahead: ACME-7 notice")
    told.live_until("2026-11-16T09:00")
    told.expect("2026-11-16 08:30 mia: Your deadlines ahead: ACME-7 notice")


def test_a_silence_concerns_only_what_its_search_finds(world):
    world.agreement()
    world.agreement("BETA-2", counterparty="Beta GmbH")
    silence(world, until="2026-03-30T15:00", search="beta")
    with world.monitor.work() as work:
        work.silences.end(work.silences.open()[0].id, work.now)
    silence(world, until="2026-04-01T09:00", search="beta kind:notice")
    world.live_until("2026-04-02T09:00")
    assert world.events("SilenceEnded") != []
    world.expect()


@pytest.mark.parametrize(
    ("search", "still_told"), [("owner:olga", "BETA-2"), ("owner:me", "BETA-2"), ("owner:mia", "ACME-7")]
)
def test_a_silence_may_be_of_what_somebody_owns(world, search, still_told):
    world.agreement()
    world.agreement("BETA-2", owner="mia", backup=None)
    silence(world, until="2026-04-01T09:00", search=search)
    with world.monitor.look() as work:
        found = {
            agreement.reference
            for agreement in work.agreements.all()
            if silencing.over(work, agreement, work.milestones.of(agreement.id)[0]) is None
        }
    assert found == {still_told}


def test_what_is_answered_in_the_silence_is_not_told_after_it(told):
    silence(told, until="2026-11-12T15:00")
    told.live_until("2026-11-06T10:00")
    told.say(ops.acknowledge, "ACME-7 notice")
    told.live_until("2026-11-20T09:00")
    told.expect()


def test_a_message_that_was_on_its_way_is_held_at_its_gate(told):
    told.travel_to("2026-11-05T08:30")
    raising.raise_due(told.monitor)
    silence(told, until="2026-11-06T15:00")
    told.live_until("2026-11-06T16:00")
    told.expect("2026-11-06 15:00 ben: ACME-7 notice -30d.1")


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"because": " ", "until": "2026-11-12T15:00"}, SilenceRefused),
        ({"until": "2026-11-01T15:00"}, SilenceRefused),
        ({"until": "2027-11-12T15:00"}, SilenceRefused),
        ({"search": "owner:is:what colour:red", "until": "2026-11-12T15:00"}, SearchRefused),
    ],
)
def test_a_silence_has_a_reason_an_end_and_a_search(told, said, error):
    with pytest.raises(error):
        silence(told, **said)
