"""``/admin/log``: what has happened, in words; whether the chain holds; and the events as a file."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final, get_args
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse

from lifecycle.days.dates import parse_day
from lifecycle.errors import DayOutOfRange
from lifecycle.events import Event, IncidentOpened
from lifecycle.rights import Act
from lifecycle.words import shown
from notifiers.wording import event_details, event_words, milestone_words
from store.queries import Queries
from store.queries.entering import NotFound
from store.queries.log import ChainBroken, EventFilter, exported, happened
from web.agreements.history import through_words
from web.agreements.missing import Missing
from web.frame.forms import Posted, whole
from web.frame.rendering import go
from web.frame.viewer import SignedIn
from web.pages.admin.frame import page, references

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.monitor import Work
    from store.queries.log import Recorded
    from web.frame.site import Site
    from web.frame.viewer import Viewer

HERE: Final = "/admin/log"
_WORD: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


class _Wrong(Exception):
    """Something that cannot be asked for."""


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    made = APIRouter(include_in_schema=False)

    @made.api_route(HERE, methods=["GET", "HEAD"])
    def look(viewer: SignedIn) -> HTMLResponse:
        viewer.require(Act.READ_LOG)
        with viewer.look() as work:
            content = _listed(viewer, work)
        return page(viewer, "log", HERE, status=422 if content["wrong"] else 200, **content)

    @made.api_route(f"{HERE}/events.jsonl", methods=["GET", "HEAD"])
    def export(viewer: SignedIn) -> StreamingResponse:
        """The same selection, oldest first, a line each."""
        viewer.require(Act.READ_LOG)
        with viewer.look() as work:
            try:
                wanted = _wanted(viewer, work)
            except _Wrong as error:
                raise Missing("such event", str(error)) from error
        headers = {"Content-Disposition": 'attachment; filename="events.jsonl"', "Cache-Control": "no-store"}
        return StreamingResponse(_lines(viewer, wanted), media_type="application/jsonl", headers=headers)

    @made.post(f"{HERE}/verify")
    def verify(viewer: SignedIn, _form: Posted) -> RedirectResponse:
        """Walk the whole chain."""
        viewer.require(Act.READ_LOG)
        try:
            with viewer.look() as work:
                number = work.log.verify()
                _, head = work.log.head()
        except ChainBroken as error:
            return go(viewer, HERE, f"{error.sentence} {error.remedy}", tone="bad")
        return go(viewer, HERE, f"The log is whole: {number} events, head {head[:16]}.")

    return made


def _listed(viewer: Viewer, work: Work) -> dict[str, Any]:
    asked = {name: value for name, value in viewer.request.query_params.items() if value}
    said = {name: value for name, value in asked.items() if name != "before"}
    found: list[Recorded] = []
    before, wrong = 0, ""
    try:
        place = whole(asked.get("before", ""))
        found, before = happened(work, viewer.person, _wanted(viewer, work), before=place or 0)
    except _Wrong as error:
        wrong = str(error)
    query = urlencode(said)
    return {
        "rows": _rows(work, found),
        "asked": asked,
        "wrong": wrong,
        "types": [("", "Any event"), *((name, _said(name)) for name in _types())],
        "actors": sorted(one.email for one in work.people.all()),
        "next_path": f"{HERE}?{urlencode({**said, 'before': before})}" if before else "",
        "first_path": (f"{HERE}?{query}" if query else HERE) if "before" in asked else "",
        "export_path": f"{HERE}/events.jsonl" + (f"?{query}" if query else ""),
    }


def _wanted(viewer: Viewer, work: Work) -> EventFilter:
    """What is asked for. Raises _Wrong."""
    asked = viewer.request.query_params
    agreement_id = ""
    if asked.get("agreement"):
        try:
            agreement_id = Queries.of(work, person=viewer.person).agreement(asked["agreement"].strip()).id
        except NotFound as error:
            raise _Wrong(error.sentence) from error
    until_on = _day(viewer, "until")
    return EventFilter(
        agreement_id=agreement_id,
        type=asked.get("type", ""),
        actor=asked.get("actor", "").strip(),
        from_at=_midnight(viewer, _day(viewer, "from")),
        until_at=_midnight(viewer, until_on + timedelta(days=1) if until_on else None),
    )


def _day(viewer: Viewer, name: str) -> date | None:
    text = viewer.request.query_params.get(name, "")
    try:
        return parse_day(text) if text else None
    except ValueError:
        raise _Wrong(f"{name.capitalize()}: {shown(text)} is no day. Write days as 2026-12-01.") from None
    except DayOutOfRange as error:
        raise _Wrong(f"{name.capitalize()}: {error.sentence} {error.remedy}") from None


def _midnight(viewer: Viewer, on: date | None) -> datetime | None:
    """When a day begins for whoever looks."""
    return datetime.combine(on, time.min, viewer.zone).astimezone(UTC) if on else None


def _rows(work: Work, found: list[Recorded]) -> list[dict[str, Any]]:
    """Events as sentences; what they are about is read in one question each."""
    days = work.milestones.many({_about(one, "milestone_id") for one in found} - {""})
    names = references(work, {_about(one, "agreement_id") for one in found} - {""})
    people = {one.id: one.label for one in work.people.all()}

    def named(milestone_id: str) -> str:
        row = days.get(milestone_id)
        return milestone_words(row) if row else "a date"

    return [
        {
            "position": one.position,
            "at": one.at,
            "words": event_words(one.event, named),
            "details": (*_whom(one, people), *event_details(one.event, named)),
            "who": one.actor.name,
            "through": through_words(one.actor),
            "delivery_id": _about(one, "delivery_id"),
            "agreement_id": _about(one, "agreement_id"),
            "reference": names.get(_about(one, "agreement_id"), ""),
        }
        for one in found
    ]


def _whom(one: Recorded, people: Mapping[str, str]) -> tuple[str, ...]:
    """The person whom an event is about, or which incident it was."""
    about = people.get(_about(one, "person_id"))
    kind = one.event.kind.replace("_", " ").capitalize() if isinstance(one.event, IncidentOpened) else ""
    return tuple(filter(None, (about, kind)))


def _about(one: Recorded, name: str) -> str:
    return getattr(one.event, name, None) or ""


def _lines(viewer: Viewer, wanted: EventFilter) -> Iterator[str]:
    with viewer.look() as work:
        for row in exported(work, viewer.person, wanted):
            yield json.dumps(row, ensure_ascii=False) + "\n"


def _types() -> list[str]:
    return sorted(kind.__name__ for kind in get_args(Event))


def _said(name: str) -> str:
    return _WORD.sub(" ", name).capitalize()
