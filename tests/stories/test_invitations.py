"""Deadlines in people's own calendars, from the first stage to the outcome."""

from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.policy import default
from types import SimpleNamespace

import icalendar
import pytest

from engine import operations as ops
from lifecycle.delivery import DeliveryKind, DeliveryState, Refused, Scope
from tests.support.agreements import provided
from tests.support.channels import LOST
from tests.support.ics_lint import lint
from tests.support.world import living

BASE_URL = "https://longstop.example"
SAFE_ON, LATER_ON = date(2026, 12, 2), date(2027, 1, 29)
RAISED = "2026-09-04T09:00"  # the first stage was raised the day before
AMENDED = provided(end="2027-03-31")


@pytest.fixture
def world():
    with living(mail_calendar="request", base_url=BASE_URL) as made:
        made.staff()
        yield made
        made.expect(*made.unexpected)


@pytest.fixture
def invited(world):
    """Olga and Ben have the notice of 2 December in their calendars."""
    world.agreement()
    world.live_until(RAISED)
    assert calendars(world) == {"olga": [("REQUEST", 0, SAFE_ON)], "ben": [("REQUEST", 0, SAFE_ON)]}
    return world


def entries(world):
    """What each calendar was told, in the order in which it came."""
    told = {}
    for mail in world.mail.taken:
        for part in message_from_bytes(mail.frozen.body, policy=default).walk():
            if part.get_content_type() == "text/calendar":
                data = part.get_payload(decode=True)
                assert lint(data, kind="invitation", base_url=BASE_URL) == []
                calendar = icalendar.Calendar.from_ical(data)
                (event,) = calendar.walk("VEVENT")
                said = (str(calendar["METHOD"]), event["SEQUENCE"], event.start)
                entry = SimpleNamespace(uid=str(event["UID"]), said=said, stamp=event.DTSTAMP, at=mail.at)
                told.setdefault(mail.address.partition("@")[0], []).append(entry)
    return told


def calendars(world):
    return {who: [one.said for one in told] for who, told in entries(world).items()}


def change(world, name, **changes):
    with world.monitor.work() as work:
        ops.change_person(work, replace(work.people.by_email(f"{name}@example.com"), **changes))


def invitations(world, *states):
    return [one for one in world.deliveries(*states) if one.kind is DeliveryKind.INVITATION]


def test_without_the_setting_nobody_is_invited():
    with living() as world:
        world.staff()
        world.agreement()
        world.live_until("2026-11-03T09:00")
        assert calendars(world) == {}
        world.expect(*world.unexpected)


def test_nobody_is_invited_before_the_first_stage(world):
    world.agreement()
    world.live_until("2026-09-02T09:00")
    assert calendars(world) == {}


def test_later_stages_invite_nobody_again(invited):
    invited.live_until("2026-11-26T09:00")
    assert calendars(invited) == {"olga": [("REQUEST", 0, SAFE_ON)], "ben": [("REQUEST", 0, SAFE_ON)]}


def test_invite_move_and_outcome_count_up_under_one_name(invited):
    invited.amend(provisions=AMENDED)
    invited.live_until("2026-09-07T09:00")
    invited.say(ops.decide, "ACME-7 notice", choice="renew", note="good terms")
    invited.live_until("2026-09-08T09:00")
    told = entries(invited)["olga"]
    assert [one.said for one in told] == [
        ("REQUEST", 0, SAFE_ON), ("REQUEST", 1, LATER_ON), ("CANCEL", 2, LATER_ON),
    ]  # fmt: skip
    assert len({one.uid for one in told}) == 1
    assert entries(invited)["ben"][0].uid != told[0].uid


def test_the_stamp_is_when_it_was_composed_whenever_it_leaves(world):
    world.mail.will("olga@example.com", LOST)
    world.agreement()
    world.live_until("2026-09-04T12:00")
    first, again = entries(world)["olga"]
    assert first.at < again.at
    assert (first.stamp, first.said) == (again.stamp, again.said)
    (kept,) = [one for one in invitations(world) if one.recipient_name == "Olga"]
    assert again.stamp == kept.created_at.replace(microsecond=0)


def test_an_acknowledgement_says_nothing_to_calendars(invited):
    invited.say(ops.acknowledge, "ACME-7 notice")
    invited.live_until("2026-09-20T09:00")
    assert calendars(invited)["olga"] == [("REQUEST", 0, SAFE_ON)]


