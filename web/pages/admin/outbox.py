"""``/admin/outbox``: every message, what became of it, and what a person may do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from engine.delivery import holding, silencing
from engine.documents.readable import readable
from lifecycle.delivery import DeliveryKind, DeliveryState
from lifecycle.errors import LifecycleError
from lifecycle.rights import Act
from store.queries import Queries
from store.queries.entering import NotFound
from store.queries.outbox import MessageFilter, Messages
from web.agreements.missing import Missing
from web.frame.forms import Posted
from web.frame.rendering import go
from web.frame.viewer import SignedIn
from web.pages.admin import words
from web.pages.admin.frame import page, references, refused

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.delivery import Delivery
    from web.frame.forms import Form
    from web.frame.site import Site
    from web.frame.viewer import Viewer

HERE: Final = "/admin/outbox"
#: A mail as its reader sees it: its own style, and nothing else from anywhere.
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
_DONE: Final = {"retry": "tried now", "hold": "held", "release": "released"}


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    made = APIRouter(include_in_schema=False)

    @made.api_route(HERE, methods=["GET", "HEAD"])
    def look(viewer: SignedIn) -> HTMLResponse:
        viewer.require(Act.READ_LOG)
        with viewer.look() as work:
            content = _listed(viewer, work)
        return page(viewer, "outbox", HERE, **content)

    @made.api_route(f"{HERE}/{{delivery_id}}", methods=["GET", "HEAD"])
    def one(viewer: SignedIn, delivery_id: str) -> HTMLResponse:
        """The whole story of one message."""
        viewer.require(Act.READ_LOG)
        with viewer.look() as work:
            content = _story(viewer, work, delivery_id)
        return page(viewer, "message", HERE, **content)

    @made.api_route(f"{HERE}/{{delivery_id}}/mail", methods=["GET", "HEAD"])
    def as_html(viewer: SignedIn, delivery_id: str) -> HTMLResponse:
        """A mail as its reader sees it, in a page that can do nothing."""
        viewer.require(Act.READ_LOG)
        with viewer.look() as work:
            seen = Messages(work, viewer.person)
            delivery = seen.one(delivery_id)
            body = work.deliveries.body(delivery.id) if seen.may_read(delivery) else None
        html = readable(body).html if body else ""
        if not html:
            raise Missing("HTML in this message", "Look at its text.")
        return HTMLResponse(html, headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-store"})

    @made.post(f"{HERE}/{{what}}")
    def act(viewer: SignedIn, what: str, form: Posted) -> RedirectResponse:
        """Retry, hold or release what was chosen; all of it or nothing."""
        viewer.require(Act.ADMINISTER)
        back = form.get("back") if form.get("back").startswith(HERE) else HERE
        try:
            return go(viewer, back, _act(viewer, what, form))
        except LifecycleError as error:
            return refused(viewer, back, error)

    return made


def _listed(viewer: Viewer, work: Work) -> dict[str, Any]:
    asked = viewer.request.query_params
    seen = Messages(work, viewer.person)
    wanted, wrong = _wanted(viewer, work)
    rows, cursor = ([], "") if wrong else seen.page(wanted, cursor=asked.get("after", ""))
    names = references(work, {one.delivery.agreement_id for one in rows if one.delivery.agreement_id})
    said = {name: value for name, value in asked.items() if value and name != "after"}
    return {
        "rows": rows,
        "names": names,
        "asked": said,
        "wrong": wrong,
        "waiting": seen.waiting(),
        "states": words.STATES,
        "kinds": words.KINDS,
        "state_choices": [("", "Any state"), *((one.value, told[0]) for one, told in words.STATES.items())],
        "channel_choices": [
            ("", "Any channel"),
            *((one, words.CHANNELS.get(one, one)) for one in viewer.monitor.notifiers),
        ],
        "silences": _silences(work),
        "may_act": viewer.may(Act.ADMINISTER),
        "here_path": f"{HERE}?{urlencode(said)}" if said else HERE,
        "next_path": f"{HERE}?{urlencode({**said, 'after': cursor})}" if cursor else "",
        "is_first": "after" not in asked,
    }


def _silences(work: Work) -> dict[str, str]:
    """What stands at a message that a silence holds -> whose silence that is, as people read it."""
    known = list(work.silences.all())
    work.people.read(one.author_id for one in known)
    authors = {key: work.people.get(key).label for one in known if (key := one.author_id)}
    return {silencing.why(one): f"silenced by {authors.get(one.author_id or '', 'the operator')}" for one in known}


def _wanted(viewer: Viewer, work: Work) -> tuple[MessageFilter, str]:
    """What is asked for, and what of it cannot be."""
    asked = viewer.request.query_params
    agreement_id = ""
    try:
        if asked.get("agreement"):
            agreement_id = Queries.of(work, person=viewer.person).agreement(asked["agreement"]).id
        states = frozenset({DeliveryState(asked["state"])}) if asked.get("state") else frozenset()
    except NotFound as error:
        return MessageFilter(), error.sentence
    except ValueError:
        return MessageFilter(), "There is no such state."
    channel, to = asked.get("channel", ""), asked.get("to", "").strip()
    return MessageFilter(states=states, channel=channel, to=to, agreement_id=agreement_id), ""


def _story(viewer: Viewer, work: Work, delivery_id: str) -> dict[str, Any]:
    seen = Messages(work, viewer.person)
    one = seen.one(delivery_id)
    body = work.deliveries.body(one.id) if seen.may_read(one) else None
    before = _visible(seen, one.fallback_of)
    return {
        "one": one,
        "message": readable(body) if body else None,
        "may_read": seen.may_read(one),
        "reference": references(work, {one.agreement_id}).get(one.agreement_id, "") if one.agreement_id else "",
        "attempts": work.deliveries.attempts_of(one.id),
        "before": before,
        "instead": seen.instead_of(one.id),
        "bundle": one.bundle_id,
        "members": _members(work, seen, one),
        "absent": work.people.get(one.stands_in_for).label if one.stands_in_for else "",
        "states": words.STATES,
        "kinds": words.KINDS,
        "channel": words.CHANNELS.get(one.channel, one.channel),
        "silences": _silences(work),
        "may_act": viewer.may(Act.ADMINISTER),
    }


def _members(work: Work, seen: Messages, one: Delivery) -> list[Delivery]:
    """What a digest tells, as far as it is theirs to see."""
    if one.kind is not DeliveryKind.DIGEST:
        return []
    return [each for each in work.deliveries.bundled(one.id) if seen.may_read(each)]


def _visible(seen: Messages, delivery_id: str | None) -> Delivery | None:
    try:
        return seen.one(delivery_id) if delivery_id else None
    except NotFound:
        return None


def _act(viewer: Viewer, what: str, form: Form) -> str:
    """What was done, in words. Raises LifecycleError, and nothing is changed."""
    if what not in _DONE:
        raise Missing("such button", "Go back to the outbox.")
    ids = form.all("id")
    if not ids:
        raise Missing("message chosen", "Tick those that you mean.")
    if what == "hold" and not form.get("because"):
        raise Missing("reason", "Say why they are held.")
    with viewer.work() as work:
        seen = Messages(work, viewer.person)
        for one in ids:
            seen.one(one)
        if what == "retry":
            holding.retry(work, ids)
        for one in ids if what != "retry" else ():
            holding.hold(work, one, because=form.get("because")) if what == "hold" else holding.release(work, one)
    return f"{len(ids)} {'message' if len(ids) == 1 else 'messages'} {_DONE[what]}."
