"""Real agreements: a register of 297 comes in from a spreadsheet, and its dates are those that lawyers read.

The data are CUAD v1 (The Atticus Project, CC BY 4.0), read where they are.
"""

import csv
import json
from collections import Counter
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from config.laws import lookup
from engine.importing.taking_in import ImportOptions, import_file
from engine.importing.undoing import undo_import
from engine.intake.import_map import DayOrder, import_map
from lifecycle.agreements.agreement import Agreement, terms_of
from lifecycle.days.dates import Period, after
from lifecycle.events import Actor
from lifecycle.milestones.milestone import MilestoneKind
from lifecycle.terms.terms import EndConvention, OpenEnded, RenewalKind, initial_end
from tests.support.world import World

CUAD = Path(__file__).parents[2].parent / "shared" / "data" / "cuad"
if not (CUAD / "register.csv").exists():
    pytest.skip("../shared/data/cuad/register.csv is not there: CUAD tests not run", allow_module_level=True)

OWNED = import_map({"constants": {"owner": "olga@example.com"}})
TODAY = "2026-11-22"


def house(at=TODAY):
    world = World(f"{at}T09:00", zone="UTC")
    world.person("Olga")
    return world


def taken_in(world, name, *, dates=DayOrder.MDY, **options):
    actor = Actor("olga@example.com", "cli")
    source = CUAD / name if isinstance(name, str) else name
    return import_file(
        world.monitor, source, ImportOptions(actor=actor, laws=lookup, given=OWNED, dates=dates, **options)
    )


def agreements(world):
    with world.monitor.look() as work:
        return {one.reference: one for one in work.agreements.all()}


@pytest.fixture(scope="module")
def world():
    world = house()
    world.report = taken_in(world, "register.csv")
    return world


@pytest.fixture(scope="module")
def gold():
    return json.loads((CUAD / "gold.json").read_text())


def test_each_row_is_registered_or_reported_with_cell_and_remedy(world):
    assert world.report.counts == {"created": 241, "amended": 0, "unchanged": 0, "skipped": 0, "failed": 56}
    for row in world.report.failed:
        errors = [finding for finding in row.findings if finding.is_error]
        assert errors
        assert all(finding.cell and finding.message and finding.remedy for finding in errors), row.reference


def test_a_day_that_is_day_first_is_an_error_at_its_cell(world):
    (row,) = (row for row in world.report.rows if row.reference == "CU-0054")
    (error,) = (finding for finding in row.findings if finding.is_error)
    assert (error.cell, error.value, error.code) == ("G55", "31/01/2025", "day_order")


def test_the_workbook_gives_the_same_agreements_where_its_cells_say_the_same(world):
    twin = house()
    taken_in(twin, "register.xlsx")
    ours, theirs = agreements(world), agreements(twin)
    names = {field.name for field in fields(Agreement)} - {"id", "counterparty_id", "owner_id"}
    differing = {
        reference: [
            name for name in sorted(names) if getattr(ours[reference], name) != getattr(theirs[reference], name)
        ]
        for reference in ours.keys() & theirs.keys()
    }
    assert ours.keys() == theirs.keys()
    assert {reference: names for reference, names in differing.items() if names} == {}


def test_without_an_order_the_columns_own_evidence_is_used(world):
    free = house()
    report = taken_in(free, "register.csv", dates=None)
    assert report.counts["created"] + report.counts["failed"] == 297
    unsettled = [finding for row in report.rows for finding in row.findings if finding.code == "ambiguous_day"]
    assert all(finding.cell and finding.remedy for finding in unsettled)
    ours, theirs = agreements(world), agreements(free)
    assert all(theirs[name].signed_on == ours[name].signed_on for name in ours.keys() & theirs.keys())


