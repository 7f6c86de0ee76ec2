"""Somebody is away: whoever stands in is asked, and on return they hear what happened."""

from datetime import date

import pytest

from engine import operations as ops
from engine import raising
from engine.delivery import holding
from engine.delivery.holding import ToldSince
from engine.incoming.answers import Asked, answer
from engine.incoming.links import Operation
from engine.incoming.results import Outcome
from engine.operations.away import AbsenceRefused
from lifecycle.delivery import DeliveryState, NotSent, Refused, Scope
from lifecycle.errors import DayOutOfRange
from lifecycle.people import Absence, AbsenceMode, ContactPoint, ContactState
from tests.support.world import checked, staffed


def away(world, name, *, delegate, since, until, mode="instead"):
    with world.monitor.work() as work:
        people = {one.name.lower(): one.id for one in work.people.all()}
        return ops.set_absence(
            work,
            Absence(
                id="", person_id=people[name], delegate_id=people[delegate], mode=AbsenceMode(mode),
                from_on=date.fromisoformat(since), until_on=date.fromisoformat(until),
            ),
        )  # fmt: skip


@pytest.fixture(scope="module")
def first_told():
    world = staffed()
    world.person("Kim")
    world.agreement()
    world.live_until("2026-10-30T09:00")
    world.expect("2026-09-07 08:30 olga: Your deadlines ahead: ACME-7 notice")
    return world


@pytest.fixture
def told(first_told):
    """Kim can stand in. The next step is that of Monday, 2 November; the target day is 25 November."""
    with checked(first_told.twin()) as world:
        yield world


def test_the_delegate_is_asked_instead_and_on_return_the_owner_hears_of_it(told):
    away(told, "olga", delegate="kim", since="2026-11-01", until="2026-11-13")
    told.live_until("2026-11-17T09:00")
    told.expect(
        "2026-11-02 08:30 kim: ACME-7 notice -30d.0",
        "2026-11-05 08:30 ben: ACME-7 notice -30d.1",
        "2026-11-10 08:30 mia: ACME-7 notice -30d.2",
        "2026-11-14 08:30 olga: While you were away: ACME-7 notice",
    )
    kims = next(one for one in told.mail.taken if one.address == "kim@example.com")
    assert told.mail.sheets[kims.delivery_id].text == "Olga is away; you stand in."


def test_who_only_reads_answers_on_return_what_the_delegate_was_asked(world):
    world.person("Vera", role="viewer")
    world.person("Kim")
    world.agreement(owner="vera", backup="ben")
    away(world, "vera", delegate="kim", since="2026-09-01", until="2026-09-11")
    world.live_until("2026-09-14T09:00")
    world.expect(
        "2026-09-07 08:30 kim: Your deadlines ahead: ACME-7 notice",
        "2026-09-12 08:30 vera: While you were away: ACME-7 notice",
    )
    row, vera = world.row("ACME-7 notice"), world.id_of("vera")
    asked = Asked(operation=Operation.ACKNOWLEDGE, milestone_id=row.id, revision=row.revision, person_id=vera)
    with world.monitor.work() as work:
        assert answer(work, asked).outcome is Outcome.APPLIED


def test_the_delegate_may_be_asked_as_well(told):
    away(told, "olga", delegate="kim", since="2026-11-01", until="2026-11-03", mode="also")
    told.live_until("2026-11-04T09:00")
    told.expect(
        "2026-11-02 08:30 kim olga: ACME-7 notice -30d.0",
        "2026-11-04 08:30 olga: While you were away: ACME-7 notice",
    )


def test_from_the_target_day_on_both_are_asked(told):
    away(told, "olga", delegate="kim", since="2026-11-20", until="2026-11-30")
    told.live_until("2026-11-19T09:00")
    told.expect(*told.unexpected)
    told.live_until("2026-11-25T09:00")
    told.expect("2026-11-25 08:30 ben kim olga: ACME-7 notice -7d.0")


def test_a_delegate_who_is_asked_anyway_is_told_once(told):
    away(told, "olga", delegate="ben", since="2026-11-20", until="2026-11-30")
    told.live_until("2026-11-19T09:00")
    told.expect(*told.unexpected)
    told.live_until("2026-11-25T09:00")
    told.expect("2026-11-25 08:30 ben olga: ACME-7 notice -7d.0")


def test_a_chain_of_delegates_ends_at_somebody_who_is_there(told):
    away(told, "olga", delegate="ben", since="2026-11-01", until="2026-11-13")
    away(told, "ben", delegate="kim", since="2026-11-01", until="2026-11-03")
    told.live_until("2026-11-03T09:00")
    told.expect("2026-11-02 08:30 kim: ACME-7 notice -30d.0")


