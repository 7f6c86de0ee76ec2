"""Feeds: milestones as iCalendar, computed from entries and the feed's own settings alone (CALENDAR.md).

The bytes follow from view, entries, detail and reminders, and from nothing else: no clock, zone of the machine, locale,
hash seed or order of rows. So the same register gives the same bytes and a reader's second look costs a 304.
"""

from lifecycle.feeds import Detail, Reminders
from notifiers.calendar.feeds import Body, Piece, bound, feed, left_out, pieces, todo, todo_pieces
from notifiers.calendar.values import Closed, CutOff, FeedEntry, FeedView, FeedWindow, entry_of

__all__ = [
    "Body",
    "Closed",
    "CutOff",
    "Detail",
    "FeedEntry",
    "FeedView",
    "FeedWindow",
    "Piece",
    "Reminders",
    "bound",
    "entry_of",
    "feed",
    "left_out",
    "pieces",
    "todo",
    "todo_pieces",
]
