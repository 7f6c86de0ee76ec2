"""What a list of deadlines is asked for: its whole state stands in the address (INTERFACE.md H1).

So a list can be shared, kept under a name, subscribed to and exported as it is seen.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from lifecycle.days.dates import parse_day
from lifecycle.errors import DayOutOfRange, LifecycleError
from lifecycle.milestones.milestone import LIVE, OUTCOMES
from lifecycle.rights import Act
from store.queries.deadlines import Wanted
from store.queries.search import NOTHING, SearchRefused, typed_search
from web.frame.forms import whole
from web.timeline import SPANS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from store.queries.deadlines import Tiles
    from store.queries.search import Search
    from web.frame.viewer import Viewer

PAGE: Final = "deadlines"  # under which saved views are kept
WITHIN: Final = ("overdue", "14", "30", "90")
SHOWS: Final = ("list", "month", "load")
_TILES: Final = (
    ("overdue", "Overdue", "red", {"within": "overdue", "q": ""}),
    ("within_14", "Next 14 days", "amber", {"within": "14", "q": ""}),
    ("within_30", "Next 30 days", "blue", {"within": "30", "q": ""}),
    ("within_90", "Next 90 days", "", {"within": "90", "q": ""}),
    ("nobodys", "Without owner", "", {"within": "", "q": "owner:nobody"}),
    ("unverified", "Not verified", "", {"within": "", "q": "is:unverified"}),
)
#: What people come for who do not come for a day, and where it is answered.
_QUESTIONS: Final = (
    ("notices due in 30 days", "/deadlines?q=kind%3Anotice+due%3A%3C31d"),
    ("options that end by then", "/deadlines?q=kind%3Aoption+due%3A%3C31d"),
    ("decided, not done", "/deadlines?q=is%3Adecided"),
    ("dates to verify", "/verify"),
    ("audits and evidence", "/audits"),
    ("gaps and incidents", "/gaps"),
    ("what has ended", "/deadlines?ended=1"),
)
_USUAL_MONTHS: Final = SPANS[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The state of the list, as the address has it; what makes no sense there is as if it were not there."""

    q: str = ""
    within: str = ""
    mine: bool = False
    told: bool = False  # what others answer for and the reader was asked about
    ended: bool = False  # also what has its outcome
    show: str = "list"
    month: str = ""  # 2026-12
    span: int = _USUAL_MONTHS  # months of the timeline
    every: bool = False  # the timeline of all, not of the first
    cursor: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Asked:
        """From the query string."""
        span = whole(given.get("span", ""))
        return cls(
            q=given.get("q", "").strip()[:500],
            within=_one_of(given.get("within", ""), WITHIN, ""),
            mine=given.get("mine") == "1",
            told=given.get("told") == "1",
            ended=given.get("ended") == "1",
            show=_one_of(given.get("show", ""), SHOWS, "list"),
            month=given.get("month", ""),
            span=span if span in SPANS else _USUAL_MONTHS,
            every=given.get("every") == "1",
            cursor=given.get("cursor", ""),
        )

    def query(self, **changes: Any) -> str:  # noqa: ANN401 - the fields above
        """The query string of this state, with *changes*; what is as usual is left out."""
        wanted = replace(self, **{"cursor": "", **changes})
        usual = asdict(Asked())
        said = {name: value for name, value in asdict(wanted).items() if value != usual[name]}
        return urlencode({name: "1" if value is True else value for name, value in said.items()})

    def path(self, **changes: Any) -> str:  # noqa: ANN401 - the fields above
        """The address of the list in this state, with *changes*."""
        query = self.query(**changes)
        return f"/deadlines?{query}" if query else "/deadlines"

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out that the usual list has."""
        return bool(self.q or self.within or self.mine or self.told)

    @property
    def is_searched(self) -> bool:
        """Whether search words of the reader's own narrow the list; the tiles count as if there were none."""
        return self.q not in {changes["q"] for *_, changes in _TILES}

    @property
    def is_all_mine(self) -> bool:
        """Whether it is all that the reader answers for."""
        return self.mine and not (self.q or self.within or self.told)

    def searched(self) -> tuple[Search, LifecycleError | None]:
        """The search words, and what is wrong with them."""
        try:
            return typed_search(self.q), None
        except SearchRefused as error:
            return NOTHING, error

    def wanted(self, viewer: Viewer, today: date) -> Wanted:
        """Which deadlines these are on a day."""
        search, _ = self.searched()
        from_on, until_on = self.days(today)
        return Wanted(
            search=search,
            from_on=from_on,
            until_on=until_on,
            states=LIVE | OUTCOMES if self.ended else LIVE,
            owner_id=viewer.person.id if self.mine else None,
            asked=viewer.person if self.told else None,
        )

    def days(self, today: date) -> tuple[date | None, date | None]:
        """The first and the last of the last safe days."""
        if self.within == "overdue":
            return None, today - timedelta(days=1)
        if self.within:
            return today, today + timedelta(days=int(self.within))
        return None, None

    def month_on(self, today: date) -> date:
        """The first day of the month that is shown."""
        try:
            return parse_day(f"{self.month}-01")
        except (ValueError, DayOutOfRange):
            return today.replace(day=1)


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure that is a filter."""

    number: str
    name: str
    tone: str
    href: str
    is_here: bool


def questions(viewer: Viewer) -> tuple[tuple[str, str], ...]:
    """Names and addresses; the proof for those who may take it along."""
    return (*_QUESTIONS, ("proof", "/evidence")) if viewer.may(Act.EXPORT_EVIDENCE) else _QUESTIONS


def tiles(asked: Asked, counted: Tiles, most: int) -> list[Tile]:
    """The six figures; at *most* the counting has stopped. What is empty has no colour."""
    made = []
    for name, words, tone, changes in _TILES:
        number = getattr(counted, name)
        is_here = all(getattr(asked, field) == value for field, value in changes.items())
        off = {"within": "", "q": ""} if is_here else changes
        said = f"{most - 1:,}+" if number >= most else f"{number:,}"
        made.append(Tile(said, words, tone if number else "", asked.path(**off), is_here))
    return made


def _one_of(given: str, known: tuple[str, ...], usual: str) -> str:
    return given if given in known else usual
