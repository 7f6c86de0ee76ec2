"""Deadlines a page at a time: what reading everything finds, counted right, and never more than may be seen."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from engine import operations as ops
from lifecycle.agreements.agreement import Money
from lifecycle.milestones.milestone import LIVE, OUTCOMES
from store.queries import DeadlineFilter, Queries
from store.queries.cursors import CursorRefused
from store.queries.deadlines import Deadlines, Load, OnDay, Tiles, Wanted
from store.queries.search import parse_search
from tests.support.agreements import every as recurring
from tests.support.databases import is_postgres
from tests.support.statements import asked_for, plan_of, statements
from tests.support.world import World

TODAY = date(2026, 11, 23)
NAMES = (
    "Access review",
    'Of "red" keys',
    "Straßenprüfung",
    "\uff37\uff29\uff24\uff25 audit",
    "\ufb01re drill",
    *["Access review"] * 3,
)


@pytest.fixture(scope="module")
def world():
    """Forty agreements; one in eight is Olga's secret, one in ten has no owner, Ben left, some were answered."""
    built = World("2026-11-23T09:00")
    built.staff()
    for number in range(40):
        built.agreement(
            f"A-{number:02}",
            owner=None if number % 10 == 9 else ("olga", "ben", "mia")[number % 3],
            backup=None,
            counterparty=("Acme Labs", "Bögel & Söhne", "Cobalt")[number % 3],
            effective_on=date(2024, 1, 1) + timedelta(days=13 * number),
            tags=("critical",) if number % 4 == 0 else (),
            value=Money(Decimal(50_000 * number), "EUR") if number % 2 else None,
            restricted_to=("olga@example.com",) if number % 8 == 3 else (),
            obligations=(recurring("audit", NAMES[number // 5], 12, since="2024-03-01"),) if number % 5 == 0 else (),
        )
    built.tick()
    built.say(ops.verify, "A-01 notice", by="leo")
    built.say(ops.acknowledge, "A-02 notice", by="mia")
    built.say(ops.waive, "A-04 notice", by="leo", because="settled")
    built.say(ops.assign, "A-05 notice", by="leo", owner_id=built.id_of("olga"))
    built.leave("ben")
    return built


def reader(work, name):
    return None if name is None else work.people.by_email(f"{name}@example.com")


def everything(work, name, words=""):
    wanted = DeadlineFilter(search=parse_search(words))
    return [row.milestone.id for row in Queries.of(work, person=reader(work, name)).deadlines(wanted, TODAY)]


def lists(work, name="leo"):
    return Deadlines(work, person=reader(work, name), today=TODAY)


WORDS = (
    "", "acme", "BÖGEL söhne", "a-1", "review", "REVIEW", '"red"', "strasse",
    "PRÜFUNG", "wide", "fire", "acme review", "100%", "kind:notice", "kind:audit", "due:<40d", "due:>400d",
    "is:overdue",
    "is:unverified", "is:acknowledged", "is:snoozed", "is:pinned", "is:decided", "owner:olga", "owner:nobody",
    "owner:olga kind:notice", "owner:nemo", "status:in_force", "type:nda", "type:msa", "counterparty:cobalt",
    "tag:critical", "tag:crit", "parent:", "value:>100k", "value:<200k acme", "owner:nobody tag:critical due:<900d",
    "owner:me",
)  # fmt: skip


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("name", [None, "olga", "leo"])
def test_pages_together_hold_what_reading_everything_finds(world, words, name):
    with world.monitor.look() as work:
        found, cursor, wanted = [], "", Wanted(search=parse_search(words))
        while True:
            page = lists(work, name).page(wanted, cursor=cursor, limit=17)
            found += page.rows
            cursor = page.cursor
            if not cursor:
                break
            assert len(page.rows) == 17
        days = [row.milestone.safe_on for row in found]
        assert days == sorted(days)
        assert sorted(row.milestone.id for row in found) == sorted(everything(work, name, words))


def test_nobody_sees_what_was_restricted_to_others(world):
    with world.monitor.look() as work:
        olgas = {row.agreement.reference for row in lists(work, "olga").every(Wanted())}
        leos = {row.agreement.reference for row in lists(work, "leo").every(Wanted())}
    assert olgas - leos == {"A-03", "A-11", "A-19", "A-27", "A-35"}
    assert leos < olgas


@pytest.mark.parametrize("name", [None, "olga", "leo"])
def test_tiles_count_what_their_filters_list(world, name):
    with world.monitor.look() as work:
        every = [work.milestones.get(one) for one in everything(work, name)]
        ahead = [(row.safe_on - TODAY).days for row in every if row.safe_on >= TODAY]
        assert lists(work, name).tiles() == Tiles(
            overdue=len(every) - len(ahead),
            within_14=sum(days <= 14 for days in ahead),
            within_30=sum(days <= 30 for days in ahead),
            within_90=sum(days <= 90 for days in ahead),
            nobodys=len(everything(work, name, "owner:nobody")),
            unverified=len(everything(work, name, "is:unverified")),
        )
        assert ahead
        assert len(ahead) < len(every)


def test_what_somebody_owns_who_has_left_is_nobodys(world):
    with world.monitor.look() as work:
        bens = set(everything(work, None, "owner:ben"))
        assert bens
        assert bens <= set(everything(work, None, "owner:nobody"))


def test_whoever_reads_is_me_and_the_operator_is_nobody(world):
    with world.monitor.look() as work:
        mine = {row.milestone.id for row in lists(work, "olga").every(Wanted(search=parse_search("owner:me")))}
        assert mine
        assert mine == set(everything(work, "olga", "owner:olga")) == set(everything(work, "olga", "owner:me"))
        assert everything(work, None, "owner:me") == []


def test_tiles_of_one_person_count_what_they_answer_for(world):
    olga = world.id_of("olga")
    with world.monitor.look() as work:
        mine = lists(work).tiles(Wanted(owner_id=olga))
        assert mine.unverified == len(everything(work, "leo", "owner:olga is:unverified"))
        assert mine.nobodys == 0


@pytest.mark.parametrize("words", ["", "tag:critical", "owner:olga"])
def test_a_load_counts_each_deadline_in_its_week(world, words):
    until_on = TODAY + timedelta(weeks=13)
    with world.monitor.look() as work:
        wanted = Wanted(search=parse_search(words), from_on=TODAY, until_on=until_on)
        load = lists(work).load(wanted)
        counted = {}
        for row in lists(work).every(wanted):
            monday = row.milestone.safe_on - timedelta(days=row.milestone.safe_on.weekday())
            place = (row.milestone.owner_id or row.agreement.owner_id, monday)
            counted[place] = counted.get(place, 0) + 1
    assert counted
    assert sorted(load, key=str) == sorted((Load(*place, number) for place, number in counted.items()), key=str)


@pytest.mark.parametrize("words", ["", "acme", "kind:notice", "owner:nobody"])
@pytest.mark.parametrize("states", [LIVE, LIVE | OUTCOMES])
def test_a_day_has_the_first_of_its_deadlines_and_the_number_of_all(world, words, states):
    wanted = Wanted(search=parse_search(words), from_on=TODAY, until_on=TODAY + timedelta(days=400), states=states)
    with world.monitor.look() as work:
        read = {}
        for row in lists(work).every(wanted):
            read.setdefault(row.milestone.safe_on, []).append(row)
        assert any(len(rows) > 1 for rows in read.values()) or words
        days = lists(work).days(wanted, most=1)
    assert list(days) == sorted(read)
    assert days == {on: OnDay(tuple(rows[:1]), len(rows)) for on, rows in read.items()}


def test_of_a_day_with_many_deadlines_only_the_first_are_read(world):
    wanted = Wanted(from_on=TODAY, until_on=TODAY + timedelta(days=400))
    with statements(world.monitor.database) as asked, world.monitor.look() as work:
        days = lists(work).days(wanted, most=1)
    assert asked_for(asked, "milestones.id IN") == {one.rows[0].milestone.id for one in days.values()}
    assert max(one.number for one in days.values()) > 1


def test_a_word_that_no_name_has_reads_no_deadline_but_those_with_other_letters(world):
    with world.monitor.look() as work:
        other = {row.milestone.id for row in lists(work, None).every(Wanted()) if not row.milestone.name.isascii()}
    with statements(world.monitor.database) as asked, world.monitor.look() as work:
        assert lists(work, None).page(Wanted(search=parse_search("nothinghasthisname"))).rows == ()
    assert other
    assert asked_for(asked, "milestones.id IN") == other


def test_what_has_ended_is_listed_when_it_is_asked_for(world):
    with world.monitor.look() as work:
        ended = list(lists(work).every(Wanted(states=OUTCOMES)))
        both = list(lists(work).every(Wanted(states=OUTCOMES | LIVE)))
    assert [row.agreement.reference for row in ended] == ["A-04"]
    assert len(both) == len(ended) + len(everything_of(world))


def everything_of(world):
    with world.monitor.look() as work:
        return everything(work, "leo")


@pytest.mark.parametrize("cursor", ["x", "!!", "MjAyNi0xMy00NS5h", "é"])
def test_a_place_that_no_list_gave_out_is_refused(world, cursor):
    with world.monitor.look() as work, pytest.raises(CursorRefused):
        lists(work).page(Wanted(), cursor=cursor)


@pytest.mark.skipif(is_postgres(), reason="SQLite's own plans")
def test_tiles_and_pages_are_answered_by_the_index_of_what_is_owed(world):
    with statements(world.monitor.database) as asked, world.monitor.look() as work:
        lists(work).tiles()
        lists(work).page(Wanted())
    wanted = [one for one in asked if "count(" in one[0] or "ORDER BY milestones.safe_on" in one[0]]
    assert len(wanted) == 2
    for statement, parameters in wanted:
        steps = plan_of(world.monitor.database, statement, parameters, table="milestones")
        assert steps
        assert not [one for one in steps if "ix_milestones" not in one and "AUTOINDEX" not in one.upper()]
    tiles = plan_of(world.monitor.database, *wanted[0], table="milestones")
    counted = [True] * 4 + [False] * 3 + [True]  # nobody's: of those who have left, by themselves and by agreement
    assert ["ix_milestones_owed" in one for one in tiles] == counted, "rows are read to count them"
