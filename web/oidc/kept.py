"""A document of the issuer's, fetched when it is needed and kept for an hour.

A failure is remembered for ten seconds, so that a crowd before a closed door does not wait one by one; what was there
before counts for a day meanwhile. Who asks for it anew, because a key is missing, is heard twice a minute.
"""

from __future__ import annotations

from math import inf
from threading import Lock
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from web.oidc.refusals import IssuerAway

if TYPE_CHECKING:
    from collections.abc import Callable

FRESH: Final = 3600.0  # seconds
USABLE: Final = 86400.0
_AFTER_FAILURE: Final = 10.0
_BETWEEN: Final = 30.0
T = TypeVar("T")


class Kept(Generic[T]):
    """See the module. *elapsed* tells seconds since some moment."""

    def __init__(self, fetch: Callable[[], T], elapsed: Callable[[], float]) -> None:
        self._fetch, self._elapsed = fetch, elapsed
        self._lock = Lock()
        self._value: T | None = None
        self._failure: IssuerAway | None = None
        self._fetched_at = self._tried_at = -inf

    def get(self, *, anew: bool = False) -> T:
        """The document; *anew* where the one that is kept seems to be old. Raises IssuerAway."""
        with self._lock:
            now = self._elapsed()
            if self._value is not None and not self._is_due(now, anew=anew):
                return self._value
            if self._failure is None or now >= self._tried_at + _AFTER_FAILURE:
                self._try(now)
            if self._value is not None and now < self._fetched_at + USABLE:
                return self._value
            raise self._failure or AssertionError

    def _is_due(self, now: float, *, anew: bool) -> bool:
        return now >= self._fetched_at + FRESH or (anew and now >= self._tried_at + _BETWEEN)

    def _try(self, now: float) -> None:
        self._tried_at = now
        try:
            self._value, self._failure, self._fetched_at = self._fetch(), None, now
        except IssuerAway as error:
            self._failure = error
