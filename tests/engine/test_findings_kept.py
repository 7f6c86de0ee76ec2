"""Findings from day to day: looked for where something was touched, told once, accepted until their facts change."""

from datetime import date, time, timedelta

import pytest

from engine import operations as ops
from engine.findings.standing import every_finding, judged_about
from engine.watcher import findings_watch
from store.queries.findings import groups, only_touched, standing, touched_since
from tests.support.agreements import NEVER, agreement
from tests.support.world import checked, staffed


@pytest.fixture(scope="module")
def made():
    """An NDA that ends before what it is for; two other houses beside them."""
    world = staffed()
    world.agreement("NDA-1", end="2026-12-31", renewal=NEVER)
    world.agreement("SLA-1", kind="SLA")
    world.agreement("SLA-2", kind="SLA", counterparty="Third House", effective_on="2024-03-15", signed_on="2024-03-01")
    world.agreement("OTHER-1", kind="MSA", counterparty="Other Works", end="2028-01-31", renewal=NEVER, backup=None)
    return world


@pytest.fixture
def world(made):
    with checked(made.twin()) as twin:
        yield twin


def codes(world, reference, by=None):
    """What is found about an agreement, and whether somebody lives with it."""
    with world.monitor.look() as work:
        person = work.people.by_email(f"{by}@example.com") if by else None
        found = judged_about(work, work.agreements.find(reference), person)
        return {one.finding.code: one.accepted is not None for one in found}


def stands(world, by=None):
    with world.monitor.look() as work:
        person = work.people.by_email(f"{by}@example.com") if by else None
        return sorted(one.code for one in standing(work, person))


def accept(world, reference, code, because="The other side has agreed to an extension.", by="leo"):
    def doing(work, agreement):
        (found,) = [one.finding for one in judged_about(work, agreement, None) if one.finding.code == code]
        return ops.accept_finding(work, found, because=because)

    return world.do(doing, reference, by=by)


def lived(world, until):
    """As the house does: look for findings whenever that is due, and at all else between."""
    while (look_at := max(findings_watch.due_at(world.monitor), world.clock.now())) <= world.instant(until):
        world.live_until(look_at)
        findings_watch.look(world.monitor)
    world.live_until(until)


def gaps(world):
    """What each digest said of findings, in order."""
    return [world.mail.sheets[one.delivery_id].gaps for one in world.mail.taken]


FIRST, SECOND = (
    "2026-09-07 08:30 olga: Your deadlines ahead: SLA-1 notice",
    "2026-10-19 08:30 olga: Your deadlines ahead: SLA-2 notice",
)
ENDS_FIRST = "NDA-1 ends on 31 Dec 2026, but SLA-1 goes on."


MENDED = "2026-01-05 09:00 olga: 2 things to mend: NDA-1 and OTHER-1: "
BACKUP = "2026-01-05 09:00 olga: 1 thing to mend: OTHER-1: "


def test_what_is_new_is_told_to_its_owner_by_the_daily_look_and_never_again(world):
    findings_watch.look(world.monitor)
    findings_watch.look(world.monitor)
    world.live_until("2026-10-20T09:00")
    world.expect(MENDED, FIRST, SECOND)
    assert gaps(world) == [(ENDS_FIRST, "Nobody stands in for the owner of OTHER-1."), (), ()]


def test_where_a_digest_leaves_within_a_day_it_says_what_is_new(world):
    world.live_until("2026-09-06T12:00")
    findings_watch.look(world.monitor)
    world.live_until("2026-09-08T09:00")
    world.expect(FIRST)
    assert ENDS_FIRST in gaps(world)[0]


