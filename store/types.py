"""Column types: an instant is an integer of microseconds UTC, on every database the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def to_micros(at: datetime) -> int:
    """Microseconds since 1970-01-01T00:00Z. *at* is aware."""
    return (at - _EPOCH) // _MICROSECOND


def micros_or_none(at: datetime | None) -> int | None:
    """As ``to_micros``; nothing is nothing."""
    return None if at is None else (at - _EPOCH) // _MICROSECOND


def instant_or_none(micros: int | None) -> datetime | None:
    """The aware UTC instant of so many microseconds since 1970; nothing is nothing."""
    return None if micros is None else _EPOCH + timedelta(microseconds=micros)


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept as microseconds UTC: exact, sortable and the same on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - the interface
        """Refuse naive instants by failing on the subtraction."""
        return micros_or_none(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002 - the interface
        """Every instant that leaves the database is aware UTC."""
        return instant_or_none(value)
