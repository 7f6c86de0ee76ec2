"""``make simulate``: thousands of seeds, the enumerated levels, the mutants.

A plan that fails is made as short as can be, kept in ``seeds.json``, and told with the command that shows it again.
"""

import argparse
import json
import sys

from tests.simulation.levels import OUTCOMES, pairs, single
from tests.simulation.mutants import MUTANTS
from tests.simulation.plans import Plan, drawn
from tests.simulation.search import findings, hunt, keep, shortened, tried


def main():
    """0: all holds and all mutants were found; 1: not so."""
    asked = _asked()
    if asked.plan:
        return _replayed(Plan.from_json(json.loads(asked.plan)))
    is_well = True
    for level in asked.levels.split():
        is_well = _searched(level, asked) and is_well
    return 0 if _hunted(asked) and is_well else 1


def _replayed(plan):
    found = tried(plan)
    print(found or "Everything holds.")
    return 1 if found else 0


def _plans(level, asked):
    match level:
        case "1":
            return [plan for outcome in OUTCOMES for _, plan in single(outcome)]
        case "2":
            return list(pairs(asked.pairs))
        case "3":
            return [drawn(seed) for seed in range(asked.first, asked.first + asked.seeds)]
    raise SystemExit(f"There is no level {level!r} here: 1, 2, 3.")


def _searched(level, asked):
    plans = _plans(level, asked)
    failed = 0
    for found in findings(plans, processes=asked.processes):
        failed += 1
        shorter = shortened(found)
        keep(shorter)
        print(shorter, flush=True)
    print(f"Level {level}: {len(plans)} runs, {failed} violations.", flush=True)
    return not failed


def _hunted(asked):
    survivors = 0
    for one in hunt(list(MUTANTS) if asked.mutants else [], processes=asked.processes):
        survivors += one.seed is None
        print(f"{one.mutant:34} {'SURVIVED' if one.seed is None else f'seed {one.seed}, {one.name}'}", flush=True)
    return not survivors


def _asked():
    parser = argparse.ArgumentParser(prog="make simulate")
    parser.add_argument("--seeds", type=int, default=2000, help="how many seeds of level 3")
    parser.add_argument("--first", type=int, default=0, help="the first of them")
    parser.add_argument("--pairs", type=int, default=300, help="how many pairs of level 2")
    parser.add_argument("--levels", default="3", help="which levels: 1 each point, 2 pairs of them, 3 seeds")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--mutants", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--plan", help="one plan, as it was told")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
