"""Level 4: stories that Hypothesis writes. More of them are told by ``make simulate``."""

import pytest

from tests.simulation.machine import tell

pytestmark = pytest.mark.simulation


def test_no_story_breaks_an_invariant():
    tell(25)