def test_what_is_found_on_a_sunday_evening_is_told_at_their_hour_of_the_next_business_day(world):
    world.person("Nora", time_zone="America/New_York", calendar="US-NY", send_at=time(7, 15))
    world.amend("OTHER-1", owner_id=world.id_of("nora"))
    world.travel_to("2026-01-18T21:00")
    lived(world, "2026-01-20T23:00")
    world.expect(
        "2026-01-18 21:00 nora: Yours now: OTHER-1 term-end",  # nobody was there to send it before
        MENDED.replace("01-05 09:00", "01-19 08:30").replace("2 things", "1 thing").replace(" and OTHER-1", ""),
        "2026-01-20 13:15 nora: 1 thing to mend: OTHER-1: ",  # Monday is Martin Luther King's
    )


def test_what_was_mended_before_their_hour_is_told_to_nobody(world):
    world.travel_to("2026-01-09T17:00")
    findings_watch.look(world.monitor)
    assert "no-backup" in stands(world)
    world.amend("OTHER-1", backup_id=world.id_of("ben"))
    lived(world, "2026-01-13T09:00")
    world.expect(BACKUP.replace("01-05 09:00", "01-12 08:30").replace("OTHER-1", "NDA-1"))


def test_an_hour_that_the_house_slept_through_is_told_the_same_morning_and_never_in_the_evening(world):
    world.travel_to("2026-01-08T21:00")
    findings_watch.look(world.monitor)
    for slept_until, comes in (("2026-01-09T19:00", []), ("2026-01-12T11:00", [MENDED.replace("05 09", "12 11")])):
        world.travel_to(slept_until)
        findings_watch.look(world.monitor)
        world.tick()
        world.expect(*comes)


def test_what_an_import_keeps_quiet_is_told_when_that_is_over(world):
    world.amend("NDA-1", quiet_until_on=date(2026, 1, 20))
    for day in ("05", "19", "20", "21"):
        world.travel_to(f"2026-01-{day}T09:00")
        findings_watch.look(world.monitor)
        world.tick()
    world.expect(BACKUP, BACKUP.replace("2026-01-05", "2026-01-20").replace("OTHER-1", "NDA-1"))
    assert gaps(world)[-1] == (ENDS_FIRST,)


def test_what_matters_soon_does_not_wait_for_quiet_days_to_end(world):
    ends = agreement(end="2026-01-15", renewal=NEVER).provisions
    world.amend("NDA-1", provisions=ends, quiet_until_on=date(2026, 1, 20))
    findings_watch.look(world.monitor)
    world.tick()
    assert gaps(world)[0][0] == ENDS_FIRST.replace("31 Dec 2026", "15 Jan 2026")
    world.expect(*world.unexpected)


def test_what_nobody_owns_is_told_to_legal(world):
    world.amend("NDA-1", owner_id=None)
    findings_watch.look(world.monitor)
    world.tick()
    world.expect("2026-01-05 09:00 leo: 2 things to mend: NDA-1: ", BACKUP)
    assert set(gaps(world)[0]) == {ENDS_FIRST, "Nobody answers for NDA-1."}


def test_a_message_tells_no_more_than_can_be_read_and_how_many_more(world):
    for number in range(27):
        world.agreement(f"ALONE-{number}", kind="MSA", counterparty=f"House {number}", backup=None)
    findings_watch.look(world.monitor)
    world.tick()
    world.expect(*world.unexpected)
    assert (len(gaps(world)[-1]), gaps(world)[-1][-1]) == (25, "And 5 more: see the page of gaps.")


def test_what_was_accepted_is_in_no_digest_but_listed_with_its_reason(world):
    accept(world, "NDA-1", "nda-ends-first", because="It is extended next week.")
    findings_watch.look(world.monitor)
    world.live_until("2026-09-08T09:00")
    world.expect(BACKUP, FIRST)
    assert all(ENDS_FIRST not in told for told in gaps(world))
    with world.monitor.look() as work:
        (told,) = [one for one in every_finding(work, None) if one.finding.text == ENDS_FIRST]
    assert (told.accepted.accepted_by, told.accepted.because) == ("leo@example.com", "It is extended next week.")


