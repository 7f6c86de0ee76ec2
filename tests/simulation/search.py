"""Runs many plans, in several processes if asked, and says what did not hold."""

import json
from collections.abc import Iterable
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from tests.simulation.mutants import MUTANTS
from tests.simulation.plans import Plan, drawn
from tests.simulation.run import Run
from tests.simulation.shrinking import shrunk

KEPT = Path(__file__).with_name("seeds.json")


class Finding(NamedTuple):
    """A plan under which something did not hold."""

    plan: Plan
    name: str
    text: str

    @property
    def replay(self):
        """The command that shows it again."""
        return f"make simulate PLAN='{json.dumps(self.plan.as_json())}'"

    def __str__(self):
        return f"{self.text}\n  replay: {self.replay}"


def tried(plan):
    """What a plan finds; None where everything holds."""
    violated = Run(plan).outcome()
    return violated and Finding(plan, violated.name, str(violated))


def tried_seed(seed):
    return tried(drawn(seed))


def findings(plans: Iterable[Plan], *, processes=1):
    """Of each plan that fails what it found, as it comes."""
    with _mapping(processes) as spread:
        for found in spread(tried, plans):
            if found is not None:
                yield found


def shortened(found):
    """The same with nothing in its plan that it does not need."""
    plan = shrunk(found.plan, found.name)
    return tried(plan) or found


def keep(found):
    """Among the plans that every build tries again."""
    known = kept()
    if found.plan not in known.values():
        known[f"{found.name} {len(known) + 1}"] = found.plan
        lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(plan.as_json())}" for name, plan in known.items())
        KEPT.write_text(f"{{\n{lines}\n}}\n")


def kept():
    """Plans that have once found something."""
    return {name: Plan.from_json(doc) for name, doc in json.loads(KEPT.read_text()).items()}


class Killed(NamedTuple):
    """By which seed a mutant was found, and by which invariant; no seed: it survived."""

    mutant: str
    seed: int | None
    name: str = ""


def hunted(mutant, *, seeds=50):
    """Try seeds until one of them finds the mutant."""
    for seed in range(seeds):
        violated = Run(drawn(seed), MUTANTS[mutant]()).outcome()
        if violated is not None:
            return Killed(mutant, seed, violated.name)
    return Killed(mutant, None)


def hunt(mutants, *, seeds=50, processes=1):
    """What becomes of each mutant."""
    with _mapping(processes) as spread:
        yield from spread(partial(hunted, seeds=seeds), mutants)


@contextmanager
def _mapping(processes):
    if processes == 1:
        yield map
        return
    with get_context("spawn").Pool(processes) as pool:
        yield partial(pool.imap, chunksize=1)