def test_a_circle_of_delegates_ends_at_the_manager(told):
    away(told, "olga", delegate="ben", since="2026-11-01", until="2026-11-13")
    away(told, "ben", delegate="olga", since="2026-11-01", until="2026-11-03")
    told.live_until("2026-11-03T09:00")
    told.expect("2026-11-02 08:30 mia: ACME-7 notice -30d.0")


def test_a_chain_that_is_too_long_ends_at_the_manager(told):
    for name in ("Ann", "Bob", "Cem"):
        told.person(name)
    for name, delegate in (("olga", "kim"), ("kim", "ann"), ("ann", "bob"), ("bob", "cem")):
        away(told, name, delegate=delegate, since="2026-11-01", until="2026-11-03")
    told.live_until("2026-11-03T09:00")
    told.expect("2026-11-02 08:30 mia: ACME-7 notice -30d.0")


@pytest.mark.parametrize(
    ("dead", "told_instead"),
    [
        (["kim"], ["2026-11-02 08:30 mia: ACME-7 notice -30d.0"]),
        (["kim", "mia"], ["2026-11-02 08:30 ada: ACME-7: no recipient", "2026-11-02 08:30 ben: ACME-7 notice -30d.1"]),
    ],
)
def test_a_delegate_at_whom_nothing_arrives_is_passed_over(told, dead, told_instead):
    with told.monitor.work() as work:
        for person in [one for one in work.people.all() if one.name.lower() in dead]:
            work.contact_points.keep(
                ContactPoint(
                    id=work.new_id(), person_id=person.id, channel="email", address=person.email,
                    state=ContactState.DEAD, since_at=work.now, why="no such mailbox",
                )
            )  # fmt: skip
    away(told, "olga", delegate="kim", since="2026-11-01", until="2026-11-13")
    told.live_until("2026-11-02T09:00")
    told.expect(*told_instead)


@pytest.mark.parametrize(("since", "until"), [("2026-11-01", "9999-12-31"), ("0001-01-01", "2026-11-13")])
def test_who_would_be_away_for_ever_is_refused_and_stops_nobodys_reminders(told, since, until):
    with pytest.raises(DayOutOfRange):
        away(told, "olga", delegate="kim", since=since, until=until)
    told.live_until("2026-11-02T09:00")
    told.expect("2026-11-02 08:30 olga: ACME-7 notice -30d.0")


@pytest.mark.parametrize(
    ("since", "until", "kept"),
    [("2026-11-01", "9999-12-31", "until 2200-12-31"), ("0001-01-01", "2026-11-13", "from 1900-01-01")],
)
def test_an_absence_without_end_that_an_earlier_version_took_is_kept_and_stops_nothing(told, since, until, kept):
    days = {"from_on": date.fromisoformat(since), "until_on": date.fromisoformat(until)}
    with told.monitor.work() as work:
        olga, kim = (work.people.by_email(f"{name}@example.com").id for name in ("olga", "kim"))
        absence = Absence(id="a9999", person_id=olga, delegate_id=kim, mode=AbsenceMode.INSTEAD, **days)
        work.absences.add(absence)
    told.live_until("2026-11-02T09:00")
    told.expect("2026-11-02 08:30 kim: ACME-7 notice -30d.0")
    with told.monitor.work() as work:
        (found,) = work.absences.open()
        assert kept in f"from {found.from_on} until {found.until_on}"
        ops.end_absences(work, olga)
    told.live_until("2026-11-02T10:00")
    told.expect("2026-11-02 09:00 olga: While you were away: ACME-7 notice")


def test_what_was_on_its_way_goes_to_the_delegate_at_the_gate(told):
    told.travel_to("2026-11-02T08:30")
    raising.raise_due(told.monitor)
    away(told, "olga", delegate="kim", since="2026-11-01", until="2026-11-13")
    told.live_until("2026-11-02T09:00")
    told.expect("2026-11-02 08:30 kim: ACME-7 notice -30d.0")
    assert [one.why for one in told.deliveries("cancelled")] == ["away: Kim is asked instead"]


def test_a_digest_of_somebody_who_is_away_goes_to_the_delegate(world):
    world.person("Kim")
    world.agreement()
    world.live_until("2026-09-04T09:00")
    away(world, "olga", delegate="kim", since="2026-09-05", until="2026-09-10")
    world.live_until("2026-09-11T09:00")
    world.expect(
        "2026-09-07 08:30 kim: ACME-7 notice -90d.0",
        "2026-09-11 08:30 olga: While you were away: ACME-7 notice",
    )


