"""Rounds of a checklist that is laid over the same agreement more than once.

1. What the agreement does not have yet joins the round that is there.
2. Where nothing is missing and nothing of the round is owed any more, a new one begins: what is over comes anew, under
   ids of its own (``training.handbook.2``). What recurs and has not ended goes on and comes no second time.
3. Otherwise nothing comes: twice is once, and what was done stays done as long as the rest of its round is owed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from lifecycle.obligations.duties import Obligation, Recurrence


@dataclass(frozen=True, slots=True)
class Round:
    """What is *new* in the round of this *number*, the first is 1; *owed* is why no other has begun."""

    number: int
    new: tuple[Obligation, ...]
    owed: tuple[Obligation, ...] = ()


def next_round(
    wanted: Sequence[Obligation], there: Iterable[Obligation], is_over: Callable[[Obligation], bool]
) -> Round:
    """What of the obligations of a checklist, under their ids of the first round, comes to those that are *there*."""
    last = _last_of(wanted, there)
    number = max((_number(one.id, key) for key, one in last.items()), default=1)
    missing = [one for one in wanted if one.id not in last]
    if missing:
        return Round(number, _named(missing, last, number))
    owed = tuple(one for one in last.values() if not is_over(one))
    if any(not isinstance(one.due, Recurrence) for one in owed):
        return Round(number, (), owed)
    again = [one for one in wanted if last[one.id] not in owed]
    return Round(number + 1, _named(again, last, number + 1)) if again else Round(number, (), owed)


def _last_of(wanted: Sequence[Obligation], there: Iterable[Obligation]) -> dict[str, Obligation]:
    """The last obligation of each item; one whose days were changed goes on under another id and the same name."""
    last: dict[str, Obligation] = {}
    keys = {one.id: one for one in wanted}
    by_name = {(one.checklist, one.name): one.id for one in wanted}
    for one in there:
        base, _, number = one.id.rpartition(".")
        key = one.id if one.id in keys else base if number.isdecimal() and base in keys else None
        key = key or (by_name.get((one.checklist, one.name)) if one.checklist else None)
        if key is not None:
            last[key] = one
    return last


def _number(obligation_id: str, key: str) -> int:
    tail = obligation_id.removeprefix(f"{key}.")
    return int(tail) if tail != obligation_id and tail.isdecimal() else 1


def _named(new: Sequence[Obligation], last: dict[str, Obligation], number: int) -> tuple[Obligation, ...]:
    """Under their ids in a round; each waits for what it needs in the same round, else for what is there."""
    ids = {key: one.id for key, one in last.items()} | {one.id: _id(one.id, number) for one in new}
    return tuple(replace(one, id=ids[one.id], needs=tuple(ids.get(each, each) for each in one.needs)) for one in new)


def _id(key: str, number: int) -> str:
    return key if number == 1 else f"{key}.{number}"
