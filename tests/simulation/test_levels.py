"""What is enumerated aims at everything; the levels themselves run with ``make simulate``."""

from collections import Counter

import pytest

from tests.simulation.levels import OUTCOMES, TIMES, aims, each
from tests.simulation.mutants import MUTANTS
from tests.simulation.plans import STEPS, TRANSACTIONS
from tests.simulation.search import crowds_tried, hunted


def test_all_points_are_aimed_at_in_their_first_three_times():
    aimed = {(aim.where.partition("/")[0], aim.nth) for aim in aims()}
    assert aimed == {(name, nth) for name in TRANSACTIONS | STEPS for nth in TIMES}


def test_each_aim_is_tried_with_every_outcome():
    assert Counter(plan.troubles[-1] for plan in each()) == dict.fromkeys(aims(), len(OUTCOMES))


@pytest.mark.parametrize("seed", [1, 2, 60078])
def test_one_two_and_five_workers_have_the_same_messages_taken(seed):
    assert crowds_tried(seed).found is None


@pytest.mark.simulation
@pytest.mark.parametrize("mutant", MUTANTS)
def test_every_mutant_is_found_within_fifty_seeds(mutant):
    assert hunted(mutant, seeds=50).seed is not None
