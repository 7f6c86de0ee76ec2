"""What happens in a run besides its register: a plan, as data that can be drawn, written down, shortened and replayed.

A trouble names a place, the how-manieth time that the place is reached, what happens then, and how much of it:

    ("gated/after", 3, "crash", 0)        the third gate is kept, and its worker dies right after it
    ("settled/before", 1, "busy", 0)      the database refuses the first answer
    ("send/slack", 2, "drop_after", 0)    the second message to Slack is taken, and the connection breaks
    ("claimed/after", 1, "done", 4)       somebody says "done" (about their fifth deadline) right after the first claim
    ("minute", 600, "jump", -3600)        ten hours after the start the wall clock goes back by an hour
"""

from random import Random
from typing import NamedTuple

DAYS = 28  # the ladders of the register lie within
MINUTES = 20 * 24 * 60  # within which something is to be answered


class Trouble(NamedTuple):
    where: str
    nth: int
    what: str
    much: float = 0


class Plan(NamedTuple):
    """A whole run, but for the code under test."""

    register: str = "brisk"
    workers: int = 1
    troubles: tuple[Trouble, ...] = ()

    def as_json(self):
        return [self.register, self.workers, [list(one) for one in self.troubles]]

    @classmethod
    def from_json(cls, doc):
        register, workers, troubles = doc
        return cls(register, workers, tuple(Trouble(*one) for one in troubles))


#: Points that are the end of a transaction, with how often they are reached compared with one another.
TRANSACTIONS = {"raised": 2, "claimed": 3, "found": 3, "gated": 3, "settled": 4, "acted": 2, "swept": 2}
STEPS = {"offered": 3, "written": 4, "replied": 3}

LEASE_AND_MORE = (1, 50, 61, 130, 300, 300, 3700)  # seconds of a pause, around lease, quarantine and doubt
REGISTERS = {"brisk": 9, "stern": 5, "nobody": 2, "overseas": 2, "hushed": 1, "mixed": 1}
RARE = {"found", "swept", "acted"}  # points that few messages reach
#: What people do who change their minds, some hours or days later.
AFTERWARDS = {
    "click": "click_again",
    "done": "reopen",
    "waive": "reopen",
    "move": "move_back",
    "acknowledge": "undo",
    "hold": "release",
    "archive": "restore",
    "notice": "revoke",
    "duty": "postpone",
    "leave": "come_back",
    "away": "call_off",
    "silence": "speak",
    "holiday": "open_again",
    "open_again": "accept",
}
ON_POST = {
    "drop_before": 3, "drop_after": 5, "timeout_before": 2, "timeout_after": 3, "raise_before": 1, "raise_after": 2,
    "nonsense": 1, "later": 3, "too_fast": 5, "refuse_address": 3, "refuse_channel": 1, "refuse_message": 1, "drip": 2,
    "slow_reply": 2, "lag": 8,
}  # fmt: skip
ON_UPDATE = {"later": 3, "gone": 1, "slow": 3, "raise_before": 1, "raise_after": 1, "drop_before": 2, "drop_after": 2}
ON_FIND = {"cannot_tell": 3, "raise": 1, "nonsense": 1}
SECONDS = {
    "later": (-1, 0, 30, 3600),  # Retry-After; -1: none, or junk
    "too_fast": (0, 30, 3600),
    "drip": (5, 30, 60),
    "slow_reply": (10, 59, 61, 200),
    "slow": (10, 61, 200),  # until a message is shown anew
    "lag": (20, 90),  # until the history shows it
}
ACTS = {
    "acknowledge": 8, "snooze": 4, "done": 3, "decide": 3, "waive": 1, "undo": 3, "reopen": 2, "assign": 2, "move": 3,
    "move_back": 2, "playbook": 1, "leave": 1, "mailbox": 1, "hold": 1, "release": 1, "shadow": 1, "away": 4,
    "silence": 6, "click": 6, "click_again": 5, "hand_over": 2, "archive": 1, "restore": 1,
    "notice": 2, "revoke": 1, "renew": 1, "duty": 2, "postpone": 2, "drop": 1, "zone": 2, "back_up": 1, "come_back": 1,
    "wish": 2, "call_off": 2, "speak": 2, "retry": 2, "bounce": 2, "take_in": 2, "pin": 2, "holiday": 2,
    "open_again": 1, "accept": 1,
}  # fmt: skip
#: Of level 4 alone: so the plan of a seed stays what it was.
SELDOM = ("marry", "room", "seclude", "digest_hour")
WEATHER = {"jump": 2, "sleep": 6, "skew": 1, "go_back": 1, "hour": 1}


