"""Who is due when, on paper."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.forecasting.agenda import Agenda

UNTIL = datetime(2027, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def agenda():
    return Agenda(UNTIL)


def test_the_longest_due_come_first_and_of_those_due_at_once_the_first_by_name(agenda):
    for name, hours in (("b", 3), ("c", 5), ("a", 3), ("d", 7)):
        agenda.plan(name, UNTIL - hours * HOUR)
    assert agenda.next_at == UNTIL - 7 * HOUR
    assert agenda.due(UNTIL - 3 * HOUR) == ["d", "c", "a", "b"]


def test_who_is_due_stays_planned_until_planned_anew(agenda):
    agenda.plan("a", UNTIL - 2 * HOUR)
    assert agenda.due(UNTIL - HOUR) == agenda.due(UNTIL - HOUR) == ["a"]
    agenda.plan("a", UNTIL - HOUR)
    assert (agenda.due(UNTIL - 2 * HOUR), agenda.next_at) == ([], UNTIL - HOUR)


def test_an_instant_from_which_all_were_taken_off_is_none_until_somebody_is_planned_for_it_again(agenda):
    at = UNTIL - HOUR
    agenda.plan("a", at)
    agenda.plan("a", None)
    assert (agenda.next_at, agenda.due(at)) == (None, [])
    agenda.plan("b", at)
    assert (agenda.next_at, agenda.due(at)) == (at, ["b"])


def test_what_comes_after_the_end_is_not_kept(agenda):
    agenda.plan("a", UNTIL)
    assert agenda.next_at is None
