"""What an entry says at each level of detail (CALENDAR.md F8).

Amounts and quotations are in no feed: it lies on somebody else's computer. Nor are relative days: they age.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lifecycle.counting.derivation import DISCLAIMER
from lifecycle.feeds import Detail
from notifiers.wording import brief_action, capital, clean, counted, cut, day

if TYPE_CHECKING:
    from notifiers.calendar.values import FeedEntry, FeedView

NAME_LIMIT: Final = 60
SUMMARY_LIMIT: Final = 200
DESCRIPTION_LIMIT: Final = 4000
PURPOSE: Final = "For planning; the messages of Longstop are what counts."
EMPTY: Final = "No deadlines in this feed"
_DASH: Final = " \N{EN DASH} "
_CLOSINGS: Final = {"done": "Done", "decided": "Decided", "waived": "Waived", "withdrawn": "Withdrawn"}


def detail_of(entry: FeedEntry, detail: Detail) -> Detail:
    """A restricted agreement tells at most what *redacted* tells."""
    return Detail.REDACTED if entry.is_restricted and detail is Detail.FULL else detail


def calendar_name(view: FeedView, detail: Detail) -> str:
    """The feed's own name; below *full* a name that tells nothing."""
    return clean(view.name, NAME_LIMIT) if detail is Detail.FULL else "Deadlines"


def purpose(left_out: int) -> str:
    """What the calendar says of itself."""
    if not left_out:
        return PURPOSE
    return f"{PURPOSE} {left_out} {'entry' if left_out == 1 else 'entries'} left out."


def summary(entry: FeedEntry, detail: Detail) -> str:
    """The entry's title; what ended says first how."""
    if detail is Detail.BUSY:
        return "Closed" if entry.closed else _busy(entry)
    act, about = _parts(entry, detail)
    title = f"{_head(entry, detail)}: {act}" if entry.is_deadline else capital(act)
    return clean(_DASH.join([_closing(entry, detail) + title, *about]), SUMMARY_LIMIT)


def reminder_summary(entry: FeedEntry, detail: Detail, days: int) -> str:
    """``In 30 days: send non-renewal notice`` and what it is about."""
    if detail is Detail.BUSY:
        return f"In {counted(days, 'day')}: {_busy(entry)}"
    act, about = _parts(entry, detail)
    return clean(_DASH.join([f"In {counted(days, 'day')}: {act}", *about]), SUMMARY_LIMIT)


def description(entry: FeedEntry, detail: Detail, link: str) -> str:
    """Nothing at *busy*; whether it is verified at *redacted*; lead line, reason, people at *full*; then the link."""
    if detail is Detail.BUSY:
        return ""
    lines = _full_lines(entry) if detail is Detail.FULL else ["Verified."] if entry.is_verified else []
    if entry.is_unverified:
        lines = ["Not verified. " + lines[0], *lines[1:]] if lines else ["Not verified."]
    text = clean("\n".join(lines), 2 * DESCRIPTION_LIMIT, is_multiline=True)
    return f"{cut(text, DESCRIPTION_LIMIT - len(link) - 1)}\n{link}"


def link(view: FeedView, entry: FeedEntry) -> str:
    """A deadline's own page; a marker's place on its holder's page."""
    base = view.base_url.rstrip("/")
    if entry.is_deadline:
        return f"{base}/deadlines/{entry.milestone_id}"
    return f"{base}/{entry.holder_page}/{entry.holder}#{entry.milestone_id}"


def _full_lines(entry: FeedEntry) -> list[str]:
    people = f"Owner {entry.owner}" if entry.owner else "No owner"
    backup = f", backup {entry.backup}" if entry.backup else ""
    lines = [*_lead(entry), *entry.why, entry.readings, f"{people}{backup}. {entry.reference}. {DISCLAIMER}"]
    return [" ".join(line.split()) for line in lines if line]


def _lead(entry: FeedEntry) -> list[str]:
    if not entry.is_deadline:
        return []
    otherwise = f", or {entry.consequence}" if entry.consequence else ""
    return [f"{capital(entry.action)} by {day(entry.safe_on)}{otherwise}."]


def _parts(entry: FeedEntry, detail: Detail) -> tuple[str, list[str]]:
    """The act, and what it is about."""
    if detail is Detail.REDACTED:
        return brief_action(entry.kind), [entry.reference]
    return entry.action, [part for part in (entry.counterparty, entry.title) if part]


def _head(entry: FeedEntry, detail: Detail) -> str:
    if entry.cut_off is None or detail is not Detail.FULL:
        return "Last safe day"
    return f"Last safe day, {entry.cut_off.at:%H:%M} {entry.cut_off.zone}"


def _closing(entry: FeedEntry, detail: Detail) -> str:
    if entry.closed is None:
        return ""
    how = _CLOSINGS[entry.closed.how]
    choice = entry.closed.choice.replace("-", " ") if detail is Detail.FULL else ""
    return f"{how}, {choice}: " if choice else f"{how}: "


def _busy(entry: FeedEntry) -> str:
    return "Deadline" if entry.is_deadline else "Date"
