"""``/counterparties``: the other sides, and all that is agreed with one of them, as far as it may be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse

from engine import operations
from engine.findings.register import register_findings
from engine.findings.standing import judged
from lifecycle.errors import LifecycleError
from lifecycle.rights import Act, Standing
from store.queries import Queries
from store.queries.agreement_lists import AgreementFilter, agreement_page
from store.queries.counterparty_lists import (
    count_counterparties,
    counterparties_seen,
    counterparty_named,
    is_counterparty_seen,
)
from web.agreements.card import key_date
from web.agreements.lines import lines
from web.agreements.missing import Missing
from web.frame.forms import Posted
from web.frame.rendering import go, show
from web.frame.viewer import SignedIn
from web.govern.places import REGISTER

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.obligations.checklist import Checklist
    from web.frame.forms import Form
    from web.frame.site import Site

_MOST: Final = 200  # agreements of one counterparty on its page
_DATES: Final = 12
_LISTED: Final = 100  # counterparties on a page
_Skip = Annotated[int, Query(ge=0, le=1_000_000)]


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    made = APIRouter(include_in_schema=False)

    @made.api_route("/counterparties", methods=["GET", "HEAD"])
    def listed(viewer: SignedIn, q: str = "", skip: _Skip = 0) -> HTMLResponse:
        """The other sides by name."""
        named = q.strip()
        with viewer.look() as work:
            found = counterparties_seen(work, viewer.person, named=named, skip=skip, limit=_LISTED)
            total = count_counterparties(work, viewer.person, named=named)
        return show(viewer, "counterparties.html", places=REGISTER, query=named, found=found, total=total, skip=skip)

    @made.api_route("/counterparties/{counterparty_id}", methods=["GET", "HEAD"])
    def one(viewer: SignedIn, counterparty_id: str) -> HTMLResponse:
        """One of them: its agreements, what is due with it, what does not fit together."""
        return _one(viewer, counterparty_id)

    @made.post("/counterparties/{counterparty_id}/contacts", response_model=None)
    def contacts(viewer: SignedIn, counterparty_id: str, form: Posted) -> HTMLResponse | RedirectResponse:
        """Say whom a ladder asks over there, or that it is nobody any more."""
        viewer.require(Act.REGISTER)
        try:
            with viewer.work() as work:
                said = _named(viewer, work, counterparty_id, form)
        except LifecycleError as error:
            if error.code in {"not-found", "forbidden"}:
                raise
            return _one(viewer, counterparty_id, form=form, error=error)
        return go(viewer, f"/counterparties/{counterparty_id}", said)

    return made


def _named(viewer: SignedIn, work: Work, counterparty_id: str, form: Form) -> str:
    """Name a contact, or take one away; what is said of it. Raises Missing, NotFound, ContactRefused."""
    if not is_counterparty_seen(work, viewer.person, counterparty_id):
        raise Missing("such counterparty", "Look for it among the counterparties.")
    called = counterparty_named(work, counterparty_id)
    if form.get("remove"):
        operations.drop_contact(work, called, name=form.get("remove"))
        return "The contact is removed."
    made = operations.name_contact(
        work, called, name=form.get("name"), email=form.get("email"), person=form.get("person")
    )
    return f"counterparty:{made.name} is {made.label}."


def _checklists(viewer: SignedIn) -> tuple[Checklist, ...]:
    """What can be laid over a counterparty, for those who may; nothing where the house has no rules of its own."""
    if viewer.site.rules is None or not viewer.may(Act.REGISTER, Standing(is_own=True)):
        return ()
    return viewer.site.rules.checklists()


def _one(
    viewer: SignedIn, counterparty_id: str, *, form: Form | None = None, error: LifecycleError | None = None
) -> HTMLResponse:
    with viewer.look() as work:
        wanted = AgreementFilter(counterparty_id=counterparty_id, by_day=True)
        page = agreement_page(work, wanted, viewer.person, limit=_MOST)
        archived = agreement_page(
            work, AgreementFilter(counterparty_id=counterparty_id, is_archived=True), viewer.person, limit=_MOST
        )
        if not page.rows and not archived.rows:
            raise Missing("such counterparty", "Look for it among the counterparties.")
        found = [row.agreement for row in page.rows]
        near = [row for rows in Queries.of(work).nearest(found).values() for row in rows]
        names = {one.id: one.title or one.reference for one in found}
        places = {one.reference: f"/agreements/{one.id}/related" for one in found}
        soonest = sorted(near, key=lambda row: (row.safe_on, row.id))[:_DATES]
        return show(
            viewer,
            "counterparty.html",
            status=422 if error else 200,
            counterparty_id=counterparty_id,
            contacts=work.contacts.of(counterparty_id),
            may_name=viewer.may(Act.REGISTER),
            checklists=_checklists(viewer),
            typed=form.typed if form else {},
            error=error,
            called=counterparty_named(work, counterparty_id),
            lines=lines(work, page),
            archived=lines(work, archived),
            dates=[(key_date(row, viewer.today), names[row.key.holder]) for row in soonest],
            findings=judged(work, register_findings(work, found, viewer.today)),
            places=places,
            total=page.total,
        )
