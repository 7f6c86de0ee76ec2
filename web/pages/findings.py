"""To live with a finding: from an agreement's *Related*, with a reason, until its facts change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.responses import RedirectResponse

from engine import operations
from engine.findings.standing import judged_about
from lifecycle.rights import Act
from store.queries.agreement_lists import agreement_by_id
from web.agreements.acts import standing_of
from web.agreements.missing import Missing
from web.frame.forms import Posted
from web.frame.rendering import go
from web.frame.viewer import SignedIn

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.findings.finding import Finding
    from web.frame.forms import Form
    from web.frame.site import Site
    from web.frame.viewer import Viewer


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    made = APIRouter(include_in_schema=False)

    @made.post("/agreements/{agreement_id}/findings/{finding_id}")
    def accept(viewer: SignedIn, agreement_id: str, finding_id: str, form: Posted) -> RedirectResponse:
        """Accept it; whoever may change the agreement that is to be mended may."""
        said = "Accepted. No digest tells of it until its facts change."
        return _judged(viewer, (agreement_id, finding_id), operations.accept_finding, form, said)

    @made.post("/agreements/{agreement_id}/findings/{finding_id}/reopen")
    def reopen(viewer: SignedIn, agreement_id: str, finding_id: str, form: Posted) -> RedirectResponse:
        """Live with it no longer; whoever may accept it may."""
        said = "It is to be mended: its owner is told again."
        return _judged(viewer, (agreement_id, finding_id), operations.reopen_finding, form, said)

    return made


def _judged(
    viewer: Viewer, about: tuple[str, str], operation: Callable[..., object], form: Form, said: str
) -> RedirectResponse:  # fmt: skip
    agreement_id, finding_id = about
    back = f"/agreements/{agreement_id}/related"
    try:
        with viewer.work() as work:
            agreement = agreement_by_id(work, agreement_id, viewer.person)
            viewer.require(Act.REGISTER, standing_of(viewer.person, agreement))
            operation(work, _found(work, viewer, agreement, finding_id), because=form.get("because"))
    except operations.FindingRefused as error:
        return go(viewer, back, f"{error.sentence} {error.remedy}", tone="bad")
    return go(viewer, back, said)


def _found(work: Work, viewer: Viewer, agreement: Agreement, finding_id: str) -> Finding:
    """The finding of this name that still holds, where this agreement is the one to mend. Raises Missing."""
    for one in judged_about(work, agreement, viewer.person):
        if one.finding.id == finding_id and one.finding.about[0] == agreement.reference:
            return one.finding
    raise Missing("such finding", "Its facts may have changed; look at the agreement again.")
