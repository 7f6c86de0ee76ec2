"""A frozen value with other fields is what ``dataclasses.replace`` makes of it."""

from dataclasses import replace
from datetime import date

import pytest

from lifecycle.changed import changed
from lifecycle.delivery import Delivery
from lifecycle.milestones.milestone import Milestone
from notifiers.sheet import Deadline
from tests.support.ladders import milestone


def test_it_is_what_replace_makes_of_it_and_the_first_stays_as_it_was():
    row = milestone()
    kept = replace(row)
    assert changed(row, is_final=True, owner_id="olga") == replace(row, is_final=True, owner_id="olga")
    assert row == kept
    assert type(changed(row)) is Milestone


def test_a_field_that_it_does_not_have_is_refused():
    with pytest.raises(AttributeError, match="is_last"):
        changed(milestone(), is_last=True)


def test_what_came_of_it_is_frozen_too():
    with pytest.raises(AttributeError):
        changed(milestone(), is_final=True).safe_on = date(2026, 1, 1)


@pytest.mark.parametrize("kind", [Deadline, Delivery, Milestone])
def test_what_is_changed_so_checks_nothing_as_it_is_made(kind):
    assert not hasattr(kind, "__post_init__")