def test_an_acknowledgement_takes_back_no_invitation_that_has_not_left_yet(world):
    world.agreement()
    world.monitor.notifiers["email"].will("olga@example.com", *[Refused("closed", Scope.CHANNEL)] * 6)
    world.live_until("2026-09-03T08:31")
    assert "olga" not in calendars(world)
    world.say(ops.acknowledge, "ACME-7 notice")
    world.live_until(RAISED)
    assert calendars(world)["olga"] == [("REQUEST", 0, SAFE_ON)]


def test_another_owner_gets_it_and_the_old_one_loses_it(invited):
    invited.say(ops.assign, "ACME-7 notice", owner_id=invited.id_of("leo"))
    invited.live_until("2026-09-07T09:00")
    assert calendars(invited) == {
        "olga": [("REQUEST", 0, SAFE_ON), ("CANCEL", 1, SAFE_ON)],
        "ben": [("REQUEST", 0, SAFE_ON)],
        "leo": [("REQUEST", 0, SAFE_ON)],
    }


def test_the_owner_of_the_agreement_changes_in_calendars_too(invited):
    invited.amend(backup_id=invited.id_of("leo"), because="Ben has another task")
    invited.live_until("2026-09-07T09:00")
    assert calendars(invited) == {
        "olga": [("REQUEST", 0, SAFE_ON)],
        "ben": [("REQUEST", 0, SAFE_ON), ("CANCEL", 1, SAFE_ON)],
        "leo": [("REQUEST", 0, SAFE_ON)],
    }


def test_who_wants_no_invitations_loses_what_they_had(invited):
    change(invited, "ben", invitations=False)
    invited.live_until("2026-09-07T09:00")
    assert calendars(invited)["ben"] == [("REQUEST", 0, SAFE_ON), ("CANCEL", 1, SAFE_ON)]
    assert calendars(invited)["olga"] == [("REQUEST", 0, SAFE_ON)]


def test_an_outcome_that_is_taken_back_invites_again(invited):
    invited.say(ops.waive, "ACME-7 notice", because="not ours")
    invited.live_until("2026-09-07T09:00")
    invited.say(ops.reopen, "ACME-7 notice 0", because="it is ours")
    invited.live_until("2026-09-08T09:00")
    assert calendars(invited)["olga"] == [("REQUEST", 0, SAFE_ON), ("CANCEL", 1, SAFE_ON), ("REQUEST", 2, SAFE_ON)]


def test_what_never_arrived_is_not_taken_out(world):
    world.mail.will("ben@example.com", Refused("no calendars here", Scope.MESSAGE))
    world.agreement()
    world.live_until(RAISED)
    world.say(ops.waive, "ACME-7 notice", because="not ours")
    world.live_until("2026-09-07T09:00")
    assert calendars(world)["olga"] == [("REQUEST", 0, SAFE_ON), ("CANCEL", 1, SAFE_ON)]
    assert "ben" not in calendars(world)
    assert [one.state for one in invitations(world) if one.recipient_name == "Ben"] == [DeliveryState.FAILED]


def test_a_refused_invitation_changes_nothing_on_the_ladder(world):
    world.mail.will("olga@example.com", Refused("no calendars here", Scope.MESSAGE))
    world.agreement()
    world.live_until("2026-09-08T09:00")
    assert "2026-09-07 08:30 olga: Your deadlines ahead: ACME-7 notice" in world.unexpected
    assert world.row("ACME-7 notice").next_step_at == world.instant("2026-11-02T08:30")


def test_a_published_deadline_has_no_buttons_and_is_cancelled_all_the_same():
    with living(mail_calendar="publish", base_url=BASE_URL) as world:
        world.staff()
        world.agreement()
        world.live_until(RAISED)
        world.say(ops.waive, "ACME-7 notice", because="not ours")
        world.live_until("2026-09-07T09:00")
        assert calendars(world)["olga"] == [("PUBLISH", 0, SAFE_ON), ("CANCEL", 1, SAFE_ON)]
        world.expect(*world.unexpected)


def test_a_deadline_that_is_over_already_is_in_no_calendar(world):
    world.agreement(end="2026-02-05", renewal=provided().renewal)
    world.live_until("2026-01-09T09:00")
    assert world.row("ACME-7 notice").missed_at is not None
    assert "olga" not in calendars(world)


def test_who_is_outside_a_restricted_agreement_loses_it(invited):
    invited.say(ops.assign, "ACME-7 notice", owner_id=invited.id_of("leo"))
    invited.live_until("2026-09-07T09:00")
    invited.amend(restricted_to=("team:board",), because="a secret")
    invited.live_until("2026-09-08T09:00")
    assert calendars(invited)["leo"] == [("REQUEST", 0, SAFE_ON), ("CANCEL", 1, SAFE_ON)]
    assert calendars(invited)["ben"] == [("REQUEST", 0, SAFE_ON)]
