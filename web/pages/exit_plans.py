"""``/exit-plans``: how agreements are left, and one of them step by step (INTERFACE.md P14)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse

from engine import operations
from engine.documents.exits import exit_document, exit_documents
from engine.operations.exiting import ExitRefused
from engine.standing import standing
from lifecycle.days.dates import parse_day
from lifecycle.errors import LifecycleError
from lifecycle.exits.plan import ExitKind, is_template
from lifecycle.rights import Act
from store.queries.agreement_lists import agreement_by_id
from store.queries.exits import count_exit_plans, with_exit_plan
from store.queries.gaps import Gap, agreements_with, count_gaps
from web.exits.chart import Bar, bars
from web.frame.forms import Posted
from web.frame.rendering import go, show
from web.frame.viewer import SignedIn

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.obligations.checklist import Checklist
    from web.frame.forms import Form
    from web.frame.site import Site
    from web.frame.viewer import Viewer

_LISTED: Final = 50  # plans on a page
_OFFERED: Final = 12  # agreements without one
_Skip = Annotated[int, Query(ge=0, le=1_000_000)]
_SAID = {
    "plan": "The plan is made.",
    "start": "The exit has started: its steps are deadlines now.",
    "stop": "The exit is stopped; the plan stays.",
    "test": "The test is in the plan.",
}


def router(site: Site) -> APIRouter:
    """The list, one plan, and what is done with it."""
    made = APIRouter(include_in_schema=False)

    @made.api_route("/exit-plans", methods=["GET", "HEAD"])
    def listed(viewer: SignedIn, skip: _Skip = 0) -> HTMLResponse:
        """The plans that may be seen, and what is critical and has none."""
        with viewer.look() as work:
            found = exit_documents(work, with_exit_plan(work, viewer.person, skip=skip, limit=_LISTED))
            total = count_exit_plans(work, viewer.person)
            without = agreements_with(work, Gap.NO_EXIT_PLAN, viewer.person, limit=_OFFERED)
            lacking = count_gaps(work, viewer.person)[Gap.NO_EXIT_PLAN]
        return show(viewer, "exit-plans.html", found=found, total=total, skip=skip, without=without, lacking=lacking)

    @made.api_route("/exit-plans/{agreement_id}", methods=["GET", "HEAD"])
    def one(viewer: SignedIn, agreement_id: str) -> HTMLResponse:
        """One plan: its days, its steps, its tests; where there is none, the form that makes one."""
        return _page(site, viewer, agreement_id)

    @made.post("/exit-plans/{agreement_id}/{act}", response_model=None)
    def done(viewer: SignedIn, agreement_id: str, act: str, form: Posted) -> HTMLResponse | RedirectResponse:
        """Plan, start, stop, test; *try* shows what a plan would be and keeps nothing."""
        is_trial = bool(form.get("try"))
        try:
            with viewer.work(is_dry_run=is_trial) as work:
                agreement = agreement_by_id(work, agreement_id, viewer.person)
                viewer.require(Act.REGISTER, standing(work, viewer.person, agreement))
                changed = _acted(site, work, agreement, act, form)
                tried = exit_document(work, changed) if is_trial else None
        except LifecycleError as error:
            if error.code in {"not-found", "forbidden"}:
                raise
            return _page(site, viewer, agreement_id, form=form, error=error)
        if tried:
            return _page(site, viewer, agreement_id, form=form, tried=tried)
        return go(viewer, f"/exit-plans/{agreement_id}", _SAID.get(act, ""))

    return made


def _acted(site: Site, work: Work, agreement: Agreement, act: str, form: Form) -> Agreement:
    match act:
        case "plan":
            return operations.plan_exit(
                work, agreement, _template(site, form), exit_on=_day(form, "exit_on"), kind=_kind(form)
            )
        case "start":
            kind = ExitKind.STRESSED if form.get("stressed") else None
            return operations.start_exit(work, agreement, because=form.get("because"), kind=kind)
        case "stop":
            return operations.stop_exit(work, agreement, because=form.get("because"))
        case "test" if form.get("result"):
            held = operations.Held(
                on=_day(form, "on") or work.today(agreement),
                is_passed=form.get("verdict") == "passed",
                result=form.get("result"),
                remedy_by_on=_day(form, "remedy_by_on"),
                retest_by_on=_day(form, "retest_by_on"),
            )
            return operations.record_test(work, agreement, held)
        case "test":
            due_on = _day(form, "due_on")
            if due_on is None:
                raise ExitRefused("It is not said what about the test.", remedy="Give its day, or what it has shown.")
            return operations.plan_test(work, agreement, due_on=due_on)
        case _:
            raise ExitRefused("There is no such act.", remedy="Use the forms of the page.")


def _template(site: Site, form: Form) -> Checklist:
    for one in _templates(site):
        if one.name == form.get("template"):
            return one
    raise ExitRefused("It is not said by which template.", remedy="Choose one of the list.")


def _templates(site: Site) -> list[Checklist]:
    return [one for one in site.rules.checklists() if is_template(one)] if site.rules else []


def _kind(form: Form) -> ExitKind:
    return ExitKind.STRESSED if form.get("kind") == ExitKind.STRESSED.value else ExitKind.PLANNED


def _day(form: Form, name: str) -> date | None:
    said = form.get(name).strip()
    try:
        return parse_day(said) if said else None
    except ValueError:
        raise ExitRefused(f"{said} is no day.", remedy="Write it like 2027-01-31.") from None


def _page(  # noqa: PLR0913 - a page as it is, or after a form was refused or tried
    site: Site,
    viewer: Viewer,
    agreement_id: str,
    *,
    form: Form | None = None,
    error: LifecycleError | None = None,
    tried: dict[str, Any] | None = None,
) -> HTMLResponse:
    with viewer.look() as work:
        agreement = agreement_by_id(work, agreement_id, viewer.person)
        plan = tried or (exit_document(work, agreement) if agreement.exit else None)
        may_act = viewer.may(Act.REGISTER, standing(work, viewer.person, agreement))
    templates = [(one.name, f"{one.name}: {one.about}") for one in _templates(site)]
    return show(
        viewer,
        "exit-plan.html",
        status=422 if error else 200,
        agreement=agreement,
        plan=plan,
        chart=_chart(viewer, plan) if plan else "",
        may_act=may_act,
        templates=templates,
        typed=form.typed if form else {},
        error=error,
        is_trial=tried is not None,
    )


def _chart(viewer: Viewer, plan: dict[str, Any]) -> str:
    found = [
        Bar(one["name"], one["begin_by_on"], one["due_on"], one["is_critical"], one["done_on"] is not None)
        for one in sorted(plan["steps"], key=lambda step: (step["due_on"] or date.max, step["id"]))
        if one["begin_by_on"] and one["due_on"]
    ]
    title = f"The steps of the exit from {plan['reference']}; the same stands in the table"
    return bars(found, exit_on=plan["exit_on"] or viewer.today, today=viewer.today, title=title)
