"""Which steps of milestones were raised, read in one question for all that are asked about."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from store.queries.reports import Span, escalated
from tests.support.register import NOW, Register, milestone
from tests.support.statements import statements

NAMES = ("m-1", "m-2", "m-3")


def step(of, number, stage="-30d"):
    return {
        "milestone_id": of, "safe_on": date(2026, 12, 1), "stage": stage, "step": number, "repeat": 0,
        "at": NOW + timedelta(hours=number), "skipped": 0,
    }  # fmt: skip


@pytest.fixture(scope="module")
def register():
    """A register with three deadlines: two steps of the first were raised, one of the second between them."""
    made, one = Register().with_acme(), milestone()
    with made.work() as work:
        work.milestones.add([replace(one, id=name, key=one.key._replace(cycle=name)) for name in (*NAMES, "m-4")])
        work.milestones.note_raised([step("m-1", 0), step("m-2", 0, "-7d"), step("m-1", 1)])
    return made


def told(rows):
    return [(row.milestone_id, row.stage, row.step, row.at) for row in rows]


def test_one_question_reads_for_all_what_each_reads_alone(register):
    with register.work() as alone:
        wanted = [told(alone.milestones.raised_of(name)) for name in NAMES]
    assert wanted == [
        [("m-1", "-30d", 0, NOW), ("m-1", "-30d", 1, NOW + timedelta(hours=1))],
        [("m-2", "-7d", 0, NOW)],
        [],
    ]
    with register.work() as work:
        with statements(register.database) as heard:
            work.milestones.fetch_raised(NAMES)
        assert len(heard) == 1
        with statements(register.database) as heard:
            assert [told(work.milestones.raised_of(name)) for name in NAMES] == wanted
        assert heard == [], "also of a deadline of which none was raised"


def test_what_was_not_asked_about_is_read_alone(register):
    with register.work() as work:
        work.milestones.fetch_raised(["m-1"])
        with statements(register.database) as heard:
            assert len(work.milestones.raised_of("m-2")) == 1
        assert len(heard) == 1


def test_what_is_raised_meanwhile_is_seen(register):
    with register.work() as work:
        work.milestones.fetch_raised(["m-1", "m-4"])
        work.milestones.note_raised([step("m-4", 0)])
        assert told(work.milestones.raised_of("m-4")) == [("m-4", "-30d", 0, NOW)]
        assert len(work.milestones.raised_of("m-1")) == 2


def test_the_list_of_the_last_question_leaves_nothing_of_the_one_before(register):
    with register.work() as work:
        work.milestones.fetch_raised(["m-1"])
        work.milestones.fetch_raised([])
        with statements(register.database) as heard:
            assert len(work.milestones.raised_of("m-1")) == 2
        assert len(heard) == 1


def test_what_is_overdue_is_an_escalation_whatever_its_stage_is_called():
    made, row = Register().with_acme(), milestone()
    over_at = datetime(2026, 12, 2, 7, 30, tzinfo=UTC)
    span = Span(NOW, over_at + timedelta(days=9))
    first, named, after = step("m-1", 0), step("m-1", 0, "overdue"), step("m-1", 0, "+3d")
    with made.work() as work:
        work.milestones.add([replace(row, id="m-1")])
        work.milestones.note_raised([first, {**named, "at": over_at}, {**after, "at": over_at + timedelta(days=2)}])
    with made.work() as work:
        found = escalated(work, None, span, limit=9)
        newest = escalated(work, None, span, limit=1)
    assert ([one.stage for one in found], [one.stage for one in newest]) == (["+3d", "overdue"], ["+3d"])
