"""Somebody leaves: all that stands with them goes to somebody else, at once, and nothing is left to nobody."""

from dataclasses import replace
from datetime import date

import pytest

from engine import operations as ops
from engine.operations import Found
from engine.operations.leaving import CannotTakeOver, Counts, leave, standing_with
from lifecycle.assets.asset import Asset, AssetKind
from lifecycle.days.dates import Period
from lifecycle.events import Actor
from lifecycle.exits.plan import ExitPlan, ExitStep
from lifecycle.obligations.audits import AuditRight, Severity
from lifecycle.people import Absence, AbsenceMode, Person
from store.queries.leaving import agreements_naming, milestones_naming
from tests.support.agreements import every, once

RIGHT = AuditRight(id="", every=Period(years=1), due_on=date(2026, 6, 30), scope="Security")


@pytest.fixture
def house(world):
    """Olga owns ACME-7, stands in for Ben's BETA-2, and answers for much else of it."""
    world.person("Kim")
    world.agreement()
    olga = world.id_of("olga")
    duties = (every("training", "Handbook", 12, since="2026-09-01", owner_id=olga, id="o1"),
              once("review", "Prices", "2026-03-02", owner_id=olga, id="o2"))  # fmt: skip
    world.agreement("BETA-2", owner="ben", backup="olga", obligations=duties)
    plan = ExitPlan(template="mine", steps=(ExitStep(id="team", name="Name the team", owner_id=olga),))
    world.amend("BETA-2", exit=plan)
    world.do(ops.add_audit_right, "BETA-2", replace(RIGHT, owner_id=olga))
    told = Found(text="No restores", severity=Severity.LOW, remedy_by_on=date(2026, 3, 31), owner_id=olga)
    world.do(ops.record_finding, "BETA-2", told)
    world.say(ops.done, "BETA-2 review", evidence="Read")
    world.say(ops.assign, "BETA-2 notice", by="ben", owner_id=olga)
    with world.monitor.work(Actor("ada@example.com", "test")) as work:
        away = {"from_on": date(2026, 1, 5), "until_on": date(2026, 1, 30), "mode": AbsenceMode.INSTEAD}
        ben, leo = world_id(work, "ben"), world_id(work, "leo")
        ops.set_absence(work, Absence(id="", person_id=ben, delegate_id=olga, **away))
        ops.set_absence(work, Absence(id="", person_id=olga, delegate_id=leo, **away))
        ops.change_person(work, replace(work.people.get(leo), manager_id=olga))
        beta = work.agreements.find("BETA-2").id
        laptop = Asset(id="", name="Laptop 7", kind=AssetKind.DATA, holders=("OLGA@example.com", "Acme Labs GmbH"))
        ops.add_asset(work, replace(laptop, agreements=(beta,)))
    world.tick()
    world.expect(*world.unexpected)
    return world


def world_id(work, name):
    return work.people.by_email(f"{name}@example.com").id


def hand_over(house, to):
    with house.monitor.work(Actor("ada@example.com", "test")) as work:
        olga = work.people.by_email("olga@example.com")
        found = standing_with(work, olga, lambda _: True)
        return leave(work, olga, standing=found, to=work.people.by_email(f"{to}@example.com"))


def test_all_that_stands_with_somebody_goes_to_whoever_takes_over(house):
    handed = hand_over(house, "kim")
    assert handed == Counts(agreements=1, backups=1, duties=4, deadlines=1, assets=1, absences=1, people=1)
    assert handed.said == (
        "1 agreement, 1 agreement as backup, 4 duties, 1 assigned deadline, 1 asset that they have, "
        "1 absence of others, 1 person to manage"
    )
    olga, kim, ben, mia = (house.id_of(name) for name in ("olga", "kim", "ben", "mia"))
    with house.monitor.look() as work:
        named = agreements_naming(work, olga)
        assert [one.reference for one in named] == ["BETA-2"]
        assert [duty.id for duty in named[0].obligations if duty.owner_id == olga] == ["o2"]  # done before: it stays
        assert milestones_naming(work, olga) == []
        open_ones = [(one.person_id, one.delegate_id) for one in work.absences.open()]
        assert open_ones == [(ben, kim)]
        assert work.people.by_email("leo@example.com").manager_id == mia
        assert work.assets.named("Laptop 7").holders == ("Kim", "Acme Labs GmbH")
    beta = house.get("BETA-2")
    assert (beta.owner_id, beta.backup_id, beta.exit.steps[0].owner_id) == (house.id_of("ben"), kim, kim)
    assert {house.row(f"BETA-2 {kind}").owner_id for kind in ("training", "audit", "finding", "notice")} == {kim}
    assert house.get().owner_id == kim
    house.tick()
    told = house.unexpected
    assert told == [
        f"2026-01-05 09:00 kim: BETA-2 {kind} is yours" for kind in ("audit", "finding", "notice", "training")
    ]
    house.expect(*told)


