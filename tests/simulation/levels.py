"""Plans that are not drawn but enumerated: each point, each of its first three times, each way to go wrong there."""

from itertools import product
from random import Random

from tests.simulation.plans import STEPS, TRANSACTIONS, Plan, Trouble

MORE_THAN_A_LEASE = 61.0
TIMES = (1, 2, 3)
#: What becomes of every third message, so that each point is reached in each kind of trouble.
OUTCOMES = (
    "accepted", "drop_before", "drop_after", "timeout_after", "raise_after", "later", "refuse_address",
    "refuse_channel",
)  # fmt: skip
_THIRDS = (1, 4, 7, 10, 13)
#: Senders that are gone in the middle: without them nothing is ever swept, and mail is never looked up.
_GONE = tuple(Trouble("written/after", nth, "crash") for nth in (2, 6, 9))
_ANSWERED = (Trouble("minute", 13 * 1440, "acknowledge"), Trouble("minute", 14 * 1440, "undo"))


def single(outcome):
    """Level 1 with one outcome: (the place and time it aims at, the plan)."""
    for aimed in _aims():
        yield aimed, Plan("brisk", 2, (*_weather_of(outcome), aimed))


def pairs(how_many, seed=1):
    """Level 2: two of them in one run, drawn from all pairs with all outcomes."""
    chance, aims = Random(seed), tuple(_aims())
    for _ in range(how_many):
        first, second = chance.sample(aims, 2)
        yield Plan("brisk", 2, (*_weather_of(chance.choice(OUTCOMES)), first, second))


def _aims():
    """Each point, on each side of its commit, each of its first three times."""
    for name, nth in product(TRANSACTIONS, TIMES):
        yield Trouble(f"{name}/before", nth, "crash")
        yield Trouble(f"{name}/after", nth, "crash")
        yield Trouble(f"{name}/after", nth, "pause", MORE_THAN_A_LEASE)
    for name, nth in product(STEPS, TIMES):
        yield Trouble(f"{name}/after", nth, "crash")
        yield Trouble(f"{name}/after", nth, "pause", MORE_THAN_A_LEASE)


def _weather_of(outcome):
    much = 30 if outcome == "later" else 0
    struck = () if outcome == "accepted" else tuple(
        Trouble(f"send/{channel}", nth, outcome, much) for channel in ("email", "slack") for nth in _THIRDS
    )  # fmt: skip
    return (*_GONE, *_ANSWERED, *struck)
