"""Stories happen in a whole house under a virtual clock."""

import pytest

from tests.support.world import (
    checked,
    staffed,
    world,  # noqa: F401 - the fixture of every story
)


@pytest.fixture(scope="module")
def first_told():
    house = staffed()
    house.agreement()
    house.live_until("2026-11-02T09:00")
    house.expect(
        "2026-09-07 08:30 olga: Your deadlines ahead: ACME-7 notice", "2026-11-02 08:30 olga: ACME-7 notice -30d.0"
    )
    return house


@pytest.fixture
def told(first_told):
    """Olga was told on Monday, 2 November; the last safe day is 2 December, the next stage and target 25 November."""
    with checked(first_told.twin()) as house:
        yield house
