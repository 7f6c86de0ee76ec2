"""Feeds: milestones as iCalendar, computed from entries and the feed's own settings alone (CALENDAR.md).

The bytes follow from view, entries, detail and reminders, and from nothing else: no clock, zone of the machine, locale,
hash seed or order of rows. So the same register gives the same bytes and a reader's second look costs a 304.
"""

from notifiers.calendar.feeds import feed, left_out, todo
from notifiers.calendar.values import (
    Closed,
    CutOff,
    Detail,
    FeedEntry,
    FeedView,
    FeedWindow,
    Reminders,
    entry_of,
)

__all__ = [
    "Closed",
    "CutOff",
    "Detail",
    "FeedEntry",
    "FeedView",
    "FeedWindow",
    "Reminders",
    "entry_of",
    "feed",
    "left_out",
    "todo",
]
