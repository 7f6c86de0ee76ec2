"""The end of shadow mode: what was held, what of it still matters, and letting that go.

A restored register starts in shadow mode by a file in its data folder, which its operator may take away on a page. What
the settings say only the settings end. Either way the next start looks at once at everything that was held: what is no
longer wanted is withdrawn at its gate, the rest leaves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import structlog

from engine.backups.making import RESTORED
from engine.delivery.still_wanted import unwanted
from lifecycle.delivery import DeliveryState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from engine.monitor import Work
    from lifecycle.delivery import Delivery

log = structlog.get_logger(__name__)
WHY: Final = "shadow mode"


class Judged(NamedTuple):
    """A message that was held, and why it would not leave any more; "" for one that still matters."""

    delivery: Delivery
    unwanted: str


def judged(work: Work, held: Iterable[Delivery]) -> list[Judged]:
    """What would become of each, if shadow mode ended now; nothing is changed."""
    asked = list(held)
    work.milestones.glance_at(one.milestone_id for one in asked if one.milestone_id is not None)
    return [Judged(one, _unwanted(work, one)) for one in asked]


def release(work: Work) -> int:
    """Look now at what shadow mode held; how many messages. While it lasts they would only be held again."""
    if work.house.shadow_mode:
        return 0
    number = work.deliveries.wake_held(WHY, work.now)
    work.made_due = work.made_due or bool(number)
    return number


def is_restored(folder: Path) -> bool:
    """Whether the register was restored here and nobody has said since that it may speak."""
    return (folder / RESTORED).exists()


def end(folder: Path, *, person_id: str) -> None:
    """The restored register may speak from its next start on. Raises OSError where the folder cannot be written."""
    (folder / RESTORED).unlink(missing_ok=True)
    log.info("shadow mode ended", person_id=person_id)


def _unwanted(work: Work, one: Delivery) -> str:
    if one.expires_at <= work.now:
        return "its time is over"
    return unwanted(work, one) if one.state is DeliveryState.HELD else ""
