"""Runs many plans, in several processes if asked, and says what did not hold and what has really happened."""

import gc
import json
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from tests.simulation import places
from tests.simulation.levels import crowded, taken_keys
from tests.simulation.mutants import MUTANTS
from tests.simulation.plans import Plan, drawn
from tests.simulation.run import Run
from tests.simulation.shrinking import shrunk
from tests.simulation.troubles import Violated

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


class Tried(NamedTuple):
    """A plan, what it has found if anything, and which of its troubles came about."""

    plan: Plan
    found: Finding | None
    struck: frozenset


class Killed(NamedTuple):
    """By which seed a mutant was found, and by which invariant; no seed: it survived."""

    mutant: str
    seed: int | None
    name: str = ""


def tried(plan):
    """Run a plan."""
    run = Run(plan)
    violated = run.outcome()
    return Tried(plan, violated and Finding(plan, violated.name, str(violated)), frozenset(run.struck))


def found_by(plan):
    """What a plan finds; None where everything holds."""
    return tried(plan).found


def crowds_tried(seed):
    """Whether the plan of a seed leads to the same messages however many workers there are."""
    plans, keys = crowded(seed), []
    for plan in plans:
        try:
            keys.append(taken_keys(plan))
        except Violated as violated:
            return Tried(plan, Finding(plan, violated.name, str(violated)), frozenset())
        if keys[-1] != keys[0]:
            text = f"X3: {plan.workers} workers told otherwise than one: {sorted(keys[-1] ^ keys[0])}"
            return Tried(plan, Finding(plan, "X3", text), frozenset())
    return Tried(plans[0], None, frozenset())


def spread(work, things, *, processes=1):
    """What *work* makes of each, in order, as it comes."""
    with _mapping(processes) as mapped:
        yield from mapped(work, things)


def shortened(found):
    """The same with nothing in its plan that it does not need."""
    return found_by(shrunk(found.plan, found.name)) or found


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


def hunted(mutant, *, seeds=50):
    """Try seeds until one of them finds the mutant. Always in memory: some are made by changing the schema."""
    for seed in range(seeds):
        violated = Run(drawn(seed), MUTANTS[mutant], place=places.in_memory()).outcome()
        if violated is not None:
            return Killed(mutant, seed, violated.name)
    return Killed(mutant, None)


@contextmanager
def _mapping(processes):
    if processes == 1:
        yield map
        return
    with get_context("spawn").Pool(processes, _collect_less) as pool:
        yield partial(pool.imap, chunksize=1)


def _collect_less():
    """A run makes few circles; looking for them costs a twentieth of its time."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
