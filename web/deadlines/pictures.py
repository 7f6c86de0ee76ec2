"""Deadlines as pictures: the lanes of the timeline, the days of a month, the load of the weeks."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from lifecycle.agreements.agreement import terms_of
from lifecycle.days.dates import Period, after
from lifecycle.errors import LifecycleError
from lifecycle.terms.renewals import count, term_on
from lifecycle.words import MONTHS
from notifiers.wording import brief_day, label, row_lead
from web.timeline import Lane, Mark, Timeline

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone
    from notifiers.sheet import Deadline
    from store.queries import DeadlineRow
    from store.queries.deadlines import Load

LANES: Final = 40
LANES_AT_MOST: Final = 400  # also when all are asked for
WEEKS: Final = 13
ENTRIES: Final = 3  # of one day of a month
_SHADES: Final = (1, 3, 6, 10)  # deadlines in a week from which on a cell is darker
_DAY: Final = timedelta(days=1)


def timeline(work: Work, found: Iterable[DeadlineRow], today: date, months: int, *, most: int = LANES) -> Timeline:
    """The timeline of the agreements of some deadlines, in their order, at most so many."""
    chosen: dict[str, Agreement] = {}
    for row in found:
        if len(chosen) == most and row.agreement.id not in chosen:
            break
        chosen[row.agreement.id] = row.agreement
    drawn = Timeline(lanes=(), today=today, months=months)
    marks: dict[str, list[Milestone]] = defaultdict(list)
    for one in work.milestones.open_of(list(chosen), until_on=drawn.last_on) if chosen else ():
        marks[one.key.holder].append(one)
    lanes = tuple(_lane(agreement, marks[agreement.id], drawn) for agreement in chosen.values())
    return Timeline(lanes=lanes, today=today, months=months)


def _lane(agreement: Agreement, rows: list[Milestone], drawn: Timeline) -> Lane:
    name = agreement.title or agreement.counterparty
    return Lane(
        name=f"{agreement.counterparty}: {name}" if agreement.title else name,
        terms=tuple(_terms(agreement, drawn.first_on, drawn.last_on)),
        marks=tuple(Mark(safe_on=row.safe_on, opens_on=row.opens_on, until_on=row.over_on) for row in rows),
    )


def _terms(agreement: Agreement, first_on: date, last_on: date) -> Iterator[tuple[date, date | None]]:
    """The terms that touch the span; none where the facts give none."""
    try:
        terms = terms_of(agreement)
        if terms is None:
            return
        running = term_on(terms, max(first_on, terms.effective_on))
        for term in count(terms, running.number if running else 0):
            if term.first_on > last_on:
                return
            if term.last_on is None or term.last_on >= first_on:
                yield term.first_on, term.last_on
    except LifecycleError:
        return  # a gap in the register: its page says which


@dataclass(frozen=True, slots=True)
class Entry:
    """A deadline in the cell of its day."""

    id: str
    what: str
    label: str
    tone: str


class Marked(NamedTuple):
    """What stands on a day: the first ``ENTRIES``, and how many there are."""

    entries: tuple[Entry, ...]
    number: int


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day of a month; *more* entries are not told."""

    on: date
    number: int
    is_inside: bool
    is_today: bool
    is_closed: bool
    entries: tuple[Entry, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Month:
    """A month in weeks from Monday to Sunday."""

    title: str
    first_on: date
    before: str
    after: str
    weeks: tuple[tuple[DayCell, ...], ...]


def month_span(first_on: date) -> tuple[date, date]:
    """The Monday and the Sunday between which a month is shown."""
    last_on = after(first_on, Period(months=1)) - _DAY
    return first_on - first_on.weekday() * _DAY, last_on + (6 - last_on.weekday()) * _DAY


def month(first_on: date, marked: Mapping[date, Marked], today: date) -> Month:
    """The month that begins on *first_on*, with what stands on its days."""
    start_on, end_on = month_span(first_on)
    days = [start_on + number * _DAY for number in range((end_on - start_on).days + 1)]
    cells = [_cell(on, marked.get(on, Marked((), 0)), first_on, today) for on in days]
    weeks = tuple(tuple(cells[start : start + 7]) for start in range(0, len(cells), 7))
    before_on = (first_on - _DAY).replace(day=1)
    title = f"{MONTHS[first_on.month - 1]} {first_on.year}"
    return Month(title, first_on, f"{before_on:%Y-%m}", f"{after(first_on, Period(months=1)):%Y-%m}", weeks)


def entry(facts: Deadline, tone: str, today: date) -> Entry:
    """A deadline in few words."""
    what, _ = row_lead(facts, today)
    return Entry(facts.milestone_id, what, label(facts), tone)


def _cell(on: date, marked: Marked, first_on: date, today: date) -> DayCell:
    is_inside = (on.year, on.month) == (first_on.year, first_on.month)
    weekend = on.weekday() >= 5
    more = marked.number - len(marked.entries)
    return DayCell(on, on.day, is_inside, on == today, weekend, marked.entries, more)


@dataclass(frozen=True, slots=True)
class LoadCell:
    """How many deadlines somebody has in a week; *shade* from 0 to 4."""

    count: int
    shade: int


@dataclass(frozen=True, slots=True)
class LoadRow:
    """Somebody's weeks. *search* finds them."""

    name: str
    search: str
    cells: tuple[LoadCell, ...]
    total: int


@dataclass(frozen=True, slots=True)
class LoadTable:
    """Who has how much, the busiest first."""

    weeks: tuple[str, ...]
    rows: tuple[LoadRow, ...]
    totals: tuple[int, ...]


def load_span(today: date) -> tuple[date, date]:
    """The Monday of this week, and the last day of the last week shown."""
    monday = today - today.weekday() * _DAY
    return monday, monday + timedelta(weeks=WEEKS) - _DAY


def load_table(work: Work, loads: Iterable[Load], today: date) -> LoadTable:
    """A table of owners and weeks; what those who have left still own is nobody's."""
    monday, _ = load_span(today)
    weeks = [monday + timedelta(weeks=number) for number in range(WEEKS)]
    counted: dict[str | None, Counter[date]] = defaultdict(Counter)
    found = tuple(loads)
    work.people.read(one.owner_id for one in found)
    for one in found:
        owner = None if one.owner_id is None else work.people.get(one.owner_id)
        counted[None if owner is None or owner.is_disabled else owner.id][one.week_on] += one.number
    rows = [_load_row(work, owner_id, weeks, by_week) for owner_id, by_week in counted.items()]
    totals = tuple(sum(row.cells[number].count for row in rows) for number in range(WEEKS))
    ordered = tuple(sorted(rows, key=lambda row: (-row.total, row.name)))
    return LoadTable(tuple(brief_day(on, on) for on in weeks), ordered, totals)


def _load_row(work: Work, owner_id: str | None, weeks: list[date], by_week: dict[date, int]) -> LoadRow:
    person = None if owner_id is None else work.people.get(owner_id)
    cells = tuple(LoadCell(number, _shade(number)) for number in (by_week.get(on, 0) for on in weeks))
    name, search = (person.label, f"owner:{person.email}") if person else ("Nobody", "owner:nobody")
    return LoadRow(name, search, cells, sum(one.count for one in cells))


def _shade(number: int) -> int:
    return sum(number >= least for least in _SHADES)
