"""``exit-plans``: how agreements are left, step by step; a plan has the id of its agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import Response

from engine import operations
from engine.documents.changes import outcome
from engine.documents.exits import exit_document, exit_documents
from engine.standing import standing
from lifecycle.errors import LifecycleError
from lifecycle.exits.plan import ExitKind
from lifecycle.rights import Act
from store.queries.agreement_lists import agreement_by_id
from store.queries.exits import with_exit_plan
from web.agreements.said import FormRefused, at
from web.api.answers import Pages, changed, item, items, some
from web.api.bodies import Because, Body, Day, Said, Text
from web.api.caller import Caller, Reads, Registers
from web.api.routing import get, post
from web.govern.books import rules_of
from web.govern.checklists import named

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import APIRouter

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement


class Amend(Body):
    """By which checklist, and when it must be over; without a day on the agreement's last day."""

    template: Said = "exit-bpo"
    exit_on: Day | None = None
    kind: ExitKind = ExitKind.PLANNED


class Create(Amend):
    agreement_id: Said


class Start(Because):
    """*stressed*: at once, steps are pressed together."""

    stressed: bool = False


class Test(Body):
    """A test to come says by when; one that was held says what it has shown, and on which day (else today).

    Where it was not passed, also by when that is remedied: it is a finding, and that day its deadline.
    """

    due_on: Day | None = None
    result: Text = ""
    on: Day | None = None
    passed: bool = False
    remedy_by_on: Day | None = None
    retest_by_on: Day | None = None


class PlanThere(LifecycleError):
    """An agreement that has an exit plan."""

    code = "already-there"

    def __init__(self) -> None:
        super().__init__("This agreement has an exit plan already.", remedy="Amend that one.")


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/exit-plans", _listed, "ExitPlan", many=True)
    get(made, "/exit-plans/{agreement_id}", _one, "ExitPlanShown")
    post(made, "/exit-plans", _create, "ExitPlanShown", status=201)
    post(made, "/exit-plans/{agreement_id}/amend", _amend, "ExitPlanShown")
    post(made, "/exit-plans/{agreement_id}/start", _start, "ExitPlanShown")
    post(made, "/exit-plans/{agreement_id}/stop", _stop, "ExitPlanShown")
    post(made, "/exit-plans/{agreement_id}/test", _test, "ExitPlanShown")


def _listed(caller: Reads, asked: Pages) -> Response:
    """By reference, each with its days and how far it is."""
    with caller.look() as work:
        page, following = some(with_exit_plan(work, caller.person), lambda one: f"{one.reference} {one.id}", asked)
        return items(caller, "exit-plans", exit_documents(work, page), following)


def _one(caller: Reads, agreement_id: str) -> Response:
    """One with its steps, its critical path and its tests."""
    with caller.look() as work:
        known = agreement_by_id(work, agreement_id, caller.person)
        return item(caller, "exit-plan", {**exit_document(work, known), "is_dry_run": False, "deadlines": None})


def _create(caller: Registers, said: Create) -> Response:
    """Say how an agreement would be left; what is missing in time is said."""

    def change(work: Work, known: Agreement) -> Agreement:
        if known.exit is not None:
            raise PlanThere
        return _planned(caller, work, known, said)

    return _changed(caller, said.agreement_id, change, status=201)


def _amend(caller: Registers, agreement_id: str, said: Amend) -> Response:
    """Plan it anew: tests stay, and the steps of one that has started move."""

    def change(work: Work, known: Agreement) -> Agreement:
        exit_document(work, known)  # there is something to amend
        return _planned(caller, work, known, said)

    return _changed(caller, agreement_id, change)


def _start(caller: Registers, agreement_id: str, said: Start) -> Response:
    """Begin the exit today: its steps become deadlines."""
    kind = ExitKind.STRESSED if said.stressed else None
    return _changed(
        caller, agreement_id, lambda work, known: operations.start_exit(work, known, because=said.because, kind=kind)
    )


def _stop(caller: Registers, agreement_id: str, said: Because) -> Response:
    """It is not left after all: open steps are withdrawn, the plan stays."""
    return _changed(caller, agreement_id, lambda work, known: operations.stop_exit(work, known, because=said.because))


def _test(caller: Registers, agreement_id: str, said: Test) -> Response:
    """Plan a rehearsal of the plan at a table, or record one that was held."""
    if (said.due_on is None) == (not said.result):
        raise FormRefused({"due_on": "Give either the day of a test to come, or the result of one that was held."})

    def change(work: Work, known: Agreement) -> Agreement:
        if said.due_on is not None:
            return operations.plan_test(work, known, due_on=said.due_on)
        held = operations.Held(
            on=said.on or work.today(known),
            is_passed=said.passed,
            result=said.result,
            remedy_by_on=said.remedy_by_on,
            retest_by_on=said.retest_by_on,
        )
        return operations.record_test(work, known, held)

    return _changed(caller, agreement_id, change)


def _planned(caller: Caller, work: Work, known: Agreement, said: Amend) -> Agreement:
    with at("template"):
        template = named(rules_of(caller), said.template)
    return operations.plan_exit(work, known, template, exit_on=said.exit_on, kind=said.kind)


def _changed(
    caller: Caller, agreement_id: str, change: Callable[[Work, Agreement], Agreement], *, status: int = 200
) -> Response:
    def act(work: Work) -> dict[str, Any]:
        known = agreement_by_id(work, agreement_id, caller.person)
        caller.require(Act.REGISTER, standing(work, caller.person, known))
        now = change(work, known)
        counts = outcome(work)
        document = exit_document(work, work.agreements.get(now.id))
        return {**document, "is_dry_run": caller.is_dry_run, "deadlines": counts}

    return changed(caller, "exit-plan", act, status=status)
