"""``/deadlines/{id}``: one deadline, why its day is what it is, and every answer to it (INTERFACE.md P6, P10, P11).

Each answer is a form of its own and works without a script. A refusal is said at its field with what was typed; a day
that has moved since it was looked at changes nothing, and is shown (M2).
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import HTTPException
from fastapi.responses import HTMLResponse

from engine.findings.standing import beside
from engine.incoming.as_shown import AsShown
from engine.operations import Verdict
from lifecycle.errors import LifecycleError
from lifecycle.rights import Act, Forbidden
from web.agreements.history import told
from web.deadlines.acting import (
    FIELDS,
    OPERATIONS,
    UNDOABLE,
    ChangedMeanwhile,
    FieldRefused,
    Given,
    acted,
    back_to,
    stood_then,
    words_of,
)
from web.deadlines.card import card
from web.frame.forms import Posted, whole
from web.frame.rendering import go, show
from web.frame.viewer import SignedIn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.monitor import Work
    from engine.operations import Answered
    from store.queries import DeadlineRow
    from web.frame.forms import Form
    from web.frame.site import Site
    from web.frame.viewer import Viewer

_MOST_PEOPLE: Final = 300
_TONES: Final = {Verdict.APPLIED: "good", Verdict.ALREADY: "note", Verdict.NOTED: "note", Verdict.STALE: "bad"}


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    """The page, and its answers."""
    made = APIRouter(include_in_schema=False)

    @made.api_route("/deadlines/{deadline_id}", methods=["GET", "HEAD"])
    def look(viewer: SignedIn, deadline_id: str, do: str = "") -> HTMLResponse:
        return _page(viewer, deadline_id, opened=do)

    @made.post("/deadlines/{deadline_id}/{operation}")
    def answer(viewer: SignedIn, deadline_id: str, operation: str, form: Posted, request: Request) -> Response:
        if operation not in OPERATIONS:
            raise HTTPException(404)
        given = _given(form, request.query_params)
        try:
            answered = _answered(viewer, deadline_id, operation, given)
        except FieldRefused as error:
            return _refused(viewer, deadline_id, operation, form, {error.field: words_of(error)})
        except ChangedMeanwhile as error:
            return _refused(viewer, deadline_id, operation, form, {"act": words_of(error)}, status=HTTPStatus.CONFLICT)
        except Forbidden:
            raise
        except LifecycleError as error:
            if error.code == "not-found":
                raise
            return _refused(viewer, deadline_id, operation, form, {FIELDS.get(operation, "act"): words_of(error)})
        back = back_to(form.get("back") or request.query_params.get("back", ""), f"/deadlines/{deadline_id}")
        is_undoable = operation in UNDOABLE and answered.result is Verdict.APPLIED
        undo = f"/deadlines/{deadline_id}/undo?{urlencode({'back': back})}" if is_undoable else ""
        return go(viewer, back, answered.said, tone=_TONES[answered.result], undo=undo)

    return made


def _given(form: Form, query: Mapping[str, str]) -> Given:
    revision = form.get("revision") or query.get("revision", "")
    asks = form.get("asks")
    shown = AsShown(whole(form.get("generation")), asks) if asks else stood_then(query.get("stood", ""))
    return Given(form, whole(revision), query.get("until", ""), shown)


def _answered(viewer: Viewer, deadline_id: str, operation: str, given: Given) -> Answered:
    with viewer.work() as work:
        row = viewer.queries(work).milestone(deadline_id)
        return acted(work, viewer, row, operation, given)


def _refused(  # noqa: PLR0913 - what is shown again
    viewer: Viewer,
    deadline_id: str,
    operation: str,
    form: Form,
    errors: Mapping[str, str],
    *,
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> HTMLResponse:
    return _page(viewer, deadline_id, opened=operation, status=status, typed=form.typed, errors=errors)


def _page(  # noqa: PLR0913 - what a page is made of
    viewer: Viewer,
    deadline_id: str,
    *,
    opened: str = "",
    status: int = 200,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> HTMLResponse:
    with viewer.look() as work:
        row = viewer.queries(work).milestone(deadline_id)
        content = _content(work, viewer, row)
    return show(
        viewer, "deadline.html", status=status, opened=opened, typed=dict(typed or {}), errors=dict(errors or {}),
        **content,
    )  # fmt: skip


def _content(work: Work, viewer: Viewer, row: DeadlineRow) -> dict[str, Any]:
    agreement, milestone = row.agreement, row.milestone
    history = [
        one for one in work.log.of_agreement(agreement.id) if getattr(one.event, "milestone_id", "") == milestone.id
    ]
    return {
        "card": card(work, viewer, row),
        "history": told(history, [milestone]),
        "findings": beside(work, agreement, viewer.person),
        "may_govern": viewer.may(Act.GOVERN),
        "people": [one for one in work.people.all() if not one.is_disabled][:_MOST_PEOPLE],
    }