def test_who_is_back_early_is_asked_again_and_hears_at_once(told):
    away(told, "olga", delegate="kim", since="2026-11-01", until="2026-11-30")
    told.live_until("2026-11-03T10:00")
    olga = told.id_of("olga")
    with told.monitor.work() as work:
        ops.end_absences(work, olga)
    told.live_until("2026-11-25T09:00")
    told.expect(
        "2026-11-02 08:30 kim: ACME-7 notice -30d.0",
        "2026-11-03 10:00 olga: While you were away: ACME-7 notice",
        "2026-11-05 08:30 ben: ACME-7 notice -30d.1",
        "2026-11-10 08:30 mia: ACME-7 notice -30d.2",
        "2026-11-25 08:30 ben olga: ACME-7 notice -7d.0",
    )


ABOUT = "ACME-7, Acme Labs: notice of non-renewal by Wed 2 Dec 2026. "


def answered_while_away(told, operation, *, by="kim", **said):
    """What Olga reads on her return of an answer on 3 November, by Kim or whoever; None where she hears nothing."""
    away(told, "olga", delegate="kim", since="2026-11-01", until="2026-11-03")
    told.live_until("2026-11-03T10:00")
    told.say(operation, "ACME-7 notice", by=by, **said)
    told.live_until("2026-11-04T08:00")
    told.expect("2026-11-02 08:30 kim: ACME-7 notice -30d.0")
    told.live_until("2026-11-04T09:00")
    heard = [one for one in told.unexpected if "While you were away" in one]
    told.expect(*heard)
    assert len(told.events("AbsenceEnded")) == 1
    return told.mail.sheets[told.mail.taken[-1].delivery_id].text if heard else None


def test_what_was_done_meanwhile_is_told_on_return_with_who_did_it(told):
    assert answered_while_away(told, ops.done, evidence="registered letter") == (
        f"{ABOUT}Done on Tue 3 Nov 2026 by kim@example.com, Tue 3 Nov 2026 10:00 Europe/Berlin: registered letter"
    )


def test_what_was_acknowledged_meanwhile_is_told_on_return_as_still_open(told):
    assert answered_while_away(told, ops.acknowledge, by="ben") == (
        f"{ABOUT}Acknowledged by ben@example.com, Tue 3 Nov 2026 10:00 Europe/Berlin. "
        "Quiet until Wed 25 Nov 2026 08:30 Europe/Berlin. Still open."
    )


def test_what_was_decided_meanwhile_is_told_on_return_with_what_is_left_to_do(told):
    assert answered_while_away(told, ops.decide, choice="terminate") == (
        f"{ABOUT}Acknowledged by kim@example.com, Tue 3 Nov 2026 10:00 Europe/Berlin. "
        "Quiet until Wed 25 Nov 2026 08:30 Europe/Berlin. Still open. "
        "Decided by kim@example.com on Tue 3 Nov 2026: terminate. Still open until it is done."
    )


def test_what_ends_it_and_was_decided_meanwhile_is_told_on_return(told):
    assert answered_while_away(told, ops.decide, choice="renew") == (
        f"{ABOUT}Decided on Tue 3 Nov 2026 by kim@example.com, Tue 3 Nov 2026 10:00 Europe/Berlin: renew"
    )


def test_what_somebody_closed_from_afar_is_no_news_on_their_return(told):
    assert answered_while_away(told, ops.done, by="olga", evidence="registered letter") is None


def test_what_was_answered_before_the_absence_is_no_news_on_return(told):
    told.say(ops.decide, "ACME-7 notice", by="ben", choice="terminate")
    told.live_until("2026-11-24T10:00")
    told.expect(*told.unexpected)
    away(told, "olga", delegate="kim", since="2026-11-25", until="2026-11-26")
    told.live_until("2026-11-27T09:00")
    told.expect(
        "2026-11-25 08:30 ben kim olga: ACME-7 notice -7d.0",
        "2026-11-27 08:30 leo: ACME-7 notice -7d.1",
        "2026-11-27 08:30 olga: While you were away: ACME-7 notice",
    )
    assert told.mail.sheets[told.mail.taken[-1].delivery_id].text == ""


