"""What gaps and playbooks are counted by: columns and indexes that say it, so that no document is read to count it."""

import json
from dataclasses import replace
from importlib import import_module

import pytest

from engine import operations as ops
from lifecycle.days.dates import Period
from lifecycle.people import Person
from lifecycle.terms.provisions import ForConvenience, Provisions, Side
from store.codec import dumps
from store.lacking import lacks
from store.queries import DeadlineFilter, Queries
from store.queries.gaps import Gap, agreements_with, count_gaps
from store.queries.playbooks import Followed, followed
from tests.support.agreements import AUTOMATIC, BY_AGREEMENT, BY_OPTION, agreement, provided
from tests.support.databases import is_postgres
from tests.support.statements import plan_of, statements
from tests.support.world import World

OUTSIDER = Person(id="somebody", email="somebody@example.com")
LEAVE = ForConvenience(side=Side.OURS, period=Period(days=30))


@pytest.fixture(scope="module")
def house():
    """Twelve agreements, a third of them tagged critical and a quarter the board's; one is archived."""
    world = World("2026-11-23T09:00")
    with world.monitor.work() as work:
        for number in range(12):
            made = agreement(
                reference=f"REF-{number:02}",
                tags=("Critical",) if number % 3 == 0 else (),
                restricted_to=("team:board",) if number % 4 == 0 else (),
            )
            known = ops.register(work, replace(made, assumed=("end",) if number % 2 else ()))
            if number == 9:
                ops.archive(work, known, because="a mistake")
    return world.monitor


FACTS = pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, ""),
        ({"provisions": Provisions(renewal=AUTOMATIC)}, "no-notice-rule"),
        ({"provisions": Provisions(renewal=BY_OPTION)}, "no-notice-rule"),
        ({"provisions": Provisions(renewal=AUTOMATIC, for_convenience=(LEAVE,))}, ""),
        ({"provisions": Provisions(renewal=BY_AGREEMENT)}, ""),
        ({"provisions": provided(renewal=AUTOMATIC)}, ""),
        ({"assumed": ("renewal", "end")}, "no-renewal-rule"),
        ({"assumed": ("effective_on",)}, ""),
        ({"tags": ("CRITICAL",)}, "no-exit-plan"),
        ({"tags": ("critical path",), "note": '"tags":["critical"]'}, ""),
        ({"assumed": ("end",), "tags": ("critical",)}, "no-renewal-rule no-exit-plan"),
    ],
)


@FACTS
def test_what_an_agreement_lacks_follows_from_its_facts(facts, said):
    assert lacks(replace(agreement(), **facts)) == said


@FACTS
def test_an_upgrade_writes_of_an_older_register_what_today_would_write(facts, said):
    filled = import_module("store.migrations.versions.0010_lacks")._lacks
    doc = dumps(replace(agreement(), **facts))
    assert " ".join(filled(json.loads(doc))) == said


@pytest.mark.parametrize("person", [None, OUTSIDER])
def test_each_gap_counts_the_agreements_that_it_lists(house, person):
    with house.look() as work:
        counted = count_gaps(work, person)
        listed = {gap: agreements_with(work, gap, person, limit=99) for gap in Gap}
    assert counted == {gap: len(found) for gap, found in listed.items()}
    assert [one.reference for one in listed[Gap.NO_EXIT_PLAN]] == ["REF-00"] * (person is None) + [
        "REF-03", "REF-06"
    ]  # fmt: skip


@pytest.mark.parametrize("person", [None, OUTSIDER])
def test_a_playbook_counts_the_deadlines_that_follow_it_and_their_agreements(house, person):
    with house.look() as work:
        rows = list(Queries.of(work, person=person).deadlines(DeadlineFilter(), work.now.date()))
        counted = followed(work, person)
    held = {}
    for row in rows:
        held.setdefault(row.milestone.playbook, []).append(row.agreement.id)
    assert held
    assert counted == {name: Followed(len(found), len(set(found))) for name, found in held.items()}


@pytest.mark.skipif(is_postgres(), reason="SQLite's own plans")
def test_gaps_and_playbooks_are_counted_along_an_index_of_their_own(house):
    for ask, table, index in (
        (lambda work: count_gaps(work, OUTSIDER), "agreements", "ix_agreements_listed"),
        (lambda work: followed(work, OUTSIDER), "milestones", "ix_milestones_followed"),
    ):
        with statements(house.database) as asked, house.look() as work:
            ask(work)
        counting = [one for one in asked if index in one[0]]
        assert len(counting) == 1
        assert plan_of(house.database, *counting[0], table=table) == [f"SCAN {table} USING INDEX {index}"]
