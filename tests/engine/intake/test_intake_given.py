"""Disclosures and assets in a workbook: understood cell by cell, taken once, taken back with their import."""

from dataclasses import replace
from datetime import date

import pytest

from config.laws import lookup
from engine.importing.report import ImportReport
from engine.importing.taking_in import ImportOptions, import_file
from engine.importing.undoing import undo_import
from engine.intake.export import write_register
from lifecycle.events import Actor
from store.queries.assets import assets_of
from tests.support.intake import read
from tests.support.world import staffed

HEAD = ["reference", "counterparty"]
ROW = ["A-1", "Acme Labs"]
GIVEN = ["Reference", "Given on", "What", "To"]
ASSETS = ["Reference", "Name", "Kind", "Ownership", "Holders", "Licence until", "Fee", "Fee due", "Fee interval"]


def codes(findings):
    return [(one.sheet, one.cell, one.code) for one in findings]


def test_what_is_wrong_stands_at_its_cell():
    (draft,) = read(
        HEAD,
        ROW,
        disclosures=[GIVEN, ["A-1", "soon", "Code", ""], ["a-1", "2026-01-02", "", ""]],
        assets=[ASSETS, ["A-1", "Maps", "thing", "nobody", "", "", "", "", ""]],
    ).drafts
    assert codes(draft.findings) == [
        ("disclosures", "B2", "unreadable_day"),
        ("disclosures", "C3", "required"),
        ("assets", "C2", "unknown_kind"),
        ("assets", "D2", "unknown_owner"),
    ]


# -- taking them in --------------------------------------------------------------------------------------------------


@pytest.fixture
def world():
    made = staffed()
    made.agreement("A-1")
    return made


@pytest.fixture
def taken(world, tmp_path):
    """Import sheets of rows, the headers first."""

    def take(**said) -> ImportReport:
        sheets = {"disclosures": [GIVEN], "assets": [ASSETS]}
        sheets = {"agreements": said["agreements"], **sheets} if "agreements" in said else sheets
        for name, rows in said.items():
            if name in {"disclosures", "assets"}:
                sheets[name] += rows
        path = _written(tmp_path, sheets)
        options = ImportOptions(actor=Actor("olga@example.com"), laws=lookup, person=said.get("person"))
        options = replace(options, progress=said.get("progress", options.progress))
        return import_file(world.monitor, path, replace(options, is_dry_run=said.get("is_dry_run", False)))

    return take


def _written(folder, sheets):
    from engine.intake.sheets import Book

    path = folder / "given.xlsx"
    with Book(path) as book:
        for name, (headers, *rows) in sheets.items():
            if rows:
                book.sheet(name, headers, rows)
    return path


CODE = ["A-1", "2026-01-02", "Source code", "Jane Roe"]
MAPS = ["A-1", "Map data", "data", "third party", "Mira; Geo", "2027-06-30", "EUR 1,200", "2026-03-02", "yearly"]


def results(report):
    return [(row.reference, row.result, [(one.field, one.after) for one in row.changes]) for row in report.rows]


def known_assets(world):
    with world.monitor.look() as work:
        return {one.name: one for one in work.assets.all()}


def test_disclosures_are_taken_once(world, taken):
    found = taken(disclosures=[CODE, CODE, ["A-1", "2026-01-03", "Price list", ""]])
    assert [row.result for row in found.rows] == ["amended"]
    given = world.get("A-1").disclosures
    assert [(one.id, one.given_on, one.what, one.to) for one in given] == [
        ("d1", date(2026, 1, 2), "Source code", "Jane Roe"),
        ("d2", date(2026, 1, 3), "Price list", ""),
    ]
    assert len(world.events("DisclosureRecorded")) == 2
    again = taken(disclosures=[["a-1", "2026-01-02", "SOURCE CODE", "jane roe"]])
    assert results(again) == [("a-1", "unchanged", [])]


def test_of_an_agreement_that_was_over_already_nothing_is_asked_back(world, taken):
    head = [*HEAD, "effective_on", "last_on", "renewal"]
    taken(agreements=[head, ["O-1", "Acme Labs", "2024-01-01", "2025-06-30", "never"]],
          disclosures=[["O-1", "2024-05-02", "Plans", ""]])  # fmt: skip
    assert (world.get("O-1").status, len(world.get("O-1").disclosures)) == ("ended", 1)
    assert world.get("O-1").obligations == ()


def test_what_has_not_come_yet_fails_its_reference_alone(world, taken):
    world.agreement("A-2")
    found = taken(disclosures=[["A-1", "2026-01-06", "Plans", ""], ["A-2", "2026-01-05", "Plans", ""]])
    assert [(row.reference, row.result) for row in found.rows] == [("A-1", "failed"), ("A-2", "amended")]
    assert codes(found.rows[0].findings) == [("disclosures", "B2", "not_yet")]


