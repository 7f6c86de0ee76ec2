"""Evidence is asked for by what a page shows of it: what came and went years ago is not read."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count

import pytest
from sqlalchemy import text

from lifecycle.obligations.evidence import EvidenceKind, EvidenceRequest, EvidenceState
from store.migrate import upgrade
from store.queries.audits import evidence_accepted, evidence_covering, evidence_listed, evidence_to_come
from store.queries.cursors import CursorRefused, cursor_of
from store.schema import assets, import_batches
from tests.support.databases import is_postgres
from tests.support.statements import plan_of, statements
from tests.support.world import World

SINCE = date(2025, 11, 23)
IMPORT = {
    "id": "b1", "at": datetime(2026, 3, 1, tzinfo=UTC), "actor": "olga@example.com", "file_name": "a.xlsx",
    "file_sha256": "0" * 64, "doc": '{"created":1,"assets":{"m1":{"before":null,"after":"{}"}}}',
}  # fmt: skip
MAPS = {"id": "m1", "name": "Maps", "name_key": "maps", "kind": "data", "ownership": "us", "doc": "{}"}
_numbers = count(1)


def a_report(holder, what, state=EvidenceState.ACCEPTED, **said):
    given = {"due_on": date(2020, 1, 1), "kind": EvidenceKind.ISO_27001, "documents": ("f1",)} | said
    return EvidenceRequest(
        id=f"e{next(_numbers):03}", agreement_id=holder, what=what, state=state, subject="o1", cycle="", **given
    )


def cover(year):
    return {"covers_from": date(year - 1, 1, 1), "covers_until": date(year, 12, 31), "accepted_on": date(year, 2, 1)}


@pytest.fixture(scope="module")
def world():
    """Acme's reports of twenty years and two that are awaited; Nova's, which has lapsed; a secret one; an old one."""
    built = World("2026-11-23T09:00")
    built.staff()
    secret = {"restricted_to": ("olga@example.com",)}
    held = {
        name: built.agreement(name, counterparty=other, **said).id
        for name, other, said in (("A-1", "Acme", {}), ("N-1", "Nova", {}), ("S-1", "Sphinx", secret))
    }
    with built.monitor.work() as work:
        for year in range(2004, 2027):
            work.evidence.add(a_report(held["A-1"], f"of {year}", **cover(year)))
        asked = {"documents": (), "due_on": date(2026, 12, 1)}
        work.evidence.add(a_report(held["A-1"], "asked", EvidenceState.ASKED, **asked))
        work.evidence.add(a_report(held["A-1"], "arrived", EvidenceState.RECEIVED, due_on=date(2026, 11, 1)))
        work.evidence.add(
            a_report(held["A-1"], "not wanted", EvidenceState.WITHDRAWN, **cover(2026) | {"accepted_on": None})
        )
        work.evidence.add(a_report(held["N-1"], "lapsed", **cover(2019)))
        work.evidence.add(a_report(held["S-1"], "secret", **cover(2026)))
    return built


def test_a_span_without_end_that_an_earlier_version_took_ends_with_the_years_of_the_calendars():
    built = World("2026-11-23T09:00")
    built.staff()
    span = {"covers_from": date(1, 1, 1), "covers_until": date(9999, 12, 31)}
    holder = built.agreement("A-1", counterparty="Acme").id
    with built.monitor.work() as work:
        work.evidence.add(a_report(holder, "for ever", accepted_on=date(2026, 11, 1), **span))
    with built.monitor.look() as work:
        (covered,) = evidence_covering(work, None, since_on=SINCE, limit=9)
        (listed,), _ = evidence_listed(work, None, is_open=False, limit=9)
        found = [*covered.reports, listed.request, work.evidence.get(listed.request.id), *work.evidence.of(holder)]
    assert {(one.covers_from, one.covers_until) for one in found} == {(date(1900, 1, 1), date(2200, 12, 31))}


@pytest.fixture
def work(world):
    with world.monitor.look() as looking:
        yield looking


def words(found):
    return [one.request.what for one in found]


def leo(work):
    return work.people.by_email("leo@example.com")


def test_what_is_to_come_stands_in_the_order_of_its_days(work):
    assert words(evidence_to_come(work, leo(work), limit=9)) == ["arrived", "asked"]
    assert words(evidence_to_come(work, leo(work), limit=1)) == ["arrived"]
    assert words(evidence_listed(work, leo(work), is_open=True, limit=99)[0]) == ["arrived", "asked"]


def test_a_list_is_read_a_page_at_a_time_in_the_order_of_its_days(work):
    read, after = [], ""
    while True:
        page, after = evidence_listed(work, leo(work), is_open=False, after=after, limit=7)
        read += page
        if not after:
            break
        assert len(page) == 7
    assert read == evidence_listed(work, leo(work), is_open=False, limit=99)[0]
    assert len(read) == 27
    days = [(one.request.due_on, one.request.id) for one in read]
    assert days == sorted(days)
    assert words(evidence_listed(work, leo(work), is_open=True, after="", limit=1)[0]) == ["arrived"]


def test_a_list_is_narrowed_to_one_agreement(work):
    nova = work.agreements.find("N-1").id
    assert words(evidence_listed(work, leo(work), is_open=False, limit=9, of=nova)[0]) == ["lapsed"]


def test_a_place_that_no_list_has_given_out_is_refused(work):
    with pytest.raises(CursorRefused):
        evidence_listed(work, None, is_open=False, after="nonsense", limit=7)


def test_what_was_accepted_lately_is_told_the_newest_first(work):
    since = {"since_on": date(2023, 1, 1)}
    assert words(evidence_accepted(work, leo(work), **since, limit=2)) == ["of 2026", "of 2025"]
    assert "secret" in words(evidence_accepted(work, None, **since, limit=9))


def test_a_strip_keeps_what_covers_its_days_and_stays_when_that_has_lapsed(work):
    found = evidence_covering(work, leo(work), since_on=SINCE, limit=9)
    told = [(one.counterparty, one.strip, sorted(each.what for each in one.reports)) for one in found]
    assert told == [("Acme", "ISO 27001", ["of 2025", "of 2026"]), ("Nova", "ISO 27001", [])]
    assert [one.counterparty for one in evidence_covering(work, None, since_on=SINCE, limit=9)][-1] == "Sphinx"


@pytest.mark.skipif(is_postgres(), reason="SQLite's own plans")
def test_each_question_is_answered_by_its_index(world):
    database = world.monitor.database
    with statements(database) as asked, world.monitor.look() as work:
        evidence_to_come(work, None, limit=9)
        evidence_accepted(work, None, since_on=SINCE, limit=9)
        evidence_covering(work, None, since_on=SINCE, limit=9)
        evidence_listed(work, None, is_open=False, after=cursor_of(date(2020, 1, 1), "e001"), limit=9)
    table = "evidence_requests"
    plans = [plan_of(database, *one, table=table) for one in asked if table in one[0]]
    used = [next(iter(steps)).partition("ix_evidence_requests_")[2].split(" ")[0] for steps in plans]
    assert used == ["due_on", "accepted_on", "strip", "strip", "listed_on"]


def test_what_is_looked_at_ahead_is_asked_for_once_and_only_if_somebody_asks(world):
    holders = [world.get(name).id for name in ("A-1", "N-1", "S-1")]
    with world.monitor.look() as work:
        alone = [work.evidence.of_many([one]) for one in holders]
    with world.monitor.look() as work, statements(world.monitor.database) as asked:
        work.evidence.look_ahead(holders)
        assert asked == []
        assert [work.evidence.of(one) for one in holders] == alone
        assert len(asked) == 1
        work.evidence.look_ahead(holders)
        assert work.evidence.of(holders[0]) == alone[0]
        assert len(asked) == 1, "what was read is not read again"


def test_what_is_changed_after_it_was_read_is_read_anew(world):
    holder = world.get("N-1").id
    with world.monitor.work() as work:
        (lapsed,) = work.evidence.of(holder)
        work.evidence.save(replace(lapsed, what="renewed"))
        assert [one.what for one in work.evidence.of(holder)] == ["renewed"]
        work.evidence.save(lapsed)
        assert work.evidence.of(holder) == [lapsed]


@pytest.mark.skipif(is_postgres(), reason="what is written is the same")
def test_a_register_without_these_columns_gets_what_today_would_write(world):
    columns = "id, due_on, accepted_on, strip, covered_until, listed_on"
    with world.monitor.database.writing() as connection:
        before = connection.execute(text(f"SELECT {columns} FROM evidence_requests")).all()
        for name in ("due_on", "accepted_on", "strip", "listed_on"):
            connection.execute(text(f"DROP INDEX ix_evidence_requests_{name}"))
        for name in ("due_on", "accepted_on", "strip", "covered_until", "listed_on"):
            connection.execute(text(f"ALTER TABLE evidence_requests DROP COLUMN {name}"))
        later = ("agreements_leaving", "agreements_listed", "milestones_followed", "deliveries_created_at")
        for name in later:
            connection.execute(text(f"DROP INDEX ix_{name}"))
        for name in ("has_exit_plan", "lacks"):
            connection.execute(text(f"ALTER TABLE agreements DROP COLUMN {name}"))
        connection.execute(text("DROP TABLE import_assets"))
        connection.execute(import_batches.insert().values(IMPORT))
        connection.execute(assets.insert().values(MAPS))
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('0006')"))
    assert upgrade(world.monitor.database)[0] == "0006"
    with world.monitor.database.reading() as connection:
        assert connection.execute(text(f"SELECT {columns} FROM evidence_requests")).all() == before
    assert len({row.strip for row in before}) == 2
    with world.monitor.look() as work:
        assert [(one.asset_id, one.before, one.after) for one in work.keeping.batch_assets("b1")] == [
            ("m1", None, "{}")
        ]