def test_who_may_not_see_an_agreement_any_more_reads_of_its_day_alone(told):
    away(told, "olga", delegate="kim", since="2026-11-01", until="2026-11-03")
    told.live_until("2026-11-03T10:00")
    told.say(ops.acknowledge, "ACME-7 notice", by="kim")
    told.amend(owner_id=told.id_of("ben"), backup_id=None, restricted_to=("team:board",))
    told.live_until("2026-11-04T09:00")
    told.expect(*told.unexpected)
    said = [told.mail.sheets[one.delivery_id] for one in told.mail.taken if one.address == "olga@example.com"][-1]
    assert (said.heading, said.text) == ("While you were away", "ACME-7: Wed 2 Dec 2026. Ask the owner for access.")


def test_a_day_away_is_a_day_where_one_lives(world):
    """Monday, 8:30 in Berlin is still Sunday in Honolulu, where Hal is away until Sunday."""
    world.person("Kim")
    world.person("Hal", time_zone="Pacific/Honolulu")
    world.agreement("HAL-1", owner="hal", backup=None)
    world.live_until("2026-10-30T09:00")
    world.expect("2026-09-07 20:30 hal: Your deadlines ahead: HAL-1 notice")
    away(world, "hal", delegate="kim", since="2026-11-01", until="2026-11-01")
    world.live_until("2026-11-03T09:00")
    world.expect("2026-11-02 08:30 kim: HAL-1 notice -30d.0", "2026-11-02 19:30 hal: While you were away: HAL-1 notice")


@pytest.mark.parametrize(
    ("since", "until", "delegate"),
    [
        ("2026-11-05", "2026-11-04", "kim"),
        ("2026-10-01", "2026-10-29", "kim"),
        ("2026-11-05", "2026-11-06", "olga"),
    ],
)
def test_an_absence_lies_ahead_and_names_somebody_else(told, since, until, delegate):
    with pytest.raises(AbsenceRefused):
        away(told, "olga", delegate=delegate, since=since, until=until)


def test_nobody_is_away_twice_at_once(told):
    away(told, "olga", delegate="kim", since="2026-11-01", until="2026-11-13")
    with pytest.raises(AbsenceRefused, match="already"):
        away(told, "olga", delegate="ben", since="2026-11-13", until="2026-11-20")


def test_nobody_stands_in_who_has_left(told):
    told.leave("kim")
    with pytest.raises(AbsenceRefused, match="Kim cannot stand in for Olga"):
        away(told, "olga", delegate="kim", since="2026-11-01", until="2026-11-13")


def test_who_reads_along_and_cannot_be_reached_is_stood_in_for_by_the_delegate_and_not_by_the_backup(told):
    told.travel_to("2026-11-02T08:30")
    raising.raise_due(told.monitor)
    away(told, "olga", delegate="kim", since="2026-11-01", until="2026-11-03", mode="also")
    told.mail.dead.add("olga@example.com")
    told.live_until("2026-11-02T09:00")
    told.expect("2026-11-02 08:30 kim: ACME-7 notice -30d.0 instead")


def test_whoever_was_told_in_vain_is_not_told_again_as_a_stand_in(told):
    """Ben's own message fails; Mia would be asked next, and Ben stands in for her."""
    away(told, "mia", delegate="ben", since="2026-11-05", until="2026-11-06")
    told.mail.will("ben@example.com", Refused("552 too big", Scope.MESSAGE))
    told.live_until("2026-11-05T09:00")
    told.expect("2026-11-02 08:30 olga: ACME-7 notice -30d.0", "2026-11-05 08:30 ada: ACME-7 notice -30d.1 instead")


def test_what_its_reader_heard_since_by_standing_in_is_sent_again_only_if_that_is_said(told):
    """Ben's own message fails; what Mia is asked instead waits, and she goes away: Ben stands in for her."""
    told.mail.will("ben@example.com", Refused("552 too big", Scope.MESSAGE))
    told.mail.will("mia@example.com", NotSent("451 greylisted", 60.0))
    told.live_until("2026-11-05T08:30")
    away(told, "mia", delegate="ben", since="2026-11-05", until="2026-11-06")
    told.live_until("2026-11-05T09:00")
    told.expect("2026-11-02 08:30 olga: ACME-7 notice -30d.0", "2026-11-05 08:31 ben: ACME-7 notice -30d.1")
    (failed,) = told.deliveries(DeliveryState.FAILED)
    with told.monitor.work() as work, pytest.raises(ToldSince, match=r"ben@example\.com the same since"):
        holding.retry(work, [failed.id])
    told.live_until("2026-11-05T10:00")
    told.expect()
    with told.monitor.work() as work:
        holding.retry(work, [failed.id], again=True)
    told.live_until("2026-11-05T11:00")
    told.expect("2026-11-05 10:00 ben: ACME-7 notice -30d.1")
