"""Many messages at once: senders that speak with channels, and one transaction after the other between them.

1. What was answered is written down, and as many messages as there are free senders pass their gate, in one
   transaction (``together``). So a commit is shared by all that are ready for it, nobody waits for a lock of his own
   house, and never are more messages offered than are on the wire.
2. Each that passed goes to a sender. With one sender that is the caller itself.
3. An answer waits in ``Monitor.unwritten`` until it is written down, whatever happens to the transaction.

What makes trouble among others is tried again one by one, and sets aside only itself. A message in doubt is looked up
first; a sender carries it alone.
"""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from engine.delivery.carrying import carry, gate_alone, offer, settle_alone
from engine.delivery.gate import pass_gate, read_ahead
from engine.delivery.settling import Claimed, give_back, write_down
from engine.delivery.wire import Wire
from engine.points import Point
from store.errors import DatabaseBusy, DatabaseFull

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType
    from typing import Self

    from engine.monitor import Monitor
    from lifecycle.delivery import SendResult
    from notifiers.base import Outgoing

    Passed = list[tuple[Claimed, Outgoing]]


class Senders:
    """As many as the house has; to be used in a ``with``, whose end waits for all that is on the wire."""

    def __init__(self, monitor: Monitor) -> None:
        self._monitor = monitor
        self._wire = Wire(monitor.house.senders)
        self._waiting: deque[Claimed] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for what is on the wire; its answers are owed."""
        for claimed, result in self._wire.close():
            self._owe(claimed, result)

    @property
    def is_out_of_work(self) -> bool:
        """Whether nothing waits for a sender."""
        return not self._waiting

    def take(self, claimed: Iterable[Claimed]) -> None:
        """Send these when it is their turn."""
        self._waiting.extend(claimed)

    def give_back(self) -> None:
        """What is not begun is due as before."""
        while self._waiting:
            give_back(self._monitor, self._waiting.popleft())

    def turn(self) -> bool:
        """Go one step on; False when nothing was left to do.

        1. Hear who has answered; where nothing else can be done, wait for the first.
        2. Write the answers down and ask at the gate, in one transaction.
        3. Let free senders go.

        Raises DatabaseFull and DatabaseBusy; what was answered is owed.
        """
        self._hear()
        begun = [self._waiting.popleft() for _ in range(min(self._wire.free, len(self._waiting)))]
        if not begun and not self._monitor.unwritten:
            return self._wire.is_busy
        sure = [one for one in begun if one.delivery.in_doubt_since is None]
        for claimed, outgoing in self._written_and_passed(sure):
            if claimed.is_ours(self._monitor.clock):
                self._wire.go(claimed, partial(offer, self._monitor, claimed, outgoing))
            else:
                give_back(self._monitor, claimed)
        for claimed in begun:
            if claimed.delivery.in_doubt_since is not None:
                self._wire.go(claimed, partial(carry, self._monitor, claimed))
        return True

    def _hear(self) -> None:
        is_stuck = not self._wire.free or not self._waiting
        for claimed, result in self._wire.answers(is_waiting=is_stuck):
            self._owe(claimed, result)

    def _owe(self, claimed: Claimed, result: SendResult | None) -> None:
        if result is not None:
            self._monitor.unwritten.append((claimed, result))

    def _written_and_passed(self, begun: list[Claimed]) -> Passed:
        try:
            return together(self._monitor, begun)
        except (DatabaseFull, DatabaseBusy):
            raise
        except Exception:  # noqa: BLE001 - whose trouble it is shows when each is tried by itself
            return _one_by_one(self._monitor, begun)


def together(monitor: Monitor, begun: list[Claimed]) -> Passed:
    """One transaction for all answers that are owed and all gates of those *begun*; those that passed."""
    answered = tuple(monitor.unwritten)
    if not answered and not begun:
        return []
    with monitor.work(point=Point.GATED if begun else Point.SETTLED) as work:
        to_settle = {one.delivery.id: one.token for one, _ in answered}
        work.deliveries.take_in_hand([one.delivery.id for one in begun], to_settle)
        if begun:
            read_ahead(work, [one.delivery for one in begun])
        for claimed, result in answered:
            write_down(work, claimed, result)
        asked = [(one, pass_gate(work, one)) for one in begun]
    for _ in answered:
        monitor.unwritten.popleft()
    return [(one, outgoing) for one, outgoing in asked if outgoing is not None]


def write_answers(monitor: Monitor) -> int:
    """Write down what channels answered while the database could not take it; how many answers.

    Raises DatabaseFull and DatabaseBusy; what is not written down yet stays owed.
    """
    written = 0
    while monitor.unwritten:
        settle_alone(monitor, *monitor.unwritten[0])
        monitor.unwritten.popleft()
        written += 1
    return written


def _one_by_one(monitor: Monitor, begun: list[Claimed]) -> Passed:
    write_answers(monitor)
    asked = [(one, gate_alone(monitor, one)) for one in begun]
    return [(one, outgoing) for one, outgoing in asked if outgoing is not None]
