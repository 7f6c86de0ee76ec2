"""What the daily look for findings asks of the database: about all agreements at once, not about each."""

from collections import Counter
from datetime import date

from engine import operations as ops
from engine.findings.standing import every_finding
from engine.watcher import findings_watch
from lifecycle.assets.asset import Asset, AssetKind, Ownership
from store.queries.findings import batches
from tests.support.agreements import once, provided
from tests.support.statements import statements
from tests.support.world import checked, staffed

PINNED = date(2026, 11, 16)


def filled(world, number):
    """*number* agreements with houses of their own: each has a pin that differs, a late audit, a contact, an asset."""
    late = once("audit", "Security audit", "2027-01-11")
    for name in (f"{place:02}" for place in range(number)):
        made = world.agreement(f"M-{name}", kind="MSA", counterparty=f"House {name}", backup=None, obligations=(late,))
        world.say(ops.pin, f"M-{name} notice", on=PINNED, because="The board meets before.")
        world.amend(f"M-{name}", provisions=provided(notice_days=61))
        with world.monitor.work() as work:
            ops.add_contact(work, f"House {name}", name="compliance", email=f"them@{name}.example")
            facts = {"kind": AssetKind.SOURCE_CODE, "ownership": Ownership.JOINT, "agreements": (made.id,)}
            ops.add_asset(work, Asset(id="", name=f"Compiler {name}", **facts))


def looked(number):
    """The statements of a first look at so many agreements and of a list of all, how often, and what was found."""
    with checked(staffed()) as world:
        filled(world, number)
        with statements(world.monitor.database) as asked:
            findings_watch.look(world.monitor)
        with world.monitor.look() as work, statements(world.monitor.database) as listed:
            found = Counter(one.finding.code for one in every_finding(work, None))
        world.tick()
        world.expect(*world.unexpected)
        return len(asked), len(listed), found


def test_a_look_asks_no_more_about_many_agreements_than_about_few():
    few, many = looked(1), looked(4)
    assert few[:2] == many[:2]
    assert many[2] == {"audit-after-notice": 4, "pin-differs": 4, "no-backup": 4, "no-licence": 4}


def test_a_batch_parts_no_group_and_keeps_its_bounds():
    groups = [["x"] * size for size in (120, 80, 1, 900, 2)]
    assert [[len(group) for group in batch] for batch in batches(groups)] == [[120, 80], [1], [900], [2]]
