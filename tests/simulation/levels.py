"""Plans that are not drawn but enumerated: each point, each of its first three times, each way to go wrong there.

And the same seed with more or fewer workers, which has to lead to the same messages.
"""

from itertools import product
from random import Random

from tests.simulation.plans import STEPS, TRANSACTIONS, Plan, Trouble, drawn
from tests.simulation.run import Run

MORE_THAN_A_LEASE = 61.0
TIMES = (1, 2, 3)
#: What becomes of every third message, so that each point is reached in each kind of trouble.
OUTCOMES = (
    "accepted", "drop_before", "drop_after", "timeout_after", "raise_after", "later", "refuse_address",
    "refuse_channel",
)  # fmt: skip
#: What may happen to workers and wires without anybody else being told for it.
HARMLESS = {"crash", "pause", "busy", "full", "lost", "drop_before", "drop_after", "timeout_after", "lag", "sleep"}
CROWDS = (1, 2, 5)
_THIRDS = (1, 4, 7, 10, 13)
#: Senders that are gone in the middle: without them nothing is ever swept, and mail is never looked up.
_GONE = tuple(Trouble("written/after", nth, "crash") for nth in (2, 6, 9))
_ANSWERED = (Trouble("minute", 13 * 1440, "acknowledge"), Trouble("minute", 14 * 1440, "undo"))


def aims():
    """Each point, on each side of its commit, each of its first three times."""
    for name, nth in product(TRANSACTIONS, TIMES):
        yield Trouble(f"{name}/before", nth, "crash")
        yield Trouble(f"{name}/after", nth, "crash")
        yield Trouble(f"{name}/after", nth, "pause", MORE_THAN_A_LEASE)
    for name, nth in product(STEPS, TIMES):
        yield Trouble(f"{name}/after", nth, "crash")
        yield Trouble(f"{name}/after", nth, "pause", MORE_THAN_A_LEASE)


def each():
    """Level 1: one aim, with one outcome of what is sent."""
    for outcome, aimed in product(OUTCOMES, aims()):
        yield _plan_of(outcome, aimed)


def pairs(how_many, seed=1):
    """Level 2: two of them in one run, drawn from all pairs with all outcomes."""
    chance, all_aims = Random(seed), tuple(aims())
    for _ in range(how_many):
        yield _plan_of(chance.choice(OUTCOMES), *chance.sample(all_aims, 2))


def crowded(seed):
    """Level 5: the plan of a seed without what others are told for, for one worker, two and five."""
    plan = drawn(seed)
    harmless = tuple(one for one in plan.troubles if one.what in HARMLESS)
    return [plan._replace(workers=workers, troubles=harmless) for workers in CROWDS]


def taken_keys(plan, place=None):
    """Which messages about steps the channels have at the end, or others that stand in for them. Raises Violated.

    Who is told instead of a message of which nobody knows depends on who was held up when.
    """
    run = Run(plan, place=place)
    violated = run.outcome()
    if violated is not None:
        raise violated
    rows = run.oracle.rows.deliveries
    taken = (rows[one.delivery_id] for channel in run.channels.values() for one in channel.taken)
    return {_meant(row, rows).dedupe_key for row in taken if row.kind == "step"}


def _meant(row, rows):
    """The first of a chain of fallbacks."""
    return row if row.fallback_of is None else _meant(rows[row.fallback_of], rows)


def _plan_of(outcome, *aimed):
    much = 30 if outcome == "later" else 0
    struck = () if outcome == "accepted" else tuple(
        Trouble(f"send/{channel}", nth, outcome, much) for channel in ("email", "slack") for nth in _THIRDS
    )  # fmt: skip
    return Plan("brisk", 2, (*_GONE, *_ANSWERED, *struck, *aimed))
