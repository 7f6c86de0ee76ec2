"""Several things at once: somebody is away and a channel is down, a day moves while a form is open, clocks go back."""

import pytest

from engine import operations as ops
from engine import raising
from engine.incoming.answers import Asked, answer
from engine.incoming.links import Operation
from lifecycle.delivery import NotSent
from lifecycle.people import Absence, AbsenceMode
from lifecycle.playbooks.quiet import Silence, SilenceMode
from tests.support.agreements import once, provided

DOWN = NotSent("connection refused", is_unreachable=True)
FIRST = "2026-11-02 08:30 kim: ACME-7 notice -30d.0"
BACK = "2026-11-09 08:30 olga: While you were away: ACME-7 notice"


@pytest.fixture
def house(world):
    """Kim can stand in."""
    world.person("Kim")
    return world


def away(world, name, delegate, since, until):
    from_on, until_on = (world.instant(f"{day}T12:00").date() for day in (since, until))
    with world.monitor.work() as work:
        person, other = (work.people.by_email(f"{one}@example.com").id for one in (name, delegate))
        absence = Absence(
            id="", person_id=person, delegate_id=other, mode=AbsenceMode.INSTEAD, from_on=from_on, until_on=until_on
        )
        ops.set_absence(work, absence)


def lived(world, until):
    """All that came until then was told of elsewhere."""
    world.live_until(until)
    world.expect(*world.unexpected)


def test_an_absence_begins_while_a_digest_waits_and_one_of_its_deadlines_is_done(house):
    house.agreement()
    house.agreement("BETA-2")
    house.live_until("2026-09-04T09:00")
    away(house, "olga", "kim", "2026-09-05", "2026-09-10")
    house.say(ops.done, "BETA-2 notice", evidence="registered letter", by="ben")
    house.live_until("2026-09-11T09:00")
    house.expect(
        "2026-09-07 08:30 kim: ACME-7 notice -90d.0", "2026-09-11 08:30 olga: While you were away: ACME-7 notice"
    )


def test_a_delegate_leaves_and_the_manager_is_asked_until_the_owner_is_back(house):
    house.playbooks("""{playbook: loud, priority: 9, match: {kind: [NDA]}, ladder: [
      {at: -30d, steps: [{ask: owner, repeat: {every: 2bd, times: 6}}]}, {at: +1d, steps: [{ask: manager}]}]}""")
    house.agreement()
    away(house, "olga", "kim", "2026-11-01", "2026-11-08")
    house.live_until("2026-11-03T09:00")
    house.leave("kim")
    house.live_until("2026-11-10T09:00")
    house.expect(
        FIRST,
        "2026-11-04 08:30 mia: ACME-7 notice -30d.0.1",
        "2026-11-06 08:30 mia: ACME-7 notice -30d.0.2",
        BACK,
        "2026-11-10 08:30 olga: ACME-7 notice -30d.0.3",
    )


def test_a_delegate_leaves_with_a_message_on_the_way_and_the_backup_is_told_instead(house):
    house.agreement()
    away(house, "olga", "kim", "2026-11-01", "2026-11-08")
    lived(house, "2026-11-02T08:00")
    house.mail.to_everybody = NotSent("451 greylisted", 4 * 3600)
    house.live_until("2026-11-02T09:00")
    house.leave("kim")
    house.mail.to_everybody = None
    house.live_until("2026-11-10T09:00")
    house.expect(
        "2026-11-02 12:30 ben: ACME-7 notice -30d.0 instead",
        "2026-11-05 08:30 ben: ACME-7 notice -30d.1",
        BACK,
        "2026-11-10 08:30 mia: ACME-7 notice -30d.2",
    )


def test_what_is_reopened_during_a_silence_speaks_at_its_end_to_each_once(house):
    house.agreement()
    lived(house, "2026-11-02T09:00")
    house.say(ops.done, "ACME-7 notice", evidence="registered letter")
    with house.monitor.work() as work:
        silence = Silence(
            id="", mode=SilenceMode.HOLD, search="", reason="an audit", author_id=None, starts_at=work.now,
            ends_at=house.instant("2026-11-18T10:00"),
        )  # fmt: skip
        ops.silence(work, silence)
    house.live_until("2026-11-04T10:00")
    house.say(ops.reopen, "ACME-7 notice 0", because="it came back")
    house.live_until("2026-11-25T09:00")
    house.expect(
        "2026-11-18 10:00 ben: ACME-7 notice -30d.1",
        "2026-11-18 10:00 mia: ACME-7 notice -30d.2",
        "2026-11-25 08:30 ben olga: ACME-7 notice -7d.0",
    )


