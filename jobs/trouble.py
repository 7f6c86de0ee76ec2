"""A trouble that lasts is told when it begins, when it becomes another, and now and then: else nobody reads the log."""

from __future__ import annotations

from typing import Final

_EVERY: Final = 100  # times; looks are 30 seconds apart


class Trouble:
    """One thing that may go wrong again and again."""

    def __init__(self) -> None:
        self._what = ""
        self._times = 0

    def is_news(self, what: str) -> bool:
        """It went wrong again: whether that is to be told."""
        if what != self._what:
            self._what, self._times = what, 0
        self._times += 1
        return self._times % _EVERY == 1

    def over(self) -> None:
        """It went well."""
        self._what = ""
