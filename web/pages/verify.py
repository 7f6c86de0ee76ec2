"""``/verify``: days whose facts nobody has compared with the document (INTERFACE.md P9).

What was assumed comes first, then the nearest days, twenty at a time; beside each day stand the facts that it rests on.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from engine.delivery.composing import facts_of
from lifecycle.rights import Act
from notifiers.wording import assumption_lines, clause_words, label, lead_line
from store.queries.cursors import cursor_of
from store.queries.deadlines import MOST, Deadlines, Wanted
from store.queries.search import parse_search
from web.agreements.terms import RESTING, Fact, facts
from web.deadlines.rows import tone
from web.frame.rendering import show
from web.frame.viewer import SignedIn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from engine.monitor import Work
    from store.queries import DeadlineRow
    from web.frame.site import Site
    from web.frame.viewer import Viewer

_SHOWN: Final = 20
_Skip = Annotated[int, Query(ge=0, le=MOST)]
_ASSUMED: Final = "assumed"  # the part of the list in which a page ended
_STATED: Final = "stated"
_LINKS: Final = ("https://", "http://")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A day that waits to be verified, and the facts that it rests on."""

    id: str
    agreement_id: str
    on: date
    tone: str
    lead: str
    label: str
    reference: str
    place: str
    assumptions: tuple[str, ...]
    facts: tuple[Fact, ...]
    document: str
    is_link: bool


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    """One page; verifying itself is an answer to the deadline."""
    made = APIRouter(include_in_schema=False)

    @made.api_route("/verify", methods=["GET", "HEAD"])
    def look(viewer: SignedIn, after: str = "", skip: _Skip = 0) -> HTMLResponse:
        """*after* is where the page before ended, *skip* how many stood on it and before it."""
        with viewer.look() as work:
            lists = Deadlines(work, person=viewer.person, today=viewer.today)
            found = list(islice(_found(lists, after), _SHOWN + 1))
            rows = [_waiting(work, viewer, row) for _, row in found[:_SHOWN]]
            total = lists.tiles().unverified
            is_empty = not total and next(iter(lists.every(Wanted())), None) is None
        return show(
            viewer,
            "verify.html",
            rows=rows,
            total=f"{MOST - 1:,}+" if total >= MOST else f"{total:,}",
            skip=skip if after else 0,
            after=_place(*found[_SHOWN - 1]) if len(found) > _SHOWN else "",
            is_empty=is_empty,
            may_verify=viewer.may(Act.GOVERN),
        )

    return made


def _found(lists: Deadlines, after: str) -> Iterator[tuple[bool, DeadlineRow]]:
    """Whether something was assumed, and the deadline; from behind a place on. Raises CursorRefused."""
    part, _, cursor = after.partition(".")
    for is_assumed in (False,) if part == _STATED else (True, False):
        wanted = Wanted(search=parse_search("is:unverified"), assumed=is_assumed)
        for row in lists.every(wanted, cursor=cursor, at_once=_SHOWN + 1):
            yield is_assumed, row
        cursor = ""


def _place(is_assumed: bool, row: DeadlineRow) -> str:  # noqa: FBT001 - as it is found
    cursor = cursor_of(row.milestone.safe_on, row.milestone.id)
    return f"{_ASSUMED if is_assumed else _STATED}.{cursor}"


def _waiting(work: Work, viewer: Viewer, row: DeadlineRow) -> Waiting:
    milestone, agreement = row
    known = facts_of(work, agreement, milestone)
    resting = [one for one in facts(agreement, (milestone,)) if milestone.key.kind in RESTING.get(one.key, ())]
    return Waiting(
        id=milestone.id,
        agreement_id=agreement.id,
        on=milestone.safe_on,
        tone=tone(milestone, viewer.today),
        lead=lead_line(known, work.today(agreement)),
        label=label(known),
        reference=agreement.reference,
        place=clause_words(milestone.clause),
        assumptions=assumption_lines(known),
        facts=tuple(resting),
        document=agreement.document,
        is_link=agreement.document.startswith(_LINKS),
    )
