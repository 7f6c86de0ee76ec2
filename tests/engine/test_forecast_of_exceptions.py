"""A forecast knows who is away, what is silenced, who sleeps and who has a holiday, as a rehearsal does."""

from datetime import date

import pytest

from lifecycle.people import Absence, AbsenceMode
from lifecycle.playbooks.quiet import Silence, SilenceMode
from tests.engine.test_forecast import same
from tests.support.mixed import mixed
from tests.support.world import World

QUIET = """
playbook: calm
priority: 9
match: {kind: [MSA, SOW]}
quiet: {hours: "18:00-08:00", weekends: true, holidays: true}
ladder:
  - {at: -90d, urgency: digest, steps: [{ask: owner}]}
  - {at: -30d, steps: [{ask: owner, repeat: {every: 2bd, times: 3}}]}
  - {at: -7d, require: decision, steps: [{ask: [owner, backup]}, {after: 2bd, ask: "role:legal"}]}
  - {at: +1d, require: outcome, steps: [{ask: [owner, backup, manager], repeat: {every: 2bd, times: 5}}]}
"""


def house(copies):
    """*copies* of the mixed register, silences of every kind, absences in chains, and a playbook that knows quiet."""
    world = World("2026-01-05T09:00", says_all_quiet=True)
    world.staff()
    world.playbooks(QUIET)
    mixed(world, copies=copies)
    world.tick()
    people = {one.name.lower(): one.id for one in everybody(world)}
    with world.monitor.work() as work:
        for number, (mode, search, since, until) in enumerate((
            ("hold", "late", "2026-01-08T10:00", "2026-01-20T16:00"),
            ("digest", "kind:option", "2026-05-01T00:00", "2026-07-01T00:00"),
            ("drop", "sign-1", "2026-02-01T00:00", "2026-05-25T00:00"),
            ("hold", "auto", "2026-10-25T00:00", "2026-11-09T12:30"),
        )):  # fmt: skip
            work.silences.add(
                Silence(
                    id=f"s{number}", mode=SilenceMode(mode), search=search, reason="the merger", author_id=None,
                    starts_at=world.instant(since), ends_at=world.instant(until),
                )
            )  # fmt: skip
        for number, (who, delegate, mode, since, until) in enumerate((
            ("olga", "ben", "instead", "2026-03-20", "2026-04-24"),
            ("ben", "leo", "instead", "2026-04-06", "2026-04-10"),
            ("tom", "olga", "also", "2026-08-01", "2026-09-30"),
            ("olga", "ben", "instead", "2026-10-30", "2026-11-13"),
            ("ben", "olga", "instead", "2026-11-09", "2026-11-10"),
        )):  # fmt: skip
            work.absences.add(
                Absence(
                    id=f"a{number}", person_id=people[who], delegate_id=people[delegate], mode=AbsenceMode(mode),
                    from_on=date.fromisoformat(since), until_on=date.fromisoformat(until),
                )
            )  # fmt: skip
    return world


def everybody(world):
    with world.monitor.look() as work:
        return work.people.all()


def test_a_forecast_with_exceptions_is_what_a_rehearsal_sends(tmp_path):
    world = house(1)
    assert len(same(world, date(2026, 2, 28), tmp_path)) > 20
    world.monitor.database.close()


def test_a_forecast_tells_of_what_was_handed_over_in_the_one_message_that_a_rehearsal_sends(tmp_path):
    world = World("2026-10-26T09:00")
    world.staff()
    world.person("Kim", manager="mia")
    world.agreement()
    world.agreement("BETA-1", end="2027-12-31")
    world.live_until("2026-11-03T09:00")
    for reference in ("ACME-7", "BETA-1"):
        world.amend(reference, owner_id=world.id_of("kim"))
    said = same(world, date(2026, 11, 6), tmp_path)
    told = [row["subject"] for row in said if "Yours now" in row["subject"]]
    assert told == ["Yours now: 2 ahead, next Wed 2 Dec 2026"]
    world.monitor.database.close()


@pytest.mark.rehearsal
def test_a_forecast_of_a_year_with_exceptions_is_what_a_rehearsal_sends(tmp_path):
    world = house(1)
    said = same(world, date(2026, 12, 31), tmp_path)
    assert {row["message"] for row in said} == {"step", "digest", "incident"}
    assert any("While you were away" in row["subject"] for row in said)
    world.monitor.database.close()


def test_weeks_in_which_all_is_quiet_are_foretold_too(tmp_path):
    world = World("2026-07-06T09:00", says_all_quiet=True)
    world.staff()
    world.agreement()
    said = same(world, date(2026, 12, 31), tmp_path)
    quiet = [row["send_at"][:10] for row in said if "All quiet" in row["subject"]]
    assert quiet[:2] == ["2026-07-13", "2026-07-20"]
    assert len(quiet) > 15
    world.monitor.database.close()


@pytest.mark.rehearsal
def test_a_forecast_of_two_hundred_agreements_is_what_a_rehearsal_sends(tmp_path):
    world = house(10)
    assert len(same(world, date(2026, 12, 31), tmp_path)) > 1000
    world.monitor.database.close()
