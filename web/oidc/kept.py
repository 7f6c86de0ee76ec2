"""A document of the issuer's, fetched when it is needed and kept for an hour.

A failure is remembered for ten seconds, so that a crowd before a closed door does not wait one by one; what was there
before counts for a day meanwhile. Who asks for it anew, because a key is missing, is heard twice a minute. While one
asks an issuer that is slow, the others wait two seconds, and then make do with what there is.
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
_PATIENCE: Final = 2.0
T = TypeVar("T")


class Kept(Generic[T]):
    """See the module. *elapsed* tells seconds since some moment, *name* is that of the issuer."""

    def __init__(self, name: str, fetch: Callable[[], T], elapsed: Callable[[], float]) -> None:
        self._name, self._fetch, self._elapsed = name, fetch, elapsed
        self._lock = Lock()
        self._value: T | None = None
        self._failure: IssuerAway | None = None
        self._fetched_at = self._tried_at = -inf

    def get(self, *, anew: bool = False) -> T:
        """The document; *anew* where the one that is kept seems to be old. Raises IssuerAway."""
        if self._lock.acquire(timeout=_PATIENCE):
            try:
                self._look(self._elapsed(), anew=anew)
            finally:
                self._lock.release()
        if self._value is not None and self._elapsed() < self._fetched_at + USABLE:
            return self._value
        raise self._failure or IssuerAway(self._name, "others are asking it, and it does not answer")

    def _look(self, now: float, *, anew: bool) -> None:
        may_try = self._failure is None or now >= self._tried_at + _AFTER_FAILURE
        if may_try and (self._value is None or self._is_due(now, anew=anew)):
            self._try(now)

    def _is_due(self, now: float, *, anew: bool) -> bool:
        return now >= self._fetched_at + FRESH or (anew and now >= self._tried_at + _BETWEEN)

    def _try(self, now: float) -> None:
        self._tried_at = now
        try:
            self._value, self._failure, self._fetched_at = self._fetch(), None, now
        except IssuerAway as error:
            self._failure = error
