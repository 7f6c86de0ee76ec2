"""From days to instants: hours that elapse, and local times, also on days when the clocks change."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from lifecycle.errors import ZoneRequired

_SECONDS_A_DAY = 86400


def elapsed(start_at: datetime, hours: int) -> datetime:
    """*hours* of real time after *start_at*, in the zone of *start_at*, whatever its clocks do meanwhile."""
    if start_at.tzinfo is None:
        raise ZoneRequired(f"{start_at:%Y-%m-%d %H:%M}")
    return (start_at.astimezone(UTC) + timedelta(hours=hours)).astimezone(start_at.tzinfo)


def hour_at(day: date, at: time, zone: tzinfo) -> datetime:
    """The instant, in UTC, of an hour of *day*: of two equal local times the first, in a gap by the offset before."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def cutoff_at(day: date, cutoff: time, zone: tzinfo) -> datetime:
    """The instant, in UTC, of *cutoff* on *day* in *zone*.

    Where the clocks are put back and the local time comes twice: the first. Where they are put forward and it never
    comes: the last instant before the gap.
    """
    local = datetime.combine(day, cutoff.replace(tzinfo=None, fold=0))
    at = local.replace(tzinfo=zone).astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) == local:
        return at
    return _change_before(at, zone) - timedelta.resolution


def _change_before(at: datetime, zone: tzinfo) -> datetime:
    """The instant, in whole seconds, of the last change of the clocks of *zone* in the day up to *at*."""
    low, high = int(at.timestamp()) - _SECONDS_A_DAY, int(at.timestamp())

    def offset(second: int) -> timedelta | None:
        return datetime.fromtimestamp(second, zone).utcoffset()

    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if offset(middle) == offset(high) else (middle, high)
    return datetime.fromtimestamp(high, UTC)
