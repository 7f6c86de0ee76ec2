"""Nobody gets a storm: four messages within ten minutes become one, and what is over ten a day joins the digest.

Counted for one recipient in one channel (DELIVERY.md Q3). What is critical leaves all the same, and nothing is held
past the next planned step or the hour of its target day: rather one message too many than one too late.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine.delivery import quiet, recipients
from engine.delivery.outwards import one_a_day
from engine.zones import midnight, zone
from lifecycle.changed import changed
from lifecycle.delivery import DeliveryKind, DeliveryState, Held
from lifecycle.playbooks.playbook import Urgency

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from engine.monitor import Work
    from lifecycle.delivery import Delivery, Reader, Waiting
    from store.deliveries import Body

STORM: Final = 4
_WITHIN: Final = timedelta(minutes=10)
_MOST_A_DAY: Final = 10
_A_DAY: Final = timedelta(days=1)

Message = tuple["Delivery", "Body | None"]
Limit = Callable[[], "datetime"]


def gathered(work: Work, made: list[Message], limits: Mapping[str, Limit]) -> list[Message]:
    """Messages about steps, before they go into the outbox: those that are too many wait for one another.

    *limits* says by delivery until when it may be held; few are asked. Of many who raise at once one gathers after the
    other: what is due together is seen together.
    """
    work.deliveries.wait_for_turn()
    made = one_a_day(work, made)
    new = _by_reader(one for one, _ in made if _may_wait(one))
    if not new:
        return made
    homes = {reader: _home(work, mine[0]) for reader, mine in new.items()}
    days = {home: _begin_of_day(work, home) for home in set(homes.values())}
    spoken = work.deliveries.spoken_since({reader: days[home] for reader, home in homes.items()})
    waiting: dict[Reader, list[Waiting]] = defaultdict(list)
    for one in work.deliveries.waiting_steps((address for _, address in new), work.now - _A_DAY):
        waiting[one.reader].append(one)
    held: dict[str, Delivery] = {}
    for reader, mine in new.items():
        day = _Day(work, mine, waiting[reader], spoken.get(reader, 0), homes[reader])
        held |= {one.id: one for one in (*day.together(), *day.over(limits))}
    return [(held[one.id], None) if one.id in held else (one, body) for one, body in made]


@dataclass(slots=True)
class _Day:
    """What one reader gets: *new*, what still waits of what was written within a day, how often they were spoken to."""

    work: Work
    new: list[Delivery]
    before: list[Waiting]
    spoken: int
    home: str

    def together(self) -> list[Delivery]:
        """Those of the new ones that leave as one; earlier ones that still wait join them."""
        found: list[Delivery] = []
        for cluster in _clusters(
            [*((_leaves_at(one), one.id) for one in self.new), *((one.at, one.id) for one in self.before)]
        ):
            if len(cluster) < STORM:
                continue
            at = cluster[-1][0]
            joined = {each for _, each in cluster}
            earlier = [one.id for one in self.before if one.id in joined]
            if earlier:
                change = {"state": DeliveryState.HELD, "why": Held.TOGETHER.value, "next_attempt_at": at}
                self.work.deliveries.change(earlier, [DeliveryState.PENDING], **change)
            found += [_held(one, Held.TOGETHER, at) for one in self.new if one.id in joined]
        gone = {each.id for each in found}
        self.new = [one for one in self.new if one.id not in gone]
        return found

    def over(self, limits: Mapping[str, Limit]) -> list[Delivery]:
        """Those that are left and too many for today."""
        excess = self.new[max(_MOST_A_DAY - self.spoken, 0) :]
        if not excess:
            return []
        at = quiet.next_window(self.work, self.home, self.work.now)
        return [_held(one, Held.DIGEST, at) for one in excess if one.id not in limits or at <= limits[one.id]()]


def _home(work: Work, one: Delivery) -> str:
    person = recipients.enabled(work, one.recipient_id)
    return (person.time_zone if person else "") or work.house.time_zone


def _begin_of_day(work: Work, home: str) -> datetime:
    """Of the day that it is now in a zone; a day of 25 hours counts as one of 24."""
    return max(midnight(work.now.astimezone(zone(home)).date(), home), work.now - _A_DAY)


def _by_reader(messages: Iterable[Delivery]) -> dict[Reader, list[Delivery]]:
    found: dict[Reader, list[Delivery]] = defaultdict(list)
    for one in messages:
        found[one.channel, one.address].append(one)
    return found


def _may_wait(one: Delivery) -> bool:
    """A step's message that leaves by itself; what the other side is to read stands alone."""
    is_step = one.kind is DeliveryKind.STEP and one.state is DeliveryState.PENDING and one.in_doubt_since is None
    return is_step and one.urgency != Urgency.CRITICAL and ">" not in one.dedupe_key


def _clusters(messages: list[tuple[datetime, str]]) -> list[list[tuple[datetime, str]]]:
    """Messages, when and which, that would leave within ten minutes of the first of them."""
    found: list[list[tuple[datetime, str]]] = []
    for one in sorted(messages):
        if found and one[0] - found[-1][0][0] <= _WITHIN:
            found[-1].append(one)
        else:
            found.append([one])
    return found


def _leaves_at(one: Delivery) -> datetime:
    return one.next_attempt_at or one.created_at


def _held(one: Delivery, why: Held, at: datetime) -> Delivery:
    return changed(one, state=DeliveryState.HELD, why=why.value, next_attempt_at=at)
