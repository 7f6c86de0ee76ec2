"""``feeds``: the calendars that somebody subscribes to; an address is told once, to whoever's feed it is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import Query, Response
from pydantic import Field

from engine.documents.feeds import addresses_of, feed_document, known_feed
from engine.feeds import create_feed, must_be_possible, revoke_feed, revoke_feeds, rotate_feed
from lifecycle.feeds import Detail, Feed, Reminders
from lifecycle.milestones.milestone import MilestoneKind
from lifecycle.rights import Act
from web.agreements.missing import Missing
from web.agreements.said import at
from web.api.answers import Pages, changed, item, items, some
from web.api.bodies import Body, Day, Nothing, Text
from web.api.caller import Acts, Administers, Caller, Reads
from web.api.routing import file, get, post
from web.feeds.once import UNKEPT, born_at
from web.feeds.rendering import Reader, rendered, scene_of

if TYPE_CHECKING:
    from fastapi import APIRouter

    from engine.monitor import Work


_ICS: Final = "text/calendar"
_ONCE: Final = ("url", "todo_url")


class Settings(Body):
    """What is left out is as the house has it."""

    search: Text = ""
    detail: Detail | None = None
    kinds: tuple[MilestoneKind, ...] = ()
    reminders: Reminders | None = None
    reminder_days: tuple[Annotated[int, Field(ge=0, le=400)], ...] | None = None
    months_ahead: Annotated[int, Field(ge=0, le=1000)] | None = None
    timed: bool | None = None
    todo: bool | None = None
    colour: Text | None = None


class Create(Settings):
    name: Text = "My deadlines"
    expires_on: Day | None = None


class Render(Settings):
    """A calendar that nobody subscribes to."""

    name: Text = "Deadlines"


class RevokeAll(Body):
    """Whose, by their address; without it everybody's."""

    person: Text = ""


class Rotate(Body):
    expires_on: Day | None = None


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/feeds", _listed, "Feed", many=True)
    file(made, "/feeds/render", _rendered, _ICS)
    get(made, "/feeds/{feed_id}", _one, "Feed")
    file(made, "/feeds/{feed_id}/render", _rendered_one, _ICS)
    post(made, "/feeds", _create, "Feed", status=201)
    post(made, "/feeds/revoke-all", _revoke_all, "FeedsRevoked")
    post(made, "/feeds/{feed_id}/rotate", _rotate, "Feed")
    post(made, "/feeds/{feed_id}/revoke", _revoke, "Feed")


def _listed(caller: Reads, asked: Pages) -> Response:
    """One's own; an admin's are everybody's."""
    with caller.look() as work:
        found = work.feeds.listed(None if caller.may(Act.ADMINISTER) else caller.person.id)
        page, following = some(found, lambda one: f"{one[0].created_at.isoformat()} {one[0].id}", asked)
        return items(caller, "feeds", [feed_document(work, *one) for one in page], following)


def _one(caller: Reads, feed_id: str) -> Response:
    """One of them, also one that has ended."""
    with caller.look() as work:
        return item(caller, "feeds", known_feed(work, _known(work, caller, feed_id, by_admin=True).id))


def _create(caller: Acts, said: Create) -> Response:
    """Subscribe; ``url``, and with ``todo`` ``todo_url``, are told in this answer alone."""

    def change(work: Work) -> dict[str, Any]:
        settings = said.model_dump(exclude_none=True, exclude={"expires_on"})
        most = caller.site.style.most
        blank = Feed(
            id="", person_id=caller.person.id, name="", detail=most, created_at=work.now, changed_at=work.now
        )  # fmt: skip
        opened = create_feed(work, replace(blank, **settings), most=most, expires_on=said.expires_on)
        return known_feed(work, opened.feed.id) | addresses_of(caller.site.base_url, opened)

    return changed(caller, "feeds", change, status=201, once=_ONCE)


def _rendered(caller: Reads, asked: Annotated[Render, Query()]) -> Response:
    """The calendar of a search as a file, once: nobody subscribes, and it does not follow what changes."""
    with caller.look() as work:
        at, most = born_at(work), caller.site.style.most
        blank = Feed(
            id=UNKEPT, person_id=caller.person.id, name="", search="", detail=most, created_at=at, changed_at=at
        )
        feed = replace(blank, **asked.model_dump(exclude_none=True))
        must_be_possible(feed, most)
        return _calendar(caller, work, feed)


def _rendered_one(caller: Reads, feed_id: str) -> Response:
    """One's own calendar as a file, once: it does not follow what changes."""
    with caller.look() as work:
        feed = _known(work, caller, feed_id)
        return _calendar(caller, work, replace(feed, todo=False))


def _calendar(caller: Caller, work: Work, feed: Feed) -> Response:
    """What *feed* shows now to whoever calls, by their rights of this moment."""
    scene = scene_of(work, feed, caller.site.style, Reader(person=caller.person, is_todo=feed.todo))
    headers = {"Content-Disposition": 'attachment; filename="longstop.ics"', "Cache-Control": "no-store"}
    return Response(rendered(work, scene).data, media_type=f"{_ICS}; charset=utf-8", headers=headers)


def _rotate(caller: Acts, feed_id: str, said: Rotate | None = None) -> Response:
    """Another address; the old one has ended."""

    def change(work: Work) -> dict[str, Any]:
        known = _known(work, caller, feed_id)
        opened = rotate_feed(work, known.id, expires_on=said.expires_on if said else None)
        return known_feed(work, known.id) | addresses_of(caller.site.base_url, opened)

    return changed(caller, "feeds", change, once=_ONCE)


def _revoke(caller: Acts, feed_id: str, said: Nothing | None = None) -> Response:
    """End it for good."""
    del said

    def change(work: Work) -> dict[str, Any]:
        known = _known(work, caller, feed_id, by_admin=True)
        revoke_feed(work, known.id)
        return known_feed(work, known.id)

    return changed(caller, "feeds", change)


def _revoke_all(caller: Administers, said: RevokeAll | None = None) -> Response:
    """End every feed of somebody, or of everybody; an admin's."""

    def change(work: Work) -> dict[str, Any]:
        caller.require(Act.ADMINISTER)
        with at("person"):
            whose = work.people.by_email(said.person).id if said and said.person else None
        return {"revoked": revoke_feeds(work, whose), "is_dry_run": caller.is_dry_run}

    return changed(caller, "feeds-revoked", change)


def _known(work: Work, caller: Caller, feed_id: str, *, by_admin: bool = False) -> Feed:
    """One's own; another's address is nobody's business, not even an admin's."""
    found = work.feeds.get(feed_id)
    if found.person_id != caller.person.id and not (by_admin and caller.may(Act.ADMINISTER)):
        raise Missing("such feed", "List them.")
    return found
