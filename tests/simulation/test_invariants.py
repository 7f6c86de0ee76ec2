"""Invariants that the mutants of the design leave untried find what is wrong, and nothing where all is right."""

import pytest

from tests.simulation import places
from tests.simulation.mutants.more import MORE
from tests.simulation.run import Run


@pytest.mark.parametrize("shown", MORE, ids=lambda shown: shown.variant.name)
def test_what_is_wrong_is_found_by_its_own_invariant(shown):
    assert Run(shown.plan, shown.variant, place=places.in_memory()).outcome().name == shown.law


@pytest.mark.parametrize("plan", dict.fromkeys(shown.plan for shown in MORE), ids=str)
def test_the_engine_as_it_is_bears_the_same(plan):
    assert Run(plan).outcome() is None
