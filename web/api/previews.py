"""``preview``: messages as they would read; composed for whoever asks, without a link that acts, and sent to nobody.

The message of a deadline's step is for everybody who sees the deadline; messages of every kind are an admin's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Query, Response

from engine.delivery.previewing import preview, send_to
from engine.delivery.specimens import Specimen, places
from engine.documents.readable import readable
from lifecycle.rights import Act
from web.agreements.missing import Missing
from web.api.answers import changed, item
from web.api.bodies import Body, Text
from web.api.caller import Acts, Reads
from web.api.routing import get, post
from web.operating.previews import asked_for, composed, step_of, told_at

if TYPE_CHECKING:
    from fastapi import APIRouter

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone
    from store.deliveries import Body as Composed
    from web.operating.previews import Asked


class Look(Body):
    """About what, and which message; what is left out is the nearest that there is."""

    reference: Text = ""
    deadline: Text = ""
    kind: Specimen | None = None
    channel: Text = ""
    place: Text = ""


class LookAtStep(Body):
    """Which step, by its place on the ladder (``-30d.1.0``), and whose message; else the first."""

    place: Text = ""
    to: Text = ""
    channel: Text = ""


class SendTest(Body):
    place: Text = ""


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/preview", _every_kind, "Preview")
    get(made, "/deadlines/{deadline_id}/preview", _step, "Preview")
    post(made, "/deadlines/{deadline_id}/send-test", _send, "TestAsked")


def _every_kind(caller: Reads, asked: Annotated[Look, Query()]) -> Response:
    """A message of any kind, about an open deadline."""
    caller.require(Act.ADMINISTER)
    said = asked.model_dump(mode="json", exclude_none=True)
    with caller.look() as work:
        found = asked_for(caller, work, said)
        if found is None:
            raise Missing("open deadline", "Register an agreement first.")
        _must_be(found, asked)
        body = composed(caller, work, found)
        place = found.place if found.kind is Specimen.STEP else None
        how = {"kind": found.kind, "channel": found.channel, "to": caller.person.email, "place": place}
        return item(caller, "preview", _document(work, (found.agreement, found.milestone), how, body))


def _must_be(found: Asked, asked: Look) -> None:
    """What was asked for by name is there. Raises Missing."""
    there = {"deadline": found.milestone.id, "kind": found.kind, "channel": found.channel, "place": found.place}
    for name, one in there.items():
        if getattr(asked, name) not in {None, "", one}:
            raise Missing(f"such {name}", "Leave it out: the answer names what there is.")


def _step(caller: Reads, deadline_id: str, asked: Annotated[LookAtStep, Query()]) -> Response:
    """The message of a step of its ladder, as on its day."""
    with caller.look() as work:
        row = caller.queries(work).milestone(deadline_id)
        about = (row.agreement, row.milestone)
        step = step_of(work, *about, asked.place)
        told = told_at(work, about, step, to=asked.to, channel=asked.channel)
        body = preview(work, *about, step, told)
        how = {"kind": Specimen.STEP, "channel": told.channel, "to": told.address, "place": step.place}
        return item(caller, "preview", _document(work, about, how, body))


def _send(caller: Acts, deadline_id: str, said: SendTest | None = None) -> Response:
    """The message of a step goes to whoever asks, as a test, and to nobody else."""

    def change(work: Work) -> dict[str, Any]:
        row = caller.queries(work).milestone(deadline_id)
        step = step_of(work, row.agreement, row.milestone, said.place if said else "")
        told = send_to(work, row.agreement, row.milestone, step, caller.person)
        sent = {"channel": told.channel, "to": told.address, "is_dry_run": caller.is_dry_run}
        return {"deadline_id": row.milestone.id, "place": step.place, **sent}

    return changed(caller, "test-asked", change)


def _document(
    work: Work, about: tuple[Agreement, Milestone], how: dict[str, Any], body: Composed
) -> dict[str, Any]:  # fmt: skip
    agreement, milestone = about
    told = readable(body)
    return {
        "agreement_id": agreement.id,
        "reference": agreement.reference,
        "deadline_id": milestone.id,
        **how,
        "subject": told.subject,
        "text": told.text,
        "html": told.html or None,
        "places": places(work, agreement, milestone),
    }
