"""The stage that is told as the next is the one that the ladder takes next, also where a day moved and came back."""

from datetime import date

import pytest

from engine.documents.deadlines import deadline_document, deadline_documents
from engine.forecasting.forecast import forecast
from store.queries import DeadlineFilter, Queries
from tests.support.agreements import provided
from tests.support.statements import statements
from tests.support.world import living


@pytest.fixture(scope="module")
def world():
    """Three notices whose first two stages were raised to their last step; the day of the first moved away and back."""
    with living("2026-09-01T09:00") as made:
        made.staff()
        for reference in ("ACME-7", "ACME-8", "ACME-9"):
            made.agreement(reference)
        made.live_until("2026-11-10T09:00")
        before = made.get("ACME-7").provisions
        made.amend("ACME-7", provisions=provided(end="2027-03-31"))
        made.live_until("2026-11-10T09:01")
        made.amend("ACME-7", provisions=before)
        yield made
        made.expect(*made.unexpected)


def rows(work):
    return list(Queries.of(work).deadlines(DeadlineFilter(until_on=date(2026, 12, 31)), date(2026, 11, 10)))


def test_no_stage_that_was_raised_for_the_same_day_is_told_as_the_next(world):
    with world.monitor.look() as work:
        told = {one["reference"]: one["next_stage"] for one in deadline_documents(work, rows(work))}
        coming = {one.reference: one.stage for one in reversed(forecast(work, date(2026, 11, 25)).items) if one.stage}
    assert told == coming == dict.fromkeys(("ACME-7", "ACME-8", "ACME-9"), "-7d")


def test_one_deadline_is_told_as_in_the_list(world):
    with world.monitor.look() as work:
        found = rows(work)
        assert [deadline_document(work, row) for row in found] == deadline_documents(work, found)


def test_a_list_asks_once_what_was_raised_before(world):
    with world.monitor.look() as work:
        found = rows(work)
        asked = []
        for few in (found[:1], found):
            with statements(world.monitor.database) as heard:
                deadline_documents(work, few)
            asked.append(sum("raised" in statement for statement, _ in heard))
    assert asked == [1, 1]