def test_when_its_facts_change_it_is_another_finding_that_nobody_has_accepted(world):
    accept(world, "NDA-1", "nda-ends-first")
    assert codes(world, "NDA-1") == {"nda-ends-first": True}
    world.amend("NDA-1", provisions=agreement(end="2026-11-30", renewal=NEVER).provisions)
    assert codes(world, "NDA-1") == {"nda-ends-first": False}
    world.amend("NDA-1", provisions=agreement(end="2026-12-31", renewal=NEVER).provisions)
    assert codes(world, "NDA-1") == {"nda-ends-first": True}, "the same facts are accepted still"


def test_what_is_reopened_is_told_again_once(world):
    accept(world, "OTHER-1", "no-backup")
    findings_watch.look(world.monitor)
    with world.monitor.work() as work:
        (found,) = [one for one, _ in judged_about(work, work.agreements.find("OTHER-1"), None)]
        ops.reopen_finding(work, found, because="One of them has left.")
        ops.reopen_finding(work, found, because="Again.")
    assert codes(world, "OTHER-1") == {"no-backup": False}
    assert [one["payload"]["because"] for one in world.events("FindingReopened")] == ["One of them has left."]
    lived(world, "2026-01-07T12:00")
    world.expect(BACKUP.replace("OTHER-1", "NDA-1"), BACKUP.replace("01-05", "01-06"))


def test_accepting_needs_a_reason_and_stands_in_the_log(world):
    with pytest.raises(ops.FindingRefused):
        accept(world, "OTHER-1", "no-backup", because=" ")
    accept(world, "OTHER-1", "no-backup", because="Two people share it.")
    accept(world, "OTHER-1", "no-backup", because="Two people share it.")
    assert [(one["actor"], one["payload"]["code"]) for one in world.events("FindingAccepted")] == [
        ("leo@example.com", "no-backup")
    ]


def test_only_groups_that_were_touched_are_looked_at_again(world):
    findings_watch.look(world.monitor)
    with world.monitor.look() as work:
        position = work.log.head()[0]
    world.amend("OTHER-1", title="Another")
    with world.monitor.look() as work:
        found = only_touched(groups(work), touched_since(work, position))
    assert found == [[world.get("OTHER-1").id]]
    world.person("Nora")
    with world.monitor.look() as work:
        assert len(only_touched(groups(work), touched_since(work, position))) == 3


def test_what_is_mended_stands_no_more_after_the_next_look(world):
    findings_watch.look(world.monitor)
    assert "no-backup" in stands(world)
    world.amend("OTHER-1", backup_id=world.id_of("ben"))
    findings_watch.look(world.monitor)
    assert "no-backup" not in stands(world)


def test_a_look_is_due_once_a_day(world):
    findings_watch.look(world.monitor)
    assert findings_watch.due_at(world.monitor) == world.clock.now() + timedelta(days=1)


def test_a_finding_that_speaks_of_a_restricted_agreement_is_for_those_who_see_it(world):
    world.amend("SLA-1", restricted_to=(world.id_of("leo"),), owner_id=world.id_of("leo"), backup_id=None)
    findings_watch.look(world.monitor)
    assert "nda-ends-first" in stands(world, by="leo")
    assert stands(world, by="olga") == ["no-backup"]
    assert codes(world, "NDA-1", by="olga") == {}
    world.live_until("2026-10-20T09:00")
    world.expect(
        "2026-01-05 09:00 leo: 2 things to mend: SLA-1: ",
        BACKUP,
        "2026-01-06 08:30 leo: Yours now: SLA-1 notice",
        FIRST.replace("olga", "leo"),
        SECOND,
    )
    assert all(ENDS_FIRST not in told for told in gaps(world)), "the NDA is Olga's, who may not see what it is for"


def test_a_leaver_and_a_step_that_reaches_nobody_are_found(world):
    world.leave("ben")
    assert codes(world, "SLA-1")["backup-left"] is False
    assert "asks-nobody" not in codes(world, "SLA-1")
    world.leave("leo")
    assert "asks-nobody" in codes(world, "SLA-1")
