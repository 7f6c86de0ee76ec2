"""Business calendars out of the ``holidays`` library.

Codes: ``DE-BE`` (a region), ``DE:national`` (what the whole country shares), ``FR`` (a country that needs no region),
``XECB`` or ``XNYS`` (a bank, an exchange), ``DE-BE:six-day`` (Saturday is open: the German *Werktag*),
``GB-ENG+US-NY`` (open where all are), ``GB-ENG|US-NY`` (open where any is), ``SAT_SUN`` and ``EVERY_DAY``.
"""

import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from lifecycle.days.calendars import EVERY_DAY, SAT_SUN, BusinessCalendar, Holiday, Joint, Weekend, joint, with_closures
from lifecycle.errors import SubdivisionRequired, UnknownCalendar

if TYPE_CHECKING:
    from holidays import HolidayBase

SOURCE = "holidays"
NATIONAL, SIX_DAY = "national", "six-day"
LANGUAGE = "en_US"
# Plain GB lacks Easter Monday and the August bank holiday, plain DE one to three days of every state.
REGION_NEEDED = frozenset({"AU", "CA", "CH", "DE", "ES", "GB", "IN", "MY", "US"})

_OURS = {calendar.code: calendar for calendar in (SAT_SUN, EVERY_DAY)}
_ONLY_FROM_TO = re.compile(r"available only from (\d{4}) to (\d{4})")
_SATURDAY = 5
_ONE_DAY = timedelta(days=1)
_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class _Place:
    """One calendar's code, taken apart and found in the library."""

    code: str
    entity: "type[HolidayBase]"
    region: str
    national: bool
    six_day: bool


@cache
def business_calendar(
    code: str, first_year: int = 1990, last_year: int = 2045, closures: tuple[Holiday, ...] = ()
) -> BusinessCalendar:
    """The calendar of *code*, its holidays known for *first_year* to *last_year*, with *closures* of our own.

    The library may know fewer years; the cover says which. Raises UnknownCalendar, and SubdivisionRequired for a
    country whose regions differ too much.
    """
    if closures:
        return with_closures(business_calendar(code, first_year, last_year), closures)
    if "+" in code and "|" in code:
        raise UnknownCalendar(code, because="+ and | cannot stand together")
    for sign, rule in (("+", Joint.ALL_OPEN), ("|", Joint.ANY_OPEN)):
        if sign in code:
            return joint(*(business_calendar(part, first_year, last_year) for part in code.split(sign)), rule=rule)
    return _OURS.get(code.strip().upper()) or _out_of_library(_place(code.strip()), first_year, last_year)


def _place(code: str) -> _Place:
    name, *variants = code.split(":")
    chosen = {variant.strip().lower() for variant in variants}
    if unknown := chosen - {NATIONAL, SIX_DAY}:
        raise UnknownCalendar(code, because=f"{min(unknown)} is no variant", choices=(NATIONAL, SIX_DAY))
    country, _, region = name.partition("-")
    known = _entities().get(country.upper())
    if known is None:
        raise UnknownCalendar(code)
    place, entity = known
    national = NATIONAL in chosen
    found = _region(place, entity, region, code)
    if found and national:
        raise UnknownCalendar(
            code, because="a region is not national", choices=(f"{place}-{found}", f"{place}:{NATIONAL}")
        )
    if place in REGION_NEEDED and not found and not national:
        raise SubdivisionRequired(place, tuple(f"{place}-{subdivision}" for subdivision in entity.subdivisions))
    marks = [variant for variant in (NATIONAL, SIX_DAY) if variant in chosen]
    canonical = ":".join((f"{place}-{found}" if found else place, *marks))
    return _Place(canonical, entity, found, national, SIX_DAY in chosen)


@cache
def _entities() -> Mapping[str, tuple[str, "type[HolidayBase]"]]:
    """Every code and alias that the library knows, with the canonical code; nothing is loaded yet."""
    import holidays
    from holidays import registry

    known = {}
    for table in (registry.COUNTRIES, registry.FINANCIAL):
        for name, code, *aliases in table.values():
            for alias in (code, *aliases):
                known[alias.upper()] = (code, getattr(holidays, name))
    return known


def _region(place: str, entity: "type[HolidayBase]", region: str, code: str) -> str:
    if not region:
        return ""
    known = {alias.upper(): subdivision for alias, subdivision in entity.subdivisions_aliases.items()}
    known |= {subdivision.upper(): subdivision for subdivision in entity.subdivisions}
    if region.upper() not in known:
        choices = tuple(f"{place}-{subdivision}" for subdivision in entity.subdivisions)
        raise UnknownCalendar(code, because="there is no such region", choices=choices)
    return known[region.upper()]


def _out_of_library(place: _Place, first_year: int, last_year: int) -> BusinessCalendar:
    from holidays.version import __version__

    entity = place.entity
    first, last = max(first_year, entity.start_year), min(last_year, entity.end_year)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        known = entity(
            subdiv=place.region or None,
            years=range(first, last + 1),
            language=LANGUAGE if LANGUAGE in entity.supported_languages else None,
        )
    first, last = _narrowed(first, last, [str(warning.message) for warning in warned])
    assumed = entity.subdivisions and not place.region and not place.national
    return BusinessCalendar(
        place.code,
        holidays=tuple(Holiday(on, name, estimated="estimated" in name) for on, name in known.items()),
        weekends=tuple(_eras(known, first, last, six_day=place.six_day)),
        first_on=date(first, 1, 1),
        last_on=date(last, 12, 31),
        source=SOURCE,
        version=__version__,
        assumptions=("national-calendar",) if assumed else (),
    )


def _narrowed(first: int, last: int, warned: list[str]) -> tuple[int, int]:
    """The years that the library vouches for: outside them it warns, and lacks the holidays that move."""
    for message in warned:
        if found := _ONLY_FROM_TO.search(message):
            first, last = max(first, int(found[1])), min(last, int(found[2]))
    return first, last


def _eras(known: "HolidayBase", first: int, last: int, *, six_day: bool) -> Iterator[Weekend]:
    """The weekends in order. They are looked at each January; the day of a change is then looked for."""
    weekend, since_on = _weekend(known, date(first, 1, 1)), date.min
    for year in range(first, last + 1):
        if _weekend(known, date(year + 1, 1, 1)) != weekend:
            yield _era(weekend, since_on, six_day=six_day)
            changed_on = _change(known, date(year, 1, 1), weekend)
            weekend, since_on = _weekend(known, changed_on), min(changed_on, date(year + 1, 1, 1))
    yield _era(weekend, since_on, six_day=six_day)


def _weekend(known: "HolidayBase", from_on: date) -> frozenset[int]:
    week = [from_on + _ONE_DAY * number for number in range(_A_WEEK)]
    return frozenset(day.weekday() for day in week if known.is_weekend(day))


def _change(known: "HolidayBase", day: date, weekend: frozenset[int]) -> date:
    """The first day from *day* on whose being off differs from *weekend*."""
    while known.is_weekend(day) == (day.weekday() in weekend):
        day += _ONE_DAY
    return day


def _era(weekend: frozenset[int], since_on: date, *, six_day: bool) -> Weekend:
    return Weekend(weekend - {_SATURDAY} if six_day else weekend, since_on)
