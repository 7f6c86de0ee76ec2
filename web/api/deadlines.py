"""``deadlines``: what is due, why on that day, and every answer to it."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from fastapi import Query, Response
from pydantic import Field

from engine.documents.deadlines import deadline_document, deadline_documents
from engine.documents.explained import explained_document
from engine.explaining import explained
from engine.findings.standing import beside
from engine.forecasting.forecast import forecast
from engine.forecasting.items import document as forecast_document
from engine.operations import Verdict
from lifecycle.errors import LifecycleError
from lifecycle.milestones.deciding import Choice
from lifecycle.milestones.milestone import LIVE, MilestoneKind, MilestoneState
from store.queries import DeadlineRow
from store.queries.deadlines import Deadlines, Wanted
from store.queries.search import typed_search
from web.api.answers import Paged, changed, item, items
from web.api.bodies import Base64, Because, Body, Day, Nothing, Said, Text, texts
from web.api.caller import Acts, Caller, Reads
from web.api.routing import get, post
from web.deadlines.acting import FieldRefused, Given, acted
from web.frame.forms import Form, Upload

if TYPE_CHECKING:
    from fastapi import APIRouter
    from pydantic import BaseModel

    from engine.monitor import Work

_AHEAD: Final = timedelta(days=365)
Searched = Annotated[str, Field(max_length=500, description="Search words, as in `longstop deadlines`.")]


class StaleDeadline(LifecycleError):
    """The day has moved since it was looked at; *present* is the deadline as it is now."""

    code = "stale-milestone"

    def __init__(self, said: str, present: dict[str, Any]) -> None:
        self.present = present
        super().__init__(said, remedy="Look at the deadline as it is now, then answer with its revision.")


class Revision(Body):
    """The revision that was looked at; another one is stale."""

    revision: int | None = None


class Snooze(Revision):
    until: Day


class Proof(Body):
    """A file, which is kept with the agreement; its evidence is its name with its SHA-256."""

    name: Said
    content: Base64
    media_type: Text = ""


class Done(Revision):
    """*evidence* is a link or a sentence; it, a *file*, or both. A test says its *result*, an audit may.

    What failed is a finding, to be remedied by a day and, where that is said, tested again.
    """

    evidence: Text = ""
    file: Proof | None = None
    on: Day | None = None
    result: Literal["passed", "failed"] | None = None
    remedy_by_on: Day | None = None
    retest_by_on: Day | None = None


class Decision(Revision):
    choice: Choice
    note: Text = ""


class Waive(Revision, Because):
    """Nobody has to act, and why."""


class Assign(Body):
    to: Said
    backup: Text = ""


class Pin(Because):
    on: Day


_NONE: Final[Mapping[str, tuple[Upload, ...]]] = {}
#: Names in the body -> names of the form whose rules hold here as well.
_FORM: Final = {"done": {"on": "done_on"}, "pin": {"on": "pin_on", "because": "pin_because"}}


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/deadlines", _listed, "Deadline", many=True)
    get(made, "/deadlines/{deadline_id}", _one, "Deadline")
    get(made, "/deadlines/{deadline_id}/derivation", _derivation, "Derivation")
    get(made, "/deadlines/{deadline_id}/forecast", _forecast, "Forecast", many=True)
    for name, endpoint in _OPERATIONS.items():
        post(made, f"/deadlines/{{deadline_id}}/{name}", endpoint, "Answered")


class Listing(Paged):
    """Which deadlines; days are last safe days, both inside."""

    search: Searched = ""
    from_on: Day | None = None
    until_on: Day | None = None
    kind: MilestoneKind | None = None
    state: Annotated[tuple[MilestoneState, ...], Field(description="Several times; else what is live.")] = ()


def _listed(caller: Reads, asked: Annotated[Listing, Query()]) -> Response:
    """By last safe day."""
    kind = f" kind:{asked.kind.value}" if asked.kind else ""
    wanted = Wanted(
        search=typed_search(asked.search + kind),
        from_on=asked.from_on,
        until_on=asked.until_on,
        states=frozenset(asked.state) or LIVE,
    )
    with caller.look() as work:
        page = Deadlines(work, person=caller.person, today=caller.today).page(
            wanted, cursor=asked.cursor, limit=asked.limit
        )
        found = deadline_documents(work, page.rows)
    return items(caller, "deadlines", found, page.cursor)


def _one(caller: Reads, deadline_id: str) -> Response:
    """One deadline."""
    with caller.look() as work:
        row = caller.queries(work).milestone(deadline_id)
        return item(caller, "deadlines", deadline_document(work, row), mark=str(row.milestone.revision))


def _derivation(caller: Reads, deadline_id: str) -> Response:
    """Every step from the clause to the day."""
    with caller.look() as work:
        row = caller.queries(work).milestone(deadline_id)
        findings = beside(work, row.agreement, caller.person)
        return item(caller, "explain", explained_document(work, row, explained(work, row), findings))


def _forecast(caller: Reads, deadline_id: str) -> Response:
    """Every message about it within a year, if nobody answers."""
    with caller.look() as work:
        row = caller.queries(work).milestone(deadline_id)
        found = forecast(work, caller.today + _AHEAD, reference=row.agreement.reference)
        told = [forecast_document(one) for one in found.among({row.agreement.reference}).items]
    mine = [one for one in told if deadline_id in _about(one)]
    return items(caller, "forecast", mine)


def _ack(caller: Acts, deadline_id: str, said: Revision | None = None) -> Response:
    """I have it: quiet until the next stage; it is still open."""
    return _answer(caller, deadline_id, "ack", said or Revision())


def _snooze(caller: Acts, deadline_id: str, said: Snooze) -> Response:
    """Quiet until a day, never past the last safe day less one business day."""
    return _answer(caller, deadline_id, "snooze", said)


def _undo(caller: Acts, deadline_id: str, said: Nothing | None = None) -> Response:
    """Take an acknowledgement or a snooze back."""
    return _answer(caller, deadline_id, "undo", said or Nothing())


def _done(caller: Acts, deadline_id: str, said: Done) -> Response:
    """It was done, and this proves it."""
    files = {"file": (_upload(said.file),)} if said.file else {}
    return _answer(caller, deadline_id, "done", said.model_copy(update={"file": None}), files)


def _upload(file: Proof) -> Upload:
    return Upload(file.name, b64decode(file.content), file.media_type or "application/octet-stream")


def _decide(caller: Acts, deadline_id: str, said: Decision) -> Response:
    """Record a decision; the answer says what is left to do."""
    return _answer(caller, deadline_id, "decide", said)


def _waive(caller: Acts, deadline_id: str, said: Waive) -> Response:
    """Nobody has to act, and this is why."""
    return _answer(caller, deadline_id, "waive", said)


def _assign(caller: Acts, deadline_id: str, said: Assign) -> Response:
    """Somebody else answers for it; they are told."""
    return _answer(caller, deadline_id, "assign", said)


def _reopen(caller: Acts, deadline_id: str, said: Because) -> Response:
    """Take an outcome back."""
    return _answer(caller, deadline_id, "reopen", said)


def _verify(caller: Acts, deadline_id: str, said: Nothing | None = None) -> Response:
    """The facts behind the day agree with the document."""
    return _answer(caller, deadline_id, "verify", said or Nothing())


def _accept(caller: Acts, deadline_id: str, said: Nothing | None = None) -> Response:
    """Let the later day hold that a changed calendar gives."""
    return _answer(caller, deadline_id, "accept", said or Nothing())


def _pin(caller: Acts, deadline_id: str, said: Pin) -> Response:
    """Set a day against the computation; the computed one stays visible."""
    return _answer(caller, deadline_id, "pin", said)


_OPERATIONS: Final[Mapping[str, Callable[..., Response]]] = {
    "ack": _ack, "snooze": _snooze, "undo": _undo, "done": _done, "decide": _decide, "waive": _waive,
    "assign": _assign, "reopen": _reopen, "verify": _verify, "accept": _accept, "pin": _pin,
}  # fmt: skip


def _answer(
    caller: Caller, deadline_id: str, operation: str, body: BaseModel, files: Mapping[str, tuple[Upload, ...]] = _NONE
) -> Response:
    names = _FORM.get(operation, {})
    bodys = {other: name for name, other in names.items()}
    said = {names.get(name, name): (text,) for name, text in texts(body).items() if name != "revision"}
    given = Given(Form(said, files), getattr(body, "revision", None))

    def change(work: Work) -> dict[str, Any]:
        row = caller.queries(work).milestone(deadline_id)
        try:
            answered = acted(work, caller, row, operation, given)
        except FieldRefused as error:
            error.field = bodys.get(error.field, error.field)
            raise
        work.settle()
        now = DeadlineRow(work.milestones.get(deadline_id), work.agreements.get(row.agreement.id))
        document = deadline_document(work, now)
        if answered.result is Verdict.STALE:
            raise StaleDeadline(answered.said, document)
        return {
            "result": answered.result,
            "said": answered.said,
            "is_dry_run": caller.is_dry_run,
            "deadline": document,
        }

    return changed(caller, "answered", change)


def _about(told: dict[str, Any]) -> set[str | None]:
    """The deadlines that a message is about; a digest is about several."""
    return {told["milestone_id"], *(one["milestone_id"] for one in told["members"])}