def test_a_second_import_changes_nothing_and_one_edited_cell_amends_one_agreement(world, tmp_path):
    world = world.twin()
    with world.monitor.look() as work:
        before = work.log.head()
    assert taken_in(world, "register.csv").counts["unchanged"] == 241
    with world.monitor.look() as work:
        assert work.log.head() == before
    rows = list(csv.reader((CUAD / "register.csv").read_text("utf-8-sig").splitlines(keepends=True)))
    edited = next(row for row in rows if row[0] == "CU-0017")
    edited[9] = "120 days"
    changed = tmp_path / "register.csv"
    with changed.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    report = taken_in(world, changed)
    assert {name: count for name, count in report.counts.items() if count} == {
        "amended": 1,
        "unchanged": 240,
        "failed": 56,
    }
    (amended,) = (row for row in report.rows if row.result == "amended")
    assert [(change.field, amended.reference) for change in amended.changes] == [("provisions.notices", "CU-0017")]
    assert [change.after.partition(" before the last day")[0] for change in amended.changes] == ["120 days"]
    with world.monitor.look() as work:
        assert work.log.verify() > 241


def test_a_dry_run_leaves_nothing_behind_and_says_the_same(world):
    another = house()
    dry = taken_in(another, "register.csv", is_dry_run=True)
    assert agreements(another) == {}
    assert (dry.counts, dry.deadlines) == (world.report.counts, world.report.deadlines)


def test_an_import_that_is_undone_leaves_its_references_free(world):
    report, world = world.report, world.twin()
    with world.monitor.work(Actor("olga@example.com")) as work:
        undone = undo_import(work, report.batch)
    assert (len(undone.undone), undone.kept) == (241, ())
    assert taken_in(world, "register.csv").counts["created"] == 241


def test_every_derivable_and_every_stated_expiry_is_the_label(world, gold):
    """70 of the 75 derivable ones are registered; the other five are refused at a cell that is blanked or ambiguous."""
    counted = Counter()
    for reference, agreement in agreements(world).items():
        label, terms = gold[reference], terms_of(agreement)
        if label["expiration"] is None:
            continue
        if label["expiration"] == "perpetual":
            assert isinstance(agreement.provisions.end, OpenEnded), reference
            counted["perpetual"] += 1
        elif terms is None:
            counted["no first day"] += 1  # CU-0189: neither signed nor effective, so it has no term
        else:
            assert initial_end(terms).last_on == date.fromisoformat(label["expiration"]), reference
            counted[label["kind"], agreement.provisions.convention] += 1
    assert counted == {
        ("period", EndConvention.ANNIVERSARY): 63,
        ("period", EndConvention.DAY_BEFORE): 7,
        ("date", None): 36,
        ("other", None): 12,
        "perpetual": 34,
        "no first day": 1,
    }


def test_the_convention_that_the_label_follows_is_recognised(world, gold):
    expected = {0: EndConvention.ANNIVERSARY, -1: EndConvention.DAY_BEFORE}
    derived = {name: one for name, one in agreements(world).items() if gold[name]["kind"] == "period"}
    assert {name: one.provisions.convention for name, one in derived.items()} == {
        name: expected[gold[name]["diff"]] for name in derived
    }


def test_what_renews_by_itself_has_a_notice_deadline_for_each_cycle_up_to_the_horizon(world):
    horizon_on = after(date.fromisoformat(TODAY), Period(months=60))
    counted = 0
    for agreement in agreements(world).values():
        provisions, terms = agreement.provisions, terms_of(agreement)
        if provisions.renewal.kind is not RenewalKind.AUTOMATIC or not provisions.notices or terms is None:
            continue
        with world.monitor.look() as work:
            rows = [row for row in work.milestones.of(agreement.id) if row.key.kind is MilestoneKind.NOTICE]
        cycles = sorted(int(row.key.cycle) for row in rows)
        assert cycles == list(range(cycles[0], cycles[-1] + 1)), agreement.reference
        running = next(row for row in rows if int(row.key.cycle) == agreement.term_number)
        assert running.over_on >= date.fromisoformat(TODAY)
        is_last = provisions.renewal.most is not None and cycles[-1] == provisions.renewal.most - 1
        assert is_last or max(row.over_on for row in rows) > horizon_on, agreement.reference
        counted += 1
    assert counted == 34
