"""The register a page at a time: every agreement once, in order, whatever the size of the page and whoever reads."""

import pytest

from engine import operations as ops
from lifecycle.people import Person
from store.queries import Queries
from store.queries.agreement_lists import AgreementFilter, agreement_page
from store.queries.counterparty_lists import count_counterparties, counterparties_seen
from store.queries.cursors import CursorRefused
from store.queries.search import parse_search
from tests.support.agreements import agreement
from tests.support.statements import asked_for, statements
from tests.support.world import World


@pytest.fixture(scope="module")
def house():
    """Twenty-three agreements of five counterparties; every seventh is only for the board."""
    world = World("2026-11-23T09:00")
    with world.monitor.work() as work:
        for number in range(23):
            made = agreement(
                reference=f"REF-{number:02}",
                counterparty=f"Party {number % 5}",
                tags=("critical",) if number % 3 else (),
                restricted_to=("team:board",) if number % 7 == 0 else (),
            )
            ops.register(work, made)
    return world.monitor


def everything(work, *, person=None, limit=4, **wanted):
    found, cursor = [], ""
    while True:
        page = agreement_page(work, AgreementFilter(**wanted), person, after=cursor, limit=limit)
        found += [row.agreement.reference for row in page.rows]
        if not (cursor := page.next_cursor):
            return found


@pytest.mark.parametrize("by_day", [False, True])
@pytest.mark.parametrize("limit", [1, 4, 23, 50])
def test_every_agreement_is_on_one_page_whatever_its_size(house, by_day, limit):
    with house.look() as work:
        assert sorted(everything(work, by_day=by_day, limit=limit)) == [f"REF-{number:02}" for number in range(23)]


@pytest.mark.parametrize("query", ["", "tag:critical", "counterparty:party status:in_force", "ref"])
def test_an_outsider_finds_what_is_restricted_in_no_page_and_no_count(house, query):
    outsider = Person(id="somebody", email="somebody@example.com")
    with house.look() as work:
        found = everything(work, person=outsider, search=parse_search(query))
        page = agreement_page(work, AgreementFilter(search=parse_search(query)), outsider)
    assert not {"REF-00", "REF-07", "REF-14", "REF-21"} & set(found)
    assert page.total == len(found)


def test_a_member_of_the_team_finds_all(house):
    with house.look() as work:
        member = Person(id="m", email="m@example.com", teams=("board",))
        assert len(everything(work, person=member)) == 23


def test_a_page_brings_the_nearest_deadline_of_each_and_reads_no_other(house):
    with statements(house.database) as asked, house.look() as work:
        rows = agreement_page(work, AgreementFilter(), None, limit=23).rows
        assert asked_for(asked, "milestones.id IN") == {row.nearest.id for row in rows}
        near = Queries.of(work).nearest([row.agreement for row in rows])
    assert any(len(found) > 1 for found in near.values())
    assert {row.agreement.id: row.nearest for row in rows} == {one: found[0] for one, found in near.items()}


def test_a_counterparty_counts_what_its_reader_may_see(house):
    with house.look() as work:
        seen = {row.name: row.agreements for row in counterparties_seen(work, Person(id="x", email="x@example.com"))}
        every = {row.name: row.agreements for row in counterparties_seen(work, None)}
    assert every == {"Party 0": 5, "Party 1": 5, "Party 2": 5, "Party 3": 4, "Party 4": 4}
    assert seen == {"Party 0": 4, "Party 1": 4, "Party 2": 4, "Party 3": 4, "Party 4": 3}


@pytest.mark.parametrize(("named", "number"), [("", 5), ("party 3", 1), ("%", 0)])
def test_counterparties_come_in_parts_that_are_all_of_them(house, named, number):
    with house.look() as work:
        every = counterparties_seen(work, None, named=named)
        parts = [counterparties_seen(work, None, named=named, skip=skip, limit=2) for skip in (0, 2, 4)]
        assert count_counterparties(work, None, named=named) == number == len(every)
    assert [one for part in parts for one in part] == every


@pytest.mark.parametrize("cursor", ["nonsense", "bm9uc2Vuc2U=", "AAAA", "é"])
def test_a_cursor_that_no_list_gave_out_is_refused(house, cursor):
    with house.look() as work, pytest.raises(CursorRefused):
        agreement_page(work, AgreementFilter(), None, after=cursor)
