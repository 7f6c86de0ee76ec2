"""What takes longer: every point in every trouble, pairs of them, every mutant, one to five workers (make simulate)."""

import pytest

from tests.simulation.levels import OUTCOMES, TIMES, pairs, single
from tests.simulation.mutants import MUTANTS
from tests.simulation.plans import STEPS, TRANSACTIONS, Plan, Trouble, drawn
from tests.simulation.run import Run
from tests.simulation.search import hunted, tried

pytestmark = pytest.mark.simulation
#: What may happen to workers and wires without anybody else being told for it.
HARMLESS = {"crash", "pause", "busy", "full", "lost", "drop_before", "drop_after", "timeout_after", "lag", "sleep"}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_point_may_be_the_last_of_a_worker(outcome):
    missed = []
    for aimed, plan in single(outcome):
        run = Run(plan)
        assert run.outcome() is None, plan.as_json()
        if run.reached_points[aimed.where] < aimed.nth:
            missed.append(aimed)
    assert missed == []


def test_all_points_are_aimed_at_in_their_first_three_times():
    aims = {(aimed.where.partition("/")[0], aimed.nth) for aimed, _ in single("accepted")}
    assert aims == {(name, nth) for name in TRANSACTIONS | STEPS for nth in TIMES}


@pytest.mark.parametrize("first", range(4))
def test_two_troubles_in_one_run_are_borne(first):
    assert [str(one) for plan in pairs(25, seed=first) if (one := tried(plan))] == []


@pytest.mark.parametrize("mutant", MUTANTS)
def test_every_mutant_is_found_within_fifty_seeds(mutant):
    assert hunted(mutant, seeds=50).seed is not None


@pytest.mark.parametrize("seed", range(40))
def test_one_two_and_five_workers_have_the_same_messages_taken(seed):
    plan = drawn(seed)
    plan = plan._replace(troubles=tuple(one for one in plan.troubles if _is_harmless(one)))
    assert _taken(plan, 1) == _taken(plan, 2) == _taken(plan, 5)


def _is_harmless(trouble: Trouble):
    return trouble.what in HARMLESS


def _taken(plan: Plan, workers):
    run = Run(plan._replace(workers=workers))
    assert run.outcome() is None
    rows = run.oracle.rows.deliveries
    return {rows[one.delivery_id].dedupe_key for channel in run.channels.values() for one in channel.taken
            if rows[one.delivery_id].kind == "step"}  # fmt: skip
