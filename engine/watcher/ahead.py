"""Instants from before the clock was set back: what was planned by them would wait until it comes there again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

SKEW: Final = timedelta(minutes=5)  # between the clocks of two machines


def lies_ahead(at: datetime, now: datetime, *, most: timedelta = timedelta()) -> bool:
    """Whether *at* lies further ahead than *most*, which it cannot by a clock that only went on."""
    return at > now + most + SKEW
