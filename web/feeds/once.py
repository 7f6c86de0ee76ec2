"""A calendar file that nobody subscribes to: what a search finds, rendered once (``feed render``).

Its settings are as old as the register, so that no day of today is in its bytes (CALENDAR.md F1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

    from engine.monitor import Work

UNKEPT: Final = "render"  # of its empty entry's UID; no subscription is called so


def born_at(work: Work) -> datetime:
    """The register's first event."""
    return next((one.at for one in work.log.after(0, 1)), work.now)
