"""``/agreements/{id}``: one agreement with its parts, and verifying its facts. Unseen is not found, in every part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from engine.findings.standing import judged_about
from engine.known import counted_with
from lifecycle.days.dates import parse_day
from lifecycle.errors import LifecycleError
from lifecycle.obligations.duties import Once
from lifecycle.rights import Act, may
from notifiers.wording import day, due_words
from store.queries.agreement_lists import agreement_by_id, related_to
from web.agreements import card, history
from web.agreements import terms as terms_of_page
from web.agreements.acts import possible, standing_of
from web.agreements.lines import TONES
from web.agreements.verifying import verified
from web.frame.forms import Posted
from web.frame.rendering import go, show
from web.frame.viewer import SignedIn, Viewer

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.obligations.duties import Due
    from web.frame.site import Site

_FIRST: Final = 12  # key dates before *show all*
TABS: Final = (
    ("Overview", ""),
    ("Terms", "/terms"),
    ("Messages", "/messages"),
    ("Documents", "/documents"),
    ("Disclosures", "/disclosures"),
    ("Related", "/related"),
    ("History", "/history"),
    ("What if", "/what-if"),
)


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    made = APIRouter(include_in_schema=False)

    @made.api_route("/agreements/{agreement_id}", methods=["GET", "HEAD"])
    def overview(viewer: SignedIn, agreement_id: str) -> HTMLResponse:
        """Where it stands, its key dates, who answers for it."""
        with viewer.look() as work:
            return _overview(viewer, work, agreement_by_id(work, agreement_id, viewer.person))

    @made.api_route("/agreements/{agreement_id}/terms", methods=["GET", "HEAD"])
    def terms(viewer: SignedIn, agreement_id: str) -> HTMLResponse:
        """Each fact with the place where it is written."""
        with viewer.look() as work:
            return _terms(viewer, work, agreement_by_id(work, agreement_id, viewer.person))

    @made.post("/agreements/{agreement_id}/terms/verify")
    def verify(viewer: SignedIn, agreement_id: str, form: Posted) -> RedirectResponse:
        """Somebody compared a fact with the document: the days that rest on it are verified."""
        return _verify(viewer, agreement_id, form.get("fact"))

    @made.api_route("/agreements/{agreement_id}/related", methods=["GET", "HEAD"])
    def related(viewer: SignedIn, agreement_id: str) -> HTMLResponse:
        """What does not fit together, and what hangs together."""
        with viewer.look() as work:
            return _related(viewer, work, agreement_by_id(work, agreement_id, viewer.person))

    @made.api_route("/agreements/{agreement_id}/history", methods=["GET", "HEAD"])
    def past(viewer: SignedIn, agreement_id: str, as_of: str = "") -> HTMLResponse:
        """What has happened, or what was known on a day."""
        with viewer.look() as work:
            return _history(viewer, work, agreement_by_id(work, agreement_id, viewer.person), as_of)

    return made


def framed(viewer: Viewer, work: Work, agreement: Agreement, part: str) -> dict[str, Any]:
    """What every part of the page shows."""
    rows = work.milestones.of(agreement.id)
    return {
        "head": card.head(work, agreement, rows),
        "agreement_today": work.today(agreement),
        "rows": rows,
        "entries": list(possible(viewer.person, agreement)),
        "tabs": [(name, f"/agreements/{agreement.id}{path}") for name, path in TABS],
        "here": f"/agreements/{agreement.id}{part}",
    }


def _overview(viewer: Viewer, work: Work, agreement: Agreement) -> HTMLResponse:
    frame = framed(viewer, work, agreement, "")
    rows = frame.pop("rows")
    dates = card.key_dates([row for row in rows if row.is_live], frame["agreement_today"])
    with_all = viewer.request.query_params.get("dates") == "all"
    over = card.key_dates([row for row in rows if not row.is_live], frame["agreement_today"]) if with_all else []
    people = {one.id: one for one in work.people.all()}
    return show(
        viewer,
        "agreement.html",
        **frame,
        dates=dates if with_all else dates[:_FIRST],
        over=over,
        hidden_dates=0 if with_all else max(0, len(dates) - _FIRST),
        with_all=with_all,
        are_over=not with_all and len(rows) > len(dates),
        why_no_dates=card.why_no_dates(agreement),
        who=card.who(agreement, people),
        facts=[pair for pair in card.about(work, agreement) if pair[1]],
        missed=card.missed_window(work, agreement),
        obligations=[(one, _due(one.due)) for one in agreement.obligations],
        may_end=not agreement.is_archived and _may(viewer, agreement, Act.REGISTER),
    )


def _terms(viewer: Viewer, work: Work, agreement: Agreement) -> HTMLResponse:
    frame = framed(viewer, work, agreement, "/terms")
    rows = frame.pop("rows")
    return show(
        viewer,
        "agreement-terms.html",
        **frame,
        facts=terms_of_page.facts(agreement, rows),
        remarks=terms_of_page.remarks(agreement, rows),
        document=agreement.document,
        may_verify=_may(viewer, agreement, Act.GOVERN),
    )


def _verify(viewer: Viewer, agreement_id: str, fact: str) -> RedirectResponse:
    with viewer.work() as work:
        agreement = agreement_by_id(work, agreement_id, viewer.person)
        viewer.require(Act.GOVERN, standing_of(viewer.person, agreement))
        number = verified(work, agreement, fact)
    said = f"Verified: {number} {'day rests' if number == 1 else 'days rest'} on it."
    return go(viewer, f"/agreements/{agreement_id}/terms", said if number else "It was verified already.")


def _related(viewer: Viewer, work: Work, agreement: Agreement) -> HTMLResponse:
    frame = framed(viewer, work, agreement, "/related")
    frame.pop("rows")
    near = related_to(work, agreement, viewer.person)
    return show(
        viewer,
        "agreement-related.html",
        **frame,
        findings=judged_about(work, agreement, viewer.person),
        places={one.reference: f"/agreements/{one.id}" for one in near},
        may_accept=_may(viewer, agreement, Act.REGISTER),
        groups=_groups(agreement, near),
        tones=TONES,
    )


def _groups(agreement: Agreement, near: list[Agreement]) -> list[tuple[str, list[Agreement]]]:
    """What it hangs on, what hangs on it, the others of the counterparty; each agreement once."""
    above = [one for one in near if agreement.parent and one.reference.casefold() == agreement.parent.casefold()]
    below = [one for one in near if one.parent and one.parent.casefold() == agreement.reference.casefold()]
    others = [one for one in near if one not in above and one not in below]
    groups = (("Its master agreement", above), ("Agreements under it", below), ("Beside it", others))
    return [(name, found) for name, found in groups if found]


def _history(viewer: Viewer, work: Work, agreement: Agreement, as_of: str) -> HTMLResponse:
    frame = framed(viewer, work, agreement, "/history")
    rows = frame.pop("rows")
    then, then_on, error = None, None, ""
    if as_of:
        try:
            then_on = parse_day(as_of)
            then = history.known_on(work, agreement, then_on)
        except LifecycleError as refused:
            error = f"{refused.sentence} {refused.remedy}"
        except ValueError:
            error = "That is no day. Write it as 2026-12-01."
    may_read = _may(viewer, agreement, Act.READ_LOG)
    recorded = work.log.of_agreement(agreement.id) if may_read else []
    return show(
        viewer,
        "agreement-history.html",
        status=422 if error else 200,
        **frame,
        as_of=as_of,
        then_on=day(then_on) if then and then_on else "",
        then=terms_of_page.facts(then, ()) if then else None,
        then_version=then.version if then else None,
        then_by=f"{then.status.value.replace('_', ' ').capitalize()} then. {counted_with(work, then)}" if then else "",
        error=error,
        events=history.told(recorded, rows),
        total=len(recorded),
        may_read=may_read,
        pack=f"/evidence?{urlencode({'search': agreement.reference})}" if viewer.may(Act.EXPORT_EVIDENCE) else "",
    )


def _due(due: Due) -> str:
    """A day alone as days are written on pages; else the rule."""
    return day(due.on) if isinstance(due, Once) else due_words(due)


def _may(viewer: Viewer, agreement: Agreement, act: Act) -> bool:
    return may(viewer.person.role, act, standing_of(viewer.person, agreement))
