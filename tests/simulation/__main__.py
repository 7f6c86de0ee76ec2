"""``make simulate``: thousands of seeds, the enumerated levels, the mutants.

A plan that fails is made as short as can be, kept in ``seeds.json``, and told with the command that shows it again.
"""

import argparse
import json
import os
import sys
import time
from contextlib import contextmanager
from itertools import product

from tests.simulation.levels import OUTCOMES, TIMES, aims, each, pairs
from tests.simulation.machine import tell
from tests.simulation.mutants import MUTANTS
from tests.simulation.plans import Plan, drawn
from tests.simulation.search import crowds_tried, found_by, hunted, keep, shortened, spread, tried
from tests.support import postgres

_SAY_EVERY = 60  # seconds


def main():
    """0: all holds and all mutants were found; 1: not so."""
    asked = _asked()
    with _server(asked.database):
        if asked.plan:
            return _replayed(Plan.from_json(json.loads(asked.plan)))
        is_well = [(_told if level == "4" else _searched)(level, asked) for level in asked.levels.split()]
        return 0 if _hunted(asked) and all(is_well) else 1


@contextmanager
def _server(database):
    if database == "sqlite":
        yield
        return
    with postgres.Server() as server:
        os.environ[postgres.FOLDER] = str(server.folder)
        yield


def _replayed(plan):
    found = found_by(plan)
    print(found or "Everything holds.")
    return 1 if found else 0


def _level(level, asked):
    """What is done to each of what; and what of it has come about, for those levels that aim at something."""
    seeds = range(asked.first, asked.first + asked.seeds)
    match level:
        case "1":
            return tried, list(each()), _struck_each
        case "2":
            return tried, list(pairs(asked.pairs, seed=asked.first or 1)), _struck_points
        case "3":
            return tried, [drawn(seed) for seed in seeds], _struck_points
        case "5":
            return crowds_tried, range(asked.first, asked.first + asked.crowds), None
    raise SystemExit(f"There is no level {level!r} here: 1, 2, 3, 4, 5.")


def _searched(level, asked):
    work, things, came_about = _level(level, asked)
    begun = said = time.monotonic()
    failed, struck = 0, set()
    for count, one in enumerate(spread(work, things, processes=asked.processes), 1):
        if one.found:
            failed += 1
            shorter = one.found if level == "5" else shortened(one.found)
            keep(shorter)
            print(shorter, flush=True)
        struck |= came_about(one) if came_about else set()
        if time.monotonic() - said > _SAY_EVERY:
            said = time.monotonic()
            print(f"  {count} of {len(things)} runs, {failed} violations, {said - begun:.0f} s", flush=True)
    on = f"Level {level} on {asked.database}: {len(things)} runs"
    print(f"{on}, {failed} violations, {time.monotonic() - begun:.0f} s.", flush=True)
    if came_about is None:
        return not failed
    return _covered(level, struck) and not failed


def _told(level, asked):
    """Level 4 finds, and shortens, by itself."""
    try:
        tell(asked.stories)
    except AssertionError as error:
        print(
            f"Level {level} on {asked.database}: {error}",
            "\n".join(getattr(error, "__notes__", ())),
            sep="\n",
            flush=True,
        )
        return False
    print(f"Level {level} on {asked.database}: {asked.stories} stories, 0 violations.", flush=True)
    return True


def _covered(level, struck):
    """Only the first level has to reach everything; the others say what they have reached."""
    cells = set(product(OUTCOMES, aims())) if level == "1" else set(aims())
    missed = sorted(cells - struck)
    share = 100 * (1 - len(missed) / len(cells))
    of = "points x times x troubles" + (" x outcomes" if level == "1" else "")
    print(f"  {of}: {len(cells) - len(missed)} of {len(cells)} came about, {share:.1f} %.", flush=True)
    for one in missed if level == "1" else ():
        print(f"  never: {one}", flush=True)
    return not missed or level != "1"


def _struck_each(one):
    """(outcome, aim), if the aim came about, and so did the outcome."""
    told = {trouble.what for trouble in one.plan.troubles if trouble.where.startswith("send/")} or {"accepted"}
    seen = {trouble.what for trouble in one.struck if trouble.where.startswith("send/")} | {"accepted"}
    aimed = one.plan.troubles[-1]
    return {(outcome, aimed) for outcome in told & seen if aimed in one.struck}


def _struck_points(one):
    aimed = {(aim.where, aim.nth, aim.what): aim for aim in aims()}
    return {aimed[key] for trouble in one.struck if (key := trouble[:3]) in aimed and trouble.nth in TIMES}


def _hunted(asked):
    survivors = 0
    if not asked.mutants or asked.database != "sqlite":
        return True
    for one in spread(hunted, list(MUTANTS), processes=asked.processes):
        survivors += one.seed is None
        print(f"  {one.mutant:34} {'SURVIVED' if one.seed is None else f'seed {one.seed:2}, {one.name}'}", flush=True)
    print(f"Mutants: {len(MUTANTS) - survivors} of {len(MUTANTS)} found within 50 seeds.", flush=True)
    return not survivors


def _asked():
    parser = argparse.ArgumentParser(prog="make simulate")
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite", help="where registers lie")
    parser.add_argument("--levels", default="3", help="1 points, 2 pairs of them, 3 seeds, 4 stories, 5 crowds")
    parser.add_argument("--seeds", type=int, default=2000, help="how many seeds of level 3")
    parser.add_argument("--first", type=int, default=0, help="the first seed; of levels 2, 3 and 5")
    parser.add_argument("--pairs", type=int, default=300, help="how many pairs of level 2")
    parser.add_argument("--stories", type=int, default=25, help="how many stories of level 4")
    parser.add_argument("--crowds", type=int, default=40, help="how many seeds of level 5")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--mutants", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--plan", help="one plan, as it was told")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
