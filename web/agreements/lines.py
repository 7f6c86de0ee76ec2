"""An agreement in a list, and what a list of them is asked by its address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from lifecycle.agreements.running import last_day_of
from lifecycle.agreements.status import Status
from notifiers.wording import amount, capital, relative
from store.queries.agreement_lists import AgreementFilter
from store.queries.search import NOTHING, Search, typed_search_of_agreements

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from engine.monitor import Work
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.people import Person
    from store.queries.agreement_lists import AgreementPage, AgreementRow

#: status -> tone of its chip, and its icon
TONES: Final[Mapping[Status, tuple[str, str]]] = {
    Status.DRAFT: ("grey", "file"),
    Status.AWAITING_SIGNATURE: ("amber", "clock"),
    Status.PENDING: ("blue", "calendar"),
    Status.IN_FORCE: ("green", "good"),
    Status.UNDER_NOTICE: ("amber", "flag"),
    Status.SURVIVING: ("blue", "lock"),
    Status.ENDED: ("grey", "open"),
}
_SOON: Final = 14  # days
ARCHIVE: Final = "archived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the list. *near_tone* is the colour of its nearest last safe day."""

    id: str
    reference: str
    title: str
    counterparty: str
    counterparty_id: str
    kind: str
    status: str
    tone: str
    shape: str
    is_restricted: bool
    value: str
    owner: str
    last_on: date | None
    near_on: date | None
    near_words: str
    near_kind: str
    near_tone: str
    near_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAsked:
    """What the address of a list says: its whole state, to be shared, fed, exported."""

    query: str = ""
    status: str = ""
    by_day: bool = False
    after: str = ""

    @classmethod
    def of(cls, said: Mapping[str, str]) -> ListAsked:
        """From the query string; what is not understood is left out."""
        status = said.get("status", "")
        known = {one.value for one in Status} | {ARCHIVE}
        return cls(
            query=said.get("q", "").strip(),
            status=status if status in known else "",
            by_day=said.get("by") == "day",
            after=said.get("after", ""),
        )

    def address(self, **other: str) -> str:
        """The query string with some parts changed; the list then begins anew."""
        said = {"q": self.query, "status": self.status, "by": "day" if self.by_day else ""} | other
        kept = {name: value for name, value in said.items() if value}
        return f"?{urlencode(kept)}" if kept else "?"

    def search(self) -> Search:
        """Raises SearchRefused for a word that nobody knows, and for words about deadlines."""
        return typed_search_of_agreements(self.query)

    def wanted(self, search: Search = NOTHING) -> AgreementFilter:
        """What the list is asked for."""
        is_archived = self.status == ARCHIVE
        status = Status(self.status) if self.status and not is_archived else None
        return AgreementFilter(search=search, status=status, is_archived=is_archived, by_day=self.by_day)


def lines(work: Work, page: AgreementPage) -> list[Line]:
    """The rows of a page; the people are asked for once."""
    ids = {row.agreement.owner_id for row in page.rows} - {None}
    owners = {one.id: one for one in work.people.all()} if ids else {}
    return [_line(work, row, owners) for row in page.rows]


def _line(work: Work, row: AgreementRow, owners: Mapping[str, Person]) -> Line:
    agreement, near = row
    today = work.today(agreement)
    tone, shape = TONES[agreement.status]
    owner = owners.get(agreement.owner_id or "")
    left = (near.safe_on - today).days if near else 0
    return Line(
        id=agreement.id,
        reference=agreement.reference,
        title=agreement.title,
        counterparty=agreement.counterparty,
        counterparty_id=agreement.counterparty_id,
        kind=agreement.kind.value,
        status=agreement.status.value,
        tone=tone,
        shape=shape,
        is_restricted=agreement.is_restricted,
        value=amount(agreement.value) if agreement.value else "",
        owner=f"{owner.label}{' (has left)' * owner.is_disabled}" if owner else "",
        last_on=last_day_of(agreement, today),
        near_on=near.safe_on if near else None,
        near_words=relative(near.safe_on, today) if near else "",
        near_kind=_named(near) if near else "",
        near_tone="red" if left < 0 else "amber" if left <= _SOON else "",
        near_id=near.id if near else "",
    )


def _named(row: Milestone) -> str:
    return capital(row.name or row.key.kind.value.replace("-", " "))


def status_tabs(asked: ListAsked, counts: Mapping[Status, int]) -> Iterator[tuple[str, str, int | None, bool]]:
    """(name, query string, how many, whether it is this one): all, each status that there is, the archive."""
    yield "All", asked.address(status=""), sum(counts.values()), not asked.status
    for status in _in_order(counts):
        name = status.value.replace("_", " ").capitalize()
        yield name, asked.address(status=status.value), counts[status], asked.status == status.value
    yield "Archive", asked.address(status=ARCHIVE), None, asked.status == ARCHIVE


def _in_order(counts: Mapping[Status, int]) -> Iterable[Status]:
    first = (Status.IN_FORCE, Status.UNDER_NOTICE)
    return [one for one in (*first, *(each for each in Status if each not in first)) if counts.get(one)]
