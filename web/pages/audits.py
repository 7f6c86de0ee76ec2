"""``/audits``: what must be looked into or proved, by counterparty, and what was proved in twelve months (P13)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from lifecycle.days.dates import Period, after, before
from lifecycle.milestones.milestone import MilestoneKind, MilestoneState
from notifiers.wording import capital, day
from store.queries.audits import evidence_accepted, evidence_covering, evidence_to_come
from store.queries.deadlines import Deadlines, Wanted
from web.audits.strips import Strip, needed_since, strip_on
from web.audits.strips import drawing as strips_drawn
from web.deadlines.rows import rows_of
from web.frame.rendering import show
from web.frame.viewer import SignedIn
from web.timeline import Lane, Mark, Timeline, drawing, head

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.obligations.evidence import EvidenceRequest
    from store.queries import DeadlineRow
    from store.queries.audits import SeenEvidence
    from web.deadlines.rows import Row
    from web.frame.site import Site
    from web.frame.viewer import Viewer

KINDS: Final = frozenset(
    {
        MilestoneKind.AUDIT,
        MilestoneKind.EVIDENCE,
        MilestoneKind.CERTIFICATE,
        MilestoneKind.FINDING,
        MilestoneKind.REVIEW,
        MilestoneKind.SCREENING,
        MilestoneKind.DUE_DILIGENCE,
        MilestoneKind.REGULATORY_REVIEW,
        MilestoneKind.TRAINING,
    }
)
_BACK: Final = 12  # months
_AHEAD: Final = 12
_SHOWN: Final = 200  # of each, read and drawn at once
_LISTED: Final = 50  # of what is due, with its buttons


class Proved(NamedTuple):
    """Something that was done, and what proves it."""

    id: str
    on: str
    what: str
    kind: str
    label: str
    reference: str
    by: str
    evidence: str


class Report(NamedTuple):
    """A report of an agreement, and who answers for it."""

    request: EvidenceRequest
    agreement: Agreement
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Everything that the page shows."""

    open: tuple[Row, ...]
    proved: tuple[Proved, ...]
    timeline: tuple[str, str]
    due: str  # how many are; "200+" where there are more than are read
    overdue: str
    following: str  # where the list of what is due goes on
    is_more: bool
    reports: tuple[Report, ...]  # asked for, received, under review; what is accepted stays a year
    covered: tuple[Strip, ...]
    strips: str


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    """One page."""
    made = APIRouter(include_in_schema=False)

    @made.api_route("/audits", methods=["GET", "HEAD"])
    def listed(viewer: SignedIn, after: str = "") -> HTMLResponse:
        with viewer.look() as work:
            return show(viewer, "audits.html", picture=_picture(work, viewer, after), after=after)

    return made


def _picture(work: Work, viewer: Viewer, place: str) -> Picture:
    """*place* is where the list of what is due goes on; figures and drawings are of the first. Raises CursorRefused."""
    today = viewer.today
    asked = Deadlines(work, person=viewer.person, today=today)
    year_ago = before(today, Period(months=_BACK))
    ahead = Wanted(kinds=KINDS, until_on=after(today, Period(months=_AHEAD)))
    done = Wanted(kinds=KINDS, from_on=year_ago, states=frozenset({MilestoneState.DONE}))
    page, closed = asked.page(ahead, limit=_SHOWN), asked.page(done, limit=_SHOWN)
    listed = asked.page(ahead, cursor=place, limit=_LISTED)
    overdue = sum(one.milestone.safe_on < today for one in page.rows)
    to_come = evidence_to_come(work, viewer.person, limit=_SHOWN + 1)
    accepted = evidence_accepted(work, viewer.person, since_on=year_ago, limit=_SHOWN + 1)
    covering = evidence_covering(work, viewer.person, since_on=needed_since(today), limit=_SHOWN + 1)
    covered = tuple(strip_on(*one, today) for one in covering[:_SHOWN])
    drawn = Timeline(lanes=_lanes((*closed.rows, *page.rows)), today=today, months=_AHEAD, months_back=_BACK)
    return Picture(
        open=tuple(rows_of(work, viewer, listed.rows)),
        following=listed.cursor,
        proved=tuple(_proved(one) for one in reversed(closed.rows)),
        timeline=(head(drawn), drawing(drawn)) if drawn.lanes else ("", ""),
        due=_number(len(page.rows), is_more=bool(page.cursor)),
        overdue=_number(overdue, is_more=bool(page.cursor) and overdue == _SHOWN),
        is_more=bool(closed.cursor) or any(len(one) > _SHOWN for one in (to_come, accepted, covering)),
        reports=_reports(work, [*to_come[:_SHOWN], *accepted[:_SHOWN]]),
        covered=covered,
        strips=strips_drawn(covered),
    )


def _number(found: int, *, is_more: bool) -> str:
    return f"{found}+" if is_more else f"{found}"


def _reports(work: Work, seen: Sequence[SeenEvidence]) -> tuple[Report, ...]:
    work.people.read(one.agreement.owner_id for one in seen)
    owners = {key: work.people.get(key).label for one in seen if (key := one.agreement.owner_id)}
    return tuple(Report(*one, owners.get(one.agreement.owner_id or "", "nobody")) for one in seen)


def _lanes(rows: Sequence[DeadlineRow]) -> tuple[Lane, ...]:
    """A lane for each counterparty, by name; what is missed stays open until it is closed or its next one comes."""
    by_counterparty: dict[str, list[Mark]] = defaultdict(list)
    for milestone, agreement in rows:
        mark = Mark(safe_on=_day_of(milestone), is_open=milestone.outcome is None)
        by_counterparty[agreement.counterparty].append(mark)
    return tuple(Lane(name=name, terms=(), marks=tuple(marks)) for name, marks in sorted(by_counterparty.items()))


def _day_of(milestone: Milestone) -> date:
    """The day on which it was proved, else by which it is due."""
    return (milestone.outcome.on if milestone.outcome else None) or milestone.safe_on


def _proved(row: DeadlineRow) -> Proved:
    milestone, agreement = row
    outcome = milestone.outcome
    return Proved(
        id=milestone.id,
        on=day(_day_of(milestone)),
        what=capital(milestone.name),
        kind=milestone.key.kind.value,
        label=agreement.counterparty,
        reference=agreement.reference,
        by=outcome.by if outcome else "",
        evidence=(outcome.evidence if outcome else "") or "",
    )