def raised(house):
    house.agreement()
    lived(house, "2026-11-02T08:00")
    house.travel_to("2026-11-02T08:30")
    raising.raise_due(house.monitor)
    return house.id_of("kim")


def test_a_deadline_assigned_between_its_raising_and_its_gate_is_told_to_the_new_owner_alone(house):
    house.say(ops.assign, "ACME-7 notice", owner_id=raised(house), by="ada")
    house.live_until("2026-11-10T09:00")
    house.expect(
        "2026-11-02 08:30 kim: ACME-7 notice is yours",
        "2026-11-05 08:30 ben: ACME-7 notice -30d.1",
        "2026-11-10 08:30 mia: ACME-7 notice -30d.2",
    )


def test_an_agreement_handed_over_between_raising_and_gate_is_told_to_both(house):
    """Whom a step asks is decided when it is raised: nobody may be left out between two owners."""
    house.amend(owner_id=raised(house))
    house.live_until("2026-11-05T09:00")
    house.expect(
        "2026-11-02 08:30 olga: ACME-7 notice -30d.0",
        "2026-11-02 08:40 kim: Yours now: ACME-7 notice",
        "2026-11-05 08:30 ben: ACME-7 notice -30d.1",
    )


def test_slack_is_down_while_the_owner_is_away_and_the_delegate_is_told_by_mail(house):
    house.person("Otto", manager="mia", channels=("slack", "email"))
    house.person("Pam", channels=("slack", "email"))
    house.agreement(owner="otto")
    lived(house, "2026-11-01T08:00")
    away(house, "otto", "pam", "2026-11-02", "2026-11-03")
    house.slack.to_everybody = DOWN
    house.live_until("2026-11-02T12:00")
    told, by_mail = house.unexpected
    assert told == "2026-11-02 08:34 ada: Channel down"
    assert by_mail.endswith(" pam: ACME-7 notice -30d.0 instead")
    house.expect(told, by_mail)
    house.slack.to_everybody = None
    house.live_until("2026-11-10T09:00")
    house.expect(
        "2026-11-04 08:30 otto@slack: While you were away: ACME-7 notice",
        "2026-11-05 08:30 ben: ACME-7 notice -30d.1",
        "2026-11-10 08:30 mia: ACME-7 notice -30d.2",
    )


def test_two_deadlines_are_answered_in_one_form_while_the_day_of_one_has_moved(house):
    house.agreement()
    house.do(ops.add_obligation, "ACME-7", once("audit", "Yearly audit", "2026-12-04"))
    lived(house, "2026-11-04T09:00")
    shown, olga = [house.row("ACME-7 notice"), house.row("ACME-7 audit")], house.id_of("olga")
    house.amend(provisions=provided(end="2027-02-07"))
    answers = []
    for row in shown:
        asked = Asked(
            operation=Operation.ACKNOWLEDGE, milestone_id=row.id, revision=row.revision, person_id=olga
        )  # fmt: skip
        with house.monitor.work() as work:
            answers.append(answer(work, asked).outcome.value)
    assert answers == ["stale", "applied"]
    assert [house.row(f"ACME-7 {one}").state for one in ("notice", "audit")] == ["open", "acknowledged"]
    house.live_until("2026-11-20T09:00")
    house.expect(
        "2026-11-04 09:00 olga: ACME-7 notice moved from 2026-12-02 to 2026-12-09",
        "2026-11-09 08:30 olga: ACME-7 notice -30d.0",
        "2026-11-12 08:30 ben: ACME-7 notice -30d.1",
        "2026-11-17 08:30 mia: ACME-7 notice -30d.2",
        "2026-11-20 08:30 ben olga: ACME-7 audit -10bd.0",
    )


CALM = """{playbook: calm, priority: 9, match: {kind: [NDA]}, quiet: {hours: "18:00-08:00", weekends: true}, ladder: [
  {at: -39d, steps: [{ask: owner}, {after: 1bd, ask: backup}]}, {at: +1d, steps: [{ask: manager}]}]}"""


def test_an_absence_ends_on_the_night_on_which_clocks_go_back(house):
    """In Berlin that is Sunday, 25 October; who is back hears at half past eight by the new time."""
    house.playbooks(CALM)
    house.agreement()
    away(house, "olga", "kim", "2026-10-22", "2026-10-24")
    house.live_until("2026-10-25T07:00")
    house.expect("2026-10-23 08:30 kim: ACME-7 notice -39d.0")
    house.live_until("2026-10-26T09:00")
    house.expect(
        "2026-10-25 08:30 olga: While you were away: ACME-7 notice", "2026-10-26 08:30 ben: ACME-7 notice -39d.1"
    )
    assert house.mail.taken[-2].at == house.instant("2026-10-25T07:30+00:00")
