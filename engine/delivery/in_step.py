"""Whether this process and the database agree on what time it is (DELIVERY.md T10).

Every instant in the register is compared with a clock; two that disagree send too early or claim what is held. On
SQLite there is one machine and one clock. A clock that is set by hand, in a rehearsal, is nobody's.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine.clock import SystemClock
from engine.incidents import close_incident, open_incident
from store.database import time_of

if TYPE_CHECKING:
    from engine.monitor import Work

MOST: Final = timedelta(seconds=2)
KIND: Final = "clock_skew"


def is_in_step(work: Work) -> bool:
    """Whether anything may be taken to be sent; if not, operators are told once."""
    clock = work.monitor.clock
    if work.session.is_sqlite or not isinstance(clock, SystemClock):
        return True
    before = clock.now()
    database_at = time_of(work.connection)
    apart = max(before - database_at, database_at - clock.now())
    if apart <= MOST:
        close_incident(work, kind=KIND, subject="database", because="both clocks say the same again")
        return True
    text = (
        f"The clock of this machine and that of the database are {apart.total_seconds():.0f} seconds apart: nothing is "
        "sent until they agree. Let both follow a time server."
    )
    open_incident(work, kind=KIND, subject="database", text=text)
    return False
