"""What bulk work needed goes back to the system, so that a process at work stays as small as what it holds.

Of an import little is left in a process, and that little lies scattered over all the memory that the import needed:
first instants and days that were found once, and remembered. So they are forgotten, to be found again; and the C
library is asked for what it keeps back of what was freed.
"""

from __future__ import annotations

import ctypes
import gc
from functools import cache
from typing import TYPE_CHECKING

from engine import planning
from lifecycle.playbooks import frame

if TYPE_CHECKING:
    from collections.abc import Callable


def give_back() -> None:
    """Forget what can be found again, and let go of what is free. Takes some 100 ms, and as long nobody else works."""
    planning.forget_frames()
    frame.forget_instants()
    gc.collect()
    _trim()(0)


@cache
def _trim() -> Callable[[int], int]:
    """``malloc_trim`` of the GNU C library; other libraries give back by themselves what they can."""
    try:
        trim: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError, TypeError):
        return lambda _: 0
    return trim
