"""``deadlines/bulk``: one answer to many deadlines; what one of them refuses stops no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from fastapi import Response
from pydantic import Field

from engine.documents.deadlines import deadline_document
from engine.operations import Verdict
from lifecycle.errors import LifecycleError
from store.queries import DeadlineRow
from web.agreements.said import FormRefused
from web.api.answers import Several, changed
from web.api.bodies import Body, Day, Said, Text, texts
from web.api.caller import Acts, Caller
from web.api.routing import post
from web.deadlines.acting import FieldRefused, Given
from web.deadlines.together import MOST, answer, seen
from web.frame.forms import Form

if TYPE_CHECKING:
    from fastapi import APIRouter

    from engine.monitor import Work

_UNSEEN: Final = "It is not known here, or not for you to see."


class One(Body):
    """A deadline, and the revision of it that was looked at."""

    id: Said
    revision: int | None = None


class Together(Body):
    """What is said of all: *until* of `snooze`, *to* and *backup* of `assign`, *because* of `waive`."""

    operation: Literal["ack", "snooze", "assign", "verify", "waive"]
    deadlines: Annotated[tuple[One, ...], Field(min_length=1, max_length=MOST)]
    until: Day | None = None
    to: Text = ""
    backup: Text = ""
    because: Text = ""


def routes(made: APIRouter) -> None:
    """Stands beside the operations of one deadline."""
    post(made, "/deadlines/bulk", _together, "AnsweredTogether", many=True)


def _together(caller: Acts, said: Together) -> Response:
    """Answer many at once: each with its result, or the code and the sentence of what refused it."""
    form = Form({name: (text,) for name, text in texts(said).items() if name not in {"operation", "deadlines"}})

    def change(work: Work) -> Several:
        found = [_one(work, caller, said.operation, form, one) for one in said.deadlines]
        good = sum(1 for one in found if one["is_good"])
        beside = {"answered": good, "refused": len(found) - good, "is_dry_run": caller.is_dry_run}
        return Several(found, beside)

    return changed(caller, "answered-together", change)


def _one(work: Work, caller: Caller, operation: str, form: Form, asked: One) -> dict[str, Any]:
    """Raises FormRefused for what would be refused of every one."""
    row = seen(work, caller, asked.id)
    if row is None:
        return {"id": asked.id, "is_good": False, "result": "not-found", "said": _UNSEEN, "deadline": None}
    what = answer(work, caller, row, operation, Given(form, asked.revision))
    if isinstance(what, FieldRefused):
        raise FormRefused({what.field: f"{what.sentence} {what.remedy}".strip()})
    now = DeadlineRow(work.milestones.get(row.milestone.id), work.agreements.get(row.agreement.id))
    if isinstance(what, LifecycleError):
        is_good, result, said = False, what.code, f"{what.sentence} {what.remedy}".strip()
    else:
        is_good, result, said = what.result is not Verdict.STALE, what.result.value, what.said
    document = deadline_document(work, now)
    return {"id": asked.id, "is_good": is_good, "result": result, "said": said, "deadline": document}
