"""What a report is, and which one is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from engine.zones import midnight
from store.queries.reports import Span

if TYPE_CHECKING:
    from web.frame.viewer import Viewer
    from web.govern.tables import Table

MOST: Final = 20_000  # rows of a file
SHOWN: Final = 200  # rows of a page


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report; *chart* is a picture of its table."""

    key: str
    title: str
    about: str
    table: Table
    chart: str = ""
    empty: str = "Nothing to tell."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which report, of which days (both inside), with how many rows at most."""

    show: str
    from_on: date
    until_on: date
    most: int = SHOWN

    def span(self, viewer: Viewer) -> Span:
        """The days in the zone of whoever looks."""
        name = viewer.zone.key
        return Span(midnight(self.from_on, name), midnight(self.until_on + timedelta(days=1), name))