def test_assets_are_taken_changed_and_unchanged(world, taken):
    ((reference, result, changes),) = results(taken(assets=[MAPS]))
    assert (reference, result, changes[-1]) == ("A-1", "amended", ("assets", "Map data"))
    made = known_assets(world)["Map data"]
    assert (made.kind.value, made.ownership.value, made.holders) == ("data", "third-party", ("Mira", "Geo"))
    assert (made.licence.ends_on, str(made.licence.fee.amount)) == (date(2027, 6, 30), "1200.00")
    assert {one.kind.value for one in world.get("A-1").obligations} == {"duty", "fee"}
    assert results(taken(assets=[MAPS])) == [("A-1", "unchanged", [])]
    world.agreement("A-2")
    taken(assets=[["A-2", "MAP data", "", "", "", "2028-06-30", "", "", ""]])
    both = known_assets(world)["Map data"]
    assert set(both.agreements) == {world.get("A-1").id, world.get("A-2").id}
    assert (both.licence.ends_on, both.kind.value) == (date(2028, 6, 30), "data")


def test_a_trial_keeps_no_asset(world, taken):
    assert [row.result for row in taken(assets=[MAPS], is_dry_run=True).rows] == ["amended"]
    assert known_assets(world) == {}


def test_an_import_is_taken_back_with_its_assets_as_far_as_nobody_has_changed_them(world, taken):
    taken(assets=[["A-1", "Handbook", "process", "us", "", "", "", "", ""]])
    found = taken(disclosures=[CODE], assets=[MAPS, ["A-1", "Handbook", "know-how", "us", "Mira", "", "", "", ""]])
    with world.monitor.work() as work:
        undone = undo_import(work, found.batch)
    assert (undone.undone, undone.kept) == (("A-1",), ())
    now = known_assets(world)
    assert (now["Handbook"].kind.value, now["Handbook"].holders) == ("process", ())
    assert [one.is_retired for one in now.values() if one.name.startswith("Map data")] == [True]
    assert (world.get("A-1").disclosures, world.get("A-1").obligations) == ((), ())


def test_an_import_that_broke_off_is_taken_back_with_its_assets(world, taken):
    class BrokenOff(BaseException):
        """The process ends here."""

    def break_off(_done, _of):
        raise BrokenOff

    with pytest.raises(BrokenOff):
        taken(assets=[MAPS], progress=break_off)
    assert not known_assets(world)["Map data"].is_retired
    with world.monitor.work() as work:
        (batch,) = work.keeping.batches()
        assert undo_import(work, batch.id).undone == ("A-1",)
    assert [one.is_retired for one in known_assets(world).values()] == [True]
    assert world.get("A-1").obligations == ()


def test_what_somebody_has_changed_since_stays(world, taken):
    from engine import operations as ops

    found = taken(assets=[MAPS])
    with world.monitor.work() as work:
        ops.change_asset(work, replace(work.assets.named("Map data"), note="ours now"), because="bought")
    with world.monitor.work() as work:
        assert undo_import(work, found.batch).kept == ("Map data",)
    assert known_assets(world)["Map data"].note == "ours now"


def test_an_asset_of_an_agreement_that_they_may_not_see_is_taken_already(world, taken):
    from engine import operations as ops
    from lifecycle.assets.asset import Asset, AssetKind

    leo = world.id_of("leo")
    secret = world.agreement("S-1", restricted_to=(leo,), owner="leo")
    with world.monitor.work() as work:
        ops.add_asset(work, Asset(id="", name="Map data", kind=AssetKind.DATA, agreements=(secret.id,)))
        olga = work.people.by_email("olga@example.com")
    found = taken(assets=[MAPS], person=olga)
    assert [codes(row.findings) for row in found.rows] == [[("assets", "B2", "name_taken")]]
    assert known_assets(world)["Map data"].agreements == (secret.id,)


def test_what_is_exported_comes_back_unchanged(world, taken, tmp_path):
    taken(disclosures=[CODE, ["A-1", "2026-01-03", "=1+1", "- nobody"]], assets=[MAPS])
    with world.monitor.look() as work:
        agreements = list(work.agreements.all())
        assets, people = assets_of(work, agreements), work.people.all()
    write_register(tmp_path / "register.xlsx", agreements, people, laws=lookup, assets=assets)
    report = import_file(
        world.monitor, tmp_path / "register.xlsx", ImportOptions(actor=Actor("olga@example.com"), laws=lookup)
    )
    assert results(report) == [("A-1", "unchanged", [])]
    assert list(report.findings) == []
