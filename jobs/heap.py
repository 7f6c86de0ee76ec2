"""What a process has when it begins to look stays until its end, so nobody looks for cycles in it again.

Python looks through all that it holds whenever much is new. In a process at work that is modules, statements and pages,
a hundred thousand things and more: 40 to 80 ms, in which no step is raised and no message leaves.
"""

from __future__ import annotations

import gc


def keep_for_good() -> None:
    """Let go of what nobody needs, and count the rest among what lasts as long as the process."""
    gc.collect()
    gc.freeze()
