"""A checklist that is laid again: what is missing, a new round, or nothing."""

from dataclasses import replace
from datetime import date

from lifecycle.days.dates import Period
from lifecycle.obligations.duties import Obligation, ObligationKind, Once, Recurrence
from lifecycle.obligations.rounds import next_round

ON = date(2026, 3, 2)
YEARLY = Recurrence(Period(years=1), ON)


def item(name, due=None, *, needs=()):
    ids = tuple(f"start.{one}" for one in needs)
    due = due or Once(ON)
    return Obligation(id=f"start.{name}", kind=ObligationKind.DUTY, name=name, due=due, checklist="start", needs=ids)


READ, STORE, RENEW = item("read"), item("store", needs=["read"]), item("renew", YEARLY)
ALL = (READ, STORE, RENEW)
ENDED = replace(RENEW, ended_on=ON)


def laid(there, *, over=(), wanted=ALL):
    found = next_round(wanted, there, lambda one: one.ended_on is not None or one.id in over)
    return found.number, [one.id for one in found.new]


def test_at_first_all_of_it_comes():
    assert laid(()) == (1, ["start.read", "start.store", "start.renew"])


def test_what_is_missing_joins_the_round_that_is_there():
    assert laid((READ, RENEW), over={"start.read"}) == (1, ["start.store"])


def test_nothing_comes_while_something_of_it_is_owed():
    assert laid(ALL, over={"start.read"}) == (1, [])
    owed = next_round(ALL, ALL, lambda one: one.id == "start.read").owed
    assert [one.name for one in owed] == ["store", "renew"]


def test_a_new_round_begins_when_all_of_it_is_over_and_what_recurs_goes_on():
    over = {"start.read", "start.store"}
    assert laid(ALL, over=over) == (2, ["start.read.2", "start.store.2"])
    assert laid((READ, STORE, ENDED), over=over) == (2, ["start.read.2", "start.store.2", "start.renew.2"])
    second = next_round(ALL, ALL, lambda one: one.id in over).new
    assert second[1].needs == ("start.read.2",)
    assert laid((*ALL, *second), over=over) == (2, [])
    assert laid((*ALL, *second), over={one.id for one in second}) == (3, ["start.read.3", "start.store.3"])


def test_what_recurs_and_has_ended_comes_again_alone():
    assert laid((RENEW,), wanted=(RENEW,)) == (1, [])
    assert laid((ENDED,), wanted=(RENEW,)) == (2, ["start.renew.2"])


def test_a_duty_that_went_on_under_another_id_is_not_laid_beside_itself():
    went_on = replace(READ, id="o7", due=Once(date(2026, 9, 1)))
    there = (replace(READ, ended_on=ON), STORE, RENEW, went_on)
    assert laid(there, over={"start.store"}) == (1, [])
    assert laid(there, over={"start.store", "o7"}) == (2, ["start.read.2", "start.store.2"])


def test_needs_that_have_no_place_in_the_new_round_wait_for_what_is_there():
    wanted = (RENEW, item("store", needs=["renew"]))
    (new,) = next_round(wanted, wanted, lambda one: one.name == "store").new
    assert new.needs == ("start.renew",)
