"""A link by which somebody chooses a password: for a day, once, and for nobody who has left."""

from datetime import timedelta

import pytest

from engine.access.password_links import LinkOver, choose_password, link_for, person_of
from tests.support.world import staffed

KEY = "k" * 48
SECOND = timedelta(seconds=1)


@pytest.fixture
def world():
    return staffed()


@pytest.fixture
def link(world):
    with world.monitor.work() as work:
        return link_for(work, work.people.by_email("olga@example.com"), KEY)


def whose(world, link, key=KEY):
    with world.monitor.look() as work:
        return person_of(work, link, key).name


def test_it_holds_for_a_day_and_not_a_second_longer(world, link):
    world.clock.advance(timedelta(days=1))
    assert whose(world, link) == "Olga"
    world.clock.advance(SECOND)
    with pytest.raises(LinkOver):
        whose(world, link)


def test_it_ends_with_its_person(world, link):
    world.leave("olga")
    with pytest.raises(LinkOver):
        whose(world, link)


def test_it_ends_with_the_password_that_it_was_used_for(world, link):
    with world.monitor.work() as work:
        choose_password(work, link, "a long enough password", key=KEY)
    with pytest.raises(LinkOver):
        whose(world, link)


@pytest.mark.parametrize("said", ["", "nonsense", "WyJwIiwxLCJtIl0.x"])
def test_what_nobody_here_has_made_is_none(world, said):
    with pytest.raises(LinkOver):
        whose(world, said)


def test_what_another_house_has_made_is_none(world, link):
    with pytest.raises(LinkOver):
        whose(world, link, key="another" * 8)
