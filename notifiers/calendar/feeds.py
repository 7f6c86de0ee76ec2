"""Which components a feed has, in which order, and what is dropped where it would grow too large (CALENDAR.md F15).

Above the cap feed reminders go first, then descriptions, markers, other deadlines, always from the latest day
backwards; a notice deadline is never dropped, even over the cap.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from typing import TYPE_CHECKING

from lifecycle.milestones import MilestoneKind
from notifiers.calendar import components
from notifiers.calendar.values import Detail, FeedEntry, FeedView, Reminders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class _Rank(IntEnum):
    """What is dropped first."""

    REMINDER = 0
    MARKER = 1
    DEADLINE = 2
    NOTICE = 3


@dataclass(slots=True)
class _Piece:
    """One component: its place, its bytes, and how to make them again without a description."""

    starts: str
    uid: str
    rank: _Rank
    data: bytes
    bare: Callable[[], bytes] | None = None
    is_dropped: bool = False

    def undescribe(self) -> int:
        """Leave the description out; how many bytes that saves."""
        if self.bare is None:
            return 0
        before = len(self.data)
        self.data = self.bare()
        return before - len(self.data)

    def drop(self) -> int:
        """Leave the whole component out; how many bytes that saves."""
        self.is_dropped = True
        return len(self.data)


def feed(view: FeedView, entries: Iterable[FeedEntry], *, detail: Detail, reminders: Reminders) -> bytes:
    """The body of a feed; entries are told from the earliest day on, whatever their order was."""
    pieces = _fitted(view, _events(view, entries, detail, reminders), detail)
    told = [piece.data for piece in pieces if not piece.is_dropped]
    return components.calendar(view, detail, told or [components.nothing(view)], _count(pieces))


def left_out(view: FeedView, entries: Iterable[FeedEntry], *, detail: Detail, reminders: Reminders) -> int:
    """How many entries the cap keeps out of the feed."""
    return _count(_fitted(view, _events(view, entries, detail, reminders), detail))


def todo(view: FeedView, entries: Iterable[FeedEntry], *, detail: Detail) -> bytes:
    """The side feed of things to do: deadlines as VTODOs, apart from VEVENTs because many apps ignore them."""
    pieces = _fitted(view, [_todo_piece(view, entry, detail) for entry in entries if entry.is_deadline], detail)
    told = [piece.data for piece in pieces if not piece.is_dropped]
    return components.calendar(view, detail, told or [components.nothing_to_do(view)], _count(pieces))


def _events(view: FeedView, entries: Iterable[FeedEntry], detail: Detail, reminders: Reminders) -> list[_Piece]:
    alarm_days = min(view.reminder_days, default=None) if reminders in {Reminders.ALARMS, Reminders.BOTH} else None
    has_events = reminders in {Reminders.EVENTS, Reminders.BOTH}
    pieces = []
    for entry in entries:
        pieces.append(_event_piece(view, entry, detail, alarm_days))
        if has_events and entry.is_open:
            pieces.extend(_reminder_pieces(view, entry, detail))
    return pieces


def _event_piece(view: FeedView, entry: FeedEntry, detail: Detail, alarm_days: int | None) -> _Piece:
    def bare() -> bytes:
        return components.event(view, entry, detail, alarm_days=alarm_days, is_described=False)

    data = components.event(view, entry, detail, alarm_days=alarm_days)
    return _Piece(components.starts(view, entry), view.uid(entry.name), _rank(entry), data, bare)


def _reminder_pieces(view: FeedView, entry: FeedEntry, detail: Detail) -> Iterable[_Piece]:
    for days in sorted(set(view.reminder_days)):
        on = entry.safe_on - timedelta(days=days)
        if on >= view.window.first_on:
            data = components.reminder(view, entry, detail, days)
            uid = view.uid(f"{entry.name}/r{days}")
            yield _Piece(f"{on:%Y%m%d}", uid, _Rank.REMINDER, data)


def _todo_piece(view: FeedView, entry: FeedEntry, detail: Detail) -> _Piece:
    def bare() -> bytes:
        return components.to_do(view, entry, detail, is_described=False)

    data = components.to_do(view, entry, detail)
    return _Piece(f"{entry.safe_on:%Y%m%d}", view.uid(f"{entry.name}/todo"), _rank(entry), data, bare)


def _rank(entry: FeedEntry) -> _Rank:
    if not entry.is_deadline:
        return _Rank.MARKER
    return _Rank.NOTICE if entry.kind is MilestoneKind.NOTICE else _Rank.DEADLINE


def _fitted(view: FeedView, pieces: list[_Piece], detail: Detail) -> list[_Piece]:
    """The pieces in order, with what the cap forbids dropped, pass by pass until it fits."""
    pieces.sort(key=lambda piece: (piece.starts, piece.uid))
    head = len(components.calendar(view, detail, [], 0))
    over = head + sum(len(piece.data) for piece in pieces) - view.max_bytes
    if over <= 0:
        return pieces
    over += len(components.calendar(view, detail, [], len(pieces))) - head  # room for what is said of the rest
    for save, ranks in _PASSES:
        for piece in reversed(pieces):
            if over <= 0:
                return pieces
            if piece.rank in ranks and not piece.is_dropped:
                over -= save(piece)
    return pieces


_OTHERS = frozenset(_Rank) - {_Rank.NOTICE}
_PASSES: tuple[tuple[Callable[[_Piece], int], frozenset[_Rank]], ...] = (
    (_Piece.drop, frozenset({_Rank.REMINDER})),
    (_Piece.undescribe, _OTHERS),
    (_Piece.drop, frozenset({_Rank.MARKER})),
    (_Piece.drop, frozenset({_Rank.DEADLINE})),
    (_Piece.undescribe, frozenset({_Rank.NOTICE})),
)


def _count(pieces: list[_Piece]) -> int:
    return sum(1 for piece in pieces if piece.is_dropped and piece.rank is not _Rank.REMINDER)
