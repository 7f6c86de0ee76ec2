"""Small workbooks and a small world for intake tests."""

from collections.abc import Mapping
from itertools import count

from engine.intake.context import Directory, IntakeContext
from engine.intake.merging import to_agreement
from engine.intake.reading import read_intake
from engine.intake.workbook import Sheet, Workbook
from lifecycle.errors import UnknownCalendar
from lifecycle.people import Person

OLGA = Person(id="p1", email="olga@example.com", name="Olga Novak")
MAX = Person(id="p2", email="max@example.com", name="Max Meyer")
OTHER_MAX = Person(id="p3", email="max.meyer@example.com", name="Max Meyer")


class KnownLaw:
    def __init__(self, calendar, rules):
        self.calendar, self.rules = calendar, rules


LAWS: Mapping[str, KnownLaw] = {"Germany": KnownLaw("DE:national", "bgb"), "New York": KnownLaw("US-NY", "us-contract")}


def calendars(code):
    if code not in {"DE-BE", "US-NY", "SAT_SUN", "DE:national"}:
        raise UnknownCalendar(code)
    return code


def context(**changes):
    numbers = count(1)
    known = {
        "people": Directory((OLGA, MAX, OTHER_MAX)),
        "counterparties": lambda name: f"c:{name.casefold()}",
        "laws": LAWS.get,
        "calendars": calendars,
        "new_id": lambda: f"new-{next(numbers)}",
        "time_zone": "Europe/Berlin",
        "teams": frozenset({"legal"}),
    }
    return IntakeContext(**(known | changes))


def workbook(headers, *rows, name="agreements", **beside):
    """A workbook of one sheet; *beside* are other sheets, each a list of rows with its headers first."""
    sheets = [Sheet(name, [list(headers), *map(list, rows)])]
    sheets += [Sheet(other, [list(row) for row in cells]) for other, cells in beside.items()]
    return Workbook(f"{name}.xlsx", tuple(sheets), "0" * 64)


def read(headers, *rows, given=None, dates=None, **beside):
    return read_intake(workbook(headers, *rows, **beside), given, dates=dates)


def draft(**cells):
    """The draft of one row."""
    cells = {"reference": "A-1", "counterparty": "Acme Labs GmbH"} | cells
    (found,) = read(list(cells), list(cells.values())).drafts
    return found


def registered(existing=None, *, known=None, **cells):
    """The agreement that one row makes, and its findings."""
    return to_agreement(draft(**cells), existing, known or context())


def codes(findings, *, errors=None):
    """``cell code`` of each finding; *errors* True or False picks errors or warnings."""
    return [f"{each.cell} {each.code}" for each in findings if errors is None or each.is_error is errors]
