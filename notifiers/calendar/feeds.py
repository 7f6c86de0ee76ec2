"""Which components a feed has, in which order, and what is dropped where it would grow too large (CALENDAR.md F15).

Above the cap feed reminders go first, then descriptions, markers, other deadlines, always from the latest day
backwards; a notice deadline is never dropped, even over the cap. Pieces never change, so whoever keeps them renders
after a change only what has changed, and ``bound`` puts them together.
"""

from __future__ import annotations

from datetime import timedelta
from enum import IntEnum
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from lifecycle.feeds import Detail, Reminders
from lifecycle.milestones.milestone import MilestoneKind
from notifiers.calendar import components

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from notifiers.calendar.values import FeedEntry, FeedView


class _Rank(IntEnum):
    """What is dropped first."""

    REMINDER = 0
    MARKER = 1
    DEADLINE = 2
    NOTICE = 3


class Piece(NamedTuple):
    """One component: its place in the order (when it starts, then its UID), its rank, its bytes."""

    place: str  # one text: pairs of texts take longer to sort
    rank: _Rank
    data: bytes


class Body(NamedTuple):
    """A whole calendar; how many entries it tells, and how many the cap keeps out."""

    data: bytes
    entries: int
    left_out: int


def feed(view: FeedView, entries: Iterable[FeedEntry], *, detail: Detail, reminders: Reminders) -> bytes:
    """The body of a feed; entries are told from the earliest day on, whatever their order was."""
    return bound(view, pieces(view, entries, detail=detail, reminders=reminders), detail=detail).data


def left_out(view: FeedView, entries: Iterable[FeedEntry], *, detail: Detail, reminders: Reminders) -> int:
    """How many entries the cap keeps out of the feed."""
    return bound(view, pieces(view, entries, detail=detail, reminders=reminders), detail=detail).left_out


def todo(view: FeedView, entries: Iterable[FeedEntry], *, detail: Detail) -> bytes:
    """The side feed of things to do: deadlines as VTODOs, apart from VEVENTs because many apps ignore them."""
    return bound(view, todo_pieces(view, entries, detail=detail), detail=detail, is_todo=True).data


def pieces(view: FeedView, entries: Iterable[FeedEntry], *, detail: Detail, reminders: Reminders) -> Iterator[Piece]:
    """Entries as VEVENTs, and the reminders before those that are open."""
    alarm_days = min(view.reminder_days, default=None) if reminders in {Reminders.ALARMS, Reminders.BOTH} else None
    has_events = reminders in {Reminders.EVENTS, Reminders.BOTH}
    for entry in entries:
        data = components.event(view, entry, detail, alarm_days=alarm_days)
        yield Piece(f"{components.starts(view, entry)} {view.uid(entry.name)}", _rank(entry), data)
        if has_events and entry.is_open:
            yield from _reminders(view, entry, detail)


def todo_pieces(view: FeedView, entries: Iterable[FeedEntry], *, detail: Detail) -> Iterator[Piece]:
    """Deadlines as VTODOs."""
    for entry in entries:
        if entry.is_deadline:
            data = components.to_do(view, entry, detail)
            yield Piece(f"{entry.safe_on:%Y%m%d} {view.uid(f'{entry.name}/todo')}", _rank(entry), data)


def bound(view: FeedView, made: Iterable[Piece], *, detail: Detail, is_todo: bool = False) -> Body:
    """The calendar of these pieces, in their order and under the cap."""
    ordered = sorted(made, key=_PLACE)
    kept = _fitted(view, ordered, detail)
    there = _entries(ordered)
    told = there if kept is ordered else _entries(kept)
    nothing = components.nothing_to_do if is_todo else components.nothing
    data = list(map(_DATA, kept)) or [nothing(view)]
    return Body(components.calendar(view, detail, data, there - told), told, there - told)


_PLACE: Final = attrgetter("place")
_RANK: Final = attrgetter("rank")
_DATA: Final = attrgetter("data")


def _reminders(view: FeedView, entry: FeedEntry, detail: Detail) -> Iterator[Piece]:
    for days in sorted(set(view.reminder_days)):
        on = entry.safe_on - timedelta(days=days)
        if on >= view.window.first_on:
            data = components.reminder(view, entry, detail, days)
            yield Piece(f"{on:%Y%m%d} {view.uid(f'{entry.name}/r{days}')}", _Rank.REMINDER, data)


def _rank(entry: FeedEntry) -> _Rank:
    if not entry.is_deadline:
        return _Rank.MARKER
    return _Rank.NOTICE if entry.kind in {MilestoneKind.NOTICE, MilestoneKind.LEAVING} else _Rank.DEADLINE


def _fitted(view: FeedView, ordered: list[Piece], detail: Detail) -> list[Piece]:
    """What stays of the pieces, with what the cap forbids dropped, pass by pass until it fits."""
    head = len(components.calendar(view, detail, [], 0))
    over = head + sum(map(len, map(_DATA, ordered))) - view.max_bytes
    if over <= 0:
        return ordered
    over += len(components.calendar(view, detail, [], len(ordered))) - head  # room for what is said of the rest
    kept: list[Piece | None] = list(ordered)
    for less, ranks in _PASSES:
        for place in reversed(range(len(kept))):
            piece = kept[place]
            if over <= 0:
                break
            if piece is not None and piece.rank in ranks:
                kept[place] = left = less(piece)
                over -= len(piece.data) - (len(left.data) if left else 0)
    return [piece for piece in kept if piece is not None]


def _undescribed(piece: Piece) -> Piece:
    return piece._replace(data=components.undescribed(piece.data))


def _dropped(_: Piece) -> None:
    return None


_OTHERS: Final = frozenset(_Rank) - {_Rank.NOTICE}
_PASSES: Final[tuple[tuple[Callable[[Piece], Piece | None], frozenset[_Rank]], ...]] = (
    (_dropped, frozenset({_Rank.REMINDER})),
    (_undescribed, _OTHERS),
    (_dropped, frozenset({_Rank.MARKER})),
    (_dropped, frozenset({_Rank.DEADLINE})),
    (_undescribed, frozenset({_Rank.NOTICE})),
)


def _entries(some: list[Piece]) -> int:
    return len(some) - list(map(_RANK, some)).count(_Rank.REMINDER)
