"""What the licence of an asset asks for is owed by one of the agreements that cover it, and follows the asset."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from engine import operations as ops
from engine.operations.assets import AssetRefused
from lifecycle.agreements.agreement import Money
from lifecycle.assets.asset import Asset, AssetKind, Licence, Ownership
from lifecycle.days.dates import Period
from tests.support.agreements import NEVER, provided
from tests.support.world import staffed

GEO = Licence(
    from_whom="Geo",
    ends_on=date(2027, 6, 30),
    fee=Money(Decimal("1200.00"), "EUR"),
    fee_due_on=date(2026, 3, 2),
    fee_every=Period(years=1),
)


@pytest.fixture
def world():
    world = staffed()
    for reference, kind in (("SOW-1", "SOW"), ("LIC-1", "licence")):
        world.agreement(reference, kind=kind, counterparty="Geo")
    return world


def asset(world, *references, **said):
    facts = {"name": "Map data", "kind": AssetKind.DATA, "ownership": Ownership.THIRD_PARTY, "licence": GEO}
    ids = tuple(world.get(one).id for one in references)
    with world.monitor.work() as work:
        return ops.add_asset(work, Asset(id="", agreements=ids, **(facts | said)))


def owed(world):
    """(Reference, kind, nominal day) of what is open because of assets."""
    found = set()
    with world.monitor.look() as work:
        for reference in ("SOW-1", "LIC-1"):
            for row in work.milestones.of(work.agreements.find(reference).id):
                if row.key.subject.startswith("asset.") and row.is_live:
                    found.add((reference, row.key.kind.value, str(row.nominal_on)))
    return found


def change(world, known, **said):
    with world.monitor.work() as work:
        return ops.change_asset(work, replace(work.assets.get(known.id), **said), because="a new contract")


def test_the_end_and_the_fees_until_then_are_deadlines_of_the_licence(world):
    asset(world, "SOW-1", "LIC-1")
    assert owed(world) == {
        ("LIC-1", "duty", "2027-06-30"),
        ("LIC-1", "fee", "2026-03-02"),
        ("LIC-1", "fee", "2027-03-02"),
    }
    assert world.row("LIC-1 duty").name == "Renew or replace the licence of Map data"


def test_deadlines_move_and_go_with_the_facts_of_the_asset(world):
    known = asset(world, "SOW-1", "LIC-1")
    change(world, known, licence=replace(GEO, ends_on=date(2028, 6, 30), fee_due_on=None, fee_every=None))
    assert owed(world) == {("LIC-1", "duty", "2028-06-30")}
    change(world, known, agreements=(world.get("SOW-1").id,))
    assert owed(world) == {("SOW-1", "duty", "2028-06-30")}
    change(world, known, licence=None)
    assert owed(world) == set()
    assert [one["type"] for one in world.events("ObligationAdded", "ObligationAmended", "ObligationEnded")] == [
        "ObligationAdded", "ObligationAdded", "ObligationAmended", "ObligationEnded", "ObligationAdded",
        "ObligationEnded", "ObligationEnded",
    ]  # fmt: skip


def test_whose_duty_it_is_stays_when_the_asset_changes(world):
    known = asset(world, "LIC-1")
    ben = world.id_of("ben")
    world.amend("LIC-1", obligations=tuple(replace(one, owner_id=ben) for one in world.get("LIC-1").obligations))
    change(world, known, licence=replace(GEO, ends_on=date(2028, 6, 30)))
    assert {one.owner_id for one in world.get("LIC-1").obligations} == {ben}


def test_when_an_agreement_is_over_another_one_owes_what_is_still_to_come(world):
    world.agreement("LIC-2", kind="licence", counterparty="Geo", end="2026-05-31", renewal=NEVER)
    asset(world, "LIC-2", "SOW-1")
    world.live_until("2026-03-02T09:00")
    world.say(ops.done, "LIC-2 fee", evidence="receipt 4711")
    world.live_until("2026-06-01T09:00")
    assert world.get("LIC-2").status == "ended"
    assert owed(world) == {("SOW-1", "duty", "2027-06-30"), ("SOW-1", "fee", "2027-03-02")}
    assert len([one for one in world.get("LIC-2").obligations if one.id.startswith("asset.")]) == 0
    version = world.get("SOW-1").version
    with world.monitor.work() as work:
        (known,) = work.assets.all()
        ops.change_asset(work, replace(known, note="still the same"), because="a remark")
    assert world.get("SOW-1").version == version


def test_a_fee_that_was_due_and_not_paid_is_owed_until_it_is(world):
    world.agreement("LIC-2", kind="licence", counterparty="Geo", end="2026-05-31", renewal=NEVER)
    known = asset(world, "LIC-2", "SOW-1")
    world.live_until("2026-06-01T09:00")
    assert world.row("LIC-2 fee").state == "open"
    assert owed(world) == {("SOW-1", "duty", "2027-06-30"), ("SOW-1", "fee", "2027-03-02")}
    change(world, known, note="the data is better now")
    world.say(ops.done, "LIC-2 fee", evidence="receipt 4711")
    assert world.row("LIC-2 fee").state == "done"
    change(world, known, note="the data is worse again")
    assert [one.id for one in world.get("LIC-2").obligations] == []
    world.expect(*world.unexpected)


def test_when_an_agreement_was_terminated_by_now_another_one_owes_at_once(world):
    asset(world, "LIC-1", "SOW-1")
    world.travel_to("2026-02-03T09:00")
    assert world.do(ops.terminate, "LIC-1", last_on=date(2026, 2, 2), because="a breach").status == "ended"
    assert owed(world) == {
        ("SOW-1", "duty", "2027-06-30"),
        ("SOW-1", "fee", "2026-03-02"),
        ("SOW-1", "fee", "2027-03-02"),
    }


def test_when_an_agreement_was_over_before_anybody_said_so_another_one_owes_at_once(world):
    asset(world, "LIC-1", "SOW-1")
    world.travel_to("2026-02-03T09:00")
    world.amend("LIC-1", provisions=provided(end="2026-01-31", renewal=NEVER))
    assert world.get("LIC-1").status == "ended"
    assert [one["payload"]["last_on"] for one in world.events("TermExpired")] == ["2026-01-31"]
    assert owed(world) == {
        ("SOW-1", "duty", "2027-06-30"),
        ("SOW-1", "fee", "2026-03-02"),
        ("SOW-1", "fee", "2027-03-02"),
    }


def test_what_is_never_signed_owes_for_no_licence(world):
    world.agreement("LIC-3", kind="licence", counterparty="Geo", signed_on=None, effective_on=None)
    asset(world, "LIC-3", "SOW-1", licence=Licence(ends_on=date(2027, 6, 30)))
    assert owed(world) == set()
    assert world.do(ops.abandon, "LIC-3", because="they chose somebody else").status == "ended"
    assert owed(world) == {("SOW-1", "duty", "2027-06-30")}


def test_a_retired_asset_owes_nothing_and_frees_its_name(world):
    known = asset(world, "LIC-1")
    with world.monitor.work() as work:
        ops.retire_asset(work, known.id, because="we use it no longer")
    assert owed(world) == set()
    assert asset(world, "LIC-1", licence=None).name == "Map data"


@pytest.mark.parametrize(
    "licence",
    [
        Licence(ends_on=date(2026, 1, 31), fee_due_on=date(2026, 2, 1)),
        Licence(fee_every=Period(months=1)),
        Licence(fee_due_on=date(2026, 2, 1), fee_every=Period()),
    ],
)
def test_a_fee_without_a_first_day_or_after_the_end_is_refused(world, licence):
    with pytest.raises(AssetRefused):
        asset(world, "LIC-1", licence=licence)
