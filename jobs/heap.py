"""What a process holds once it is set up lives until its end, so the garbage collector need not walk it again.

Python's collector walks all that a process holds whenever much is new. In a process at work that is modules, statements
and pages, a hundred thousand objects and more: 40 to 80 ms, in which no step is raised and no message leaves.
"""

from __future__ import annotations

import gc


def keep_for_good() -> None:
    """Collect what nobody needs, and exempt all the rest from later collections (``gc.freeze``)."""
    gc.collect()
    gc.freeze()