def drawn(seed):
    """The plan of a seed."""
    chance = Random(seed)
    workers = chance.choice([1, 2, 2, 3])
    how_many = chance.choice([2, 4, 6, 8, 12, 16])
    register = _pick(chance, REGISTERS)
    return Plan(register, workers, tuple(one for _ in range(how_many) for one in _troubles(chance)))


def _troubles(chance):
    kind = chance.choices(["point", "wire", "ask", "race", "act", "weather", "late"], [7, 8, 2, 8, 5, 3, 2])[0]
    return _DRAWN[kind](chance)


def _at_point(chance):
    name = _pick(chance, TRANSACTIONS | STEPS)
    if name in STEPS:
        where, what = f"{name}/after", _pick(chance, {"crash": 3, "pause": 3})
    else:
        moment = chance.choice(["before", "after"])
        effects = {"crash": 4, "busy": 1, "full": 1} if moment == "before" else {"crash": 3, "pause": 3, "lost": 1}
        where, what = f"{name}/{moment}", _pick(chance, effects)
    yield Trouble(where, _nth(chance, name), what, chance.choice(LEASE_AND_MORE) if what == "pause" else 0)


def _at_wire(chance):
    what = _pick(chance, ON_POST)
    yield Trouble(f"send/{chance.choice(['email', 'slack', 'slack'])}", _nth(chance), what, _seconds_of(chance, what))


def _seconds_of(chance, what):
    return chance.choice(SECONDS.get(what, (0,)))


def _at_ask(chance):
    if chance.random() < 0.5:
        yield Trouble("find/slack", _nth(chance, "found"), _pick(chance, ON_FIND))
    else:
        what = _pick(chance, ON_UPDATE)
        yield Trouble("update/slack", _nth(chance), what, _seconds_of(chance, what))


def _race(chance):
    """Somebody acts in the very moment in which the engine is at a point."""
    name, what = _pick(chance, TRANSACTIONS | STEPS), _pick(chance, ACTS)
    yield Trouble(f"{name}/after", _nth(chance, name), what, _whom(chance))
    yield from _afterwards(chance, what, chance.randrange(MINUTES))


def _act(chance):
    minute, what = chance.randrange(MINUTES), _pick(chance, ACTS)
    yield Trouble("minute", minute, what, _whom(chance))
    yield from _afterwards(chance, what, minute)


def _afterwards(chance, what, minute):
    if what in AFTERWARDS and chance.random() < 0.5:
        later = minute + chance.choice([1, 60, 1440, 3 * 1440])
        yield Trouble("minute", later, AFTERWARDS[what], _whom(chance))
        yield from _afterwards(chance, AFTERWARDS[what], later)


def _weather(chance):
    what = _pick(chance, WEATHER)
    if what == "go_back":
        yield from _restored(chance)
        return
    much = {"jump": (-86400, -3600, -5, 5, 3600), "sleep": (60, 600, 7200, 86400, 5 * 86400), "skew": (-1.5, 1.5)}
    yield Trouble("minute", chance.randrange(MINUTES), what, chance.choice(much.get(what, range(64))))


def _restored(chance):
    """A backup, a restore some time later, and the end of the shadow mode in which that begins."""
    minute = chance.randrange(MINUTES)
    for what in ("backup", "go_back", "shadow"):
        yield Trouble("minute", minute, what)
        minute += chance.choice([5, 60, 1440, 4 * 1440])


def _late(chance):
    """A sender that was held up between its last question and the first byte."""
    yield Trouble("offered/after", _nth(chance), "pause", chance.choice([300, 3700]))


_DRAWN = {
    "point": _at_point,
    "wire": _at_wire,
    "ask": _at_ask,
    "race": _race,
    "act": _act,
    "weather": _weather,
    "late": _late,
}


def _pick(chance, weights):
    return chance.choices(list(weights), list(weights.values()))[0]


def _nth(chance, name=""):
    return 1 + int(chance.expovariate(1.0 if name in RARE else 0.2))


def _whom(chance):
    return chance.randrange(64)