def test_what_may_be_held_by_somebody_else_of_that_name_stays(house):
    with house.monitor.work(Actor("ada@example.com", "test")) as work:
        ops.add_person(work, Person(id="", email="olga.b@example.com", name="Olga"))
        ops.add_asset(work, Asset(id="", name="Sketches", kind=AssetKind.DATA, holders=("Olga",)))
    assert hand_over(house, "kim").assets == 1
    with house.monitor.look() as work:
        assert work.assets.named("Sketches").holders == ("Olga",)
    house.tick()
    house.expect(*house.unexpected)


def test_what_is_due_of_a_duty_follows_its_new_owner(house):
    (duty,) = (one for one in house.get("BETA-2").obligations if one.id == "o1")
    house.do(
        ops.amend_obligation, "BETA-2", replace(duty, owner_id=house.id_of("kim")), because="Kim knows it", by="ben"
    )
    assert house.row("BETA-2 training").owner_id == house.id_of("kim")
    house.tick()
    house.expect("2026-01-05 09:00 kim: BETA-2 training is yours")


def test_history_says_which_duties_went_to_whom(house):
    hand_over(house, "kim")
    amended = [one["payload"] for one in house.events("AgreementAmended")]
    (said,) = [one for one in amended if one["because"] == "Olga has left" and len(one["changes"]) > 1]
    fields = [(one["field"], one["before"], one["after"]) for one in said["changes"]]
    assert fields[1:] == [
        ("owner of Handbook", "Olga", "Kim"),
        ("owner of Security", "Olga", "Kim"),
        ("owner of No restores (low)", "Olga", "Kim"),
        ("owner of Name the team", "Olga", "Kim"),
    ]
    house.tick()
    house.expect(*house.unexpected)


def test_nobody_becomes_owner_and_backup_at_once_or_stands_in_for_themselves(house):
    handed = hand_over(house, "ben")
    assert handed.absences == 0
    beta = house.get("BETA-2")
    assert (beta.owner_id, beta.backup_id) == (house.id_of("ben"), None)
    assert (house.get().owner_id, house.get().backup_id) == (house.id_of("ben"), None)
    house.tick()
    house.expect(*house.unexpected)


def test_as_backup_whoever_takes_over_sees_what_others_may_not(house):
    house.amend("BETA-2", restricted_to=("Ben",))
    handed = hand_over(house, "leo")
    assert (handed.agreements, handed.backups) == (1, 1)
    house.tick()
    house.expect(*house.unexpected)


def test_what_whoever_takes_over_may_not_see_stays(house):
    """Of GAMMA-3 a duty alone is Olga's, and what it covers she has."""
    duty = every("training", "Secrets", 12, since="2026-09-01", owner_id=house.id_of("olga"), id="o1")
    house.agreement("GAMMA-3", owner="ben", backup=None, obligations=(duty,), restricted_to=("Ben", "Olga"))
    with house.monitor.work(Actor("ada@example.com", "test")) as work:
        gamma = work.agreements.find("GAMMA-3").id
        ops.add_asset(work, Asset(id="", name="Recipe", kind=AssetKind.DATA, holders=("Olga",), agreements=(gamma,)))
    hand_over(house, "leo")
    assert house.get("GAMMA-3").obligations[0].owner_id == house.id_of("olga")
    with house.monitor.look() as work:
        assert work.assets.named("Recipe").holders == ("Olga",)
    house.tick()
    house.expect(*house.unexpected)


def test_of_what_whoever_asks_may_not_see_nothing_is_told(house):
    with house.monitor.look() as work:
        olga, beta = work.people.by_email("olga@example.com"), work.agreements.find("BETA-2").id
        found = standing_with(work, olga, lambda one: one.id != beta)
    assert found.counts == Counts(agreements=1, absences=1, people=1)


def test_somebody_who_has_left_takes_over_nothing(house):
    house.leave("kim")
    with pytest.raises(CannotTakeOver):
        hand_over(house, "kim")
    with pytest.raises(CannotTakeOver):
        hand_over(house, "olga")
