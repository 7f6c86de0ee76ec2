"""``/verify``: days whose facts nobody has compared with the document (INTERFACE.md P9).

What was assumed comes first, then the nearest days, twenty at a time; beside each day stand the facts that it rests on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from engine.delivery.composing import facts_of
from lifecycle.rights import Act
from notifiers.wording import assumption_lines, clause_words, label, lead_line
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
    def look(viewer: SignedIn, skip: _Skip = 0) -> HTMLResponse:
        with viewer.look() as work:
            lists = Deadlines(work, person=viewer.person, today=viewer.today)
            found = list(islice(_found(lists), skip, skip + _SHOWN + 1))
            rows = [_waiting(work, viewer, row) for row in found[:_SHOWN]]
            total = lists.tiles().unverified
        said = f"{MOST - 1:,}+" if total >= MOST else f"{total:,}"
        after = skip + _SHOWN if len(found) > _SHOWN else 0
        return show(
            viewer, "verify.html", rows=rows, total=said, skip=skip, after=after, may_verify=viewer.may(Act.GOVERN)
        )

    return made


def _found(lists: Deadlines) -> Iterator[DeadlineRow]:
    wanted = Wanted(search=parse_search("is:unverified"))
    return chain(lists.every(replace(wanted, assumed=True)), lists.every(replace(wanted, assumed=False)))


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
