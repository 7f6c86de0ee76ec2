"""``/subscribe``: deadlines in people's own calendars (CALENDAR.md section 6).

An address is shown once, in the answer that makes it. A form that cannot be comes back as it was filled in.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from engine.documents.feeds import addresses_of
from engine.feeds import create_feed, must_be_possible, revoke_feed, revoke_feeds, rotate_feed
from lifecycle.errors import LifecycleError
from lifecycle.feeds import NAME_LIMIT
from lifecycle.rights import Act
from store.queries.entering import NotFound
from web.feeds import filling
from web.feeds.bodies import Bodies, Which
from web.feeds.reading import APPS, ONCE, warnings, ways
from web.feeds.showing import counted, everybodys, mine, samples
from web.frame.forms import Posted
from web.frame.rendering import go, show
from web.frame.viewer import SignedIn

if TYPE_CHECKING:
    from engine.feeds import Opened
    from engine.monitor import Work
    from lifecycle.feeds import Feed
    from web.frame.forms import Form
    from web.frame.site import Site
    from web.frame.viewer import Viewer

_KEPT: Final = 16 * 1024 * 1024  # bytes of calendars, to count and to download


class _Wanted(NamedTuple):
    """The form as it is to be shown: a feed that is not made yet, what was typed, and why it was refused."""

    feed: Feed
    typed: dict[str, str]
    error: LifecycleError | None = None


def router(site: Site) -> APIRouter:
    made = APIRouter(include_in_schema=False)
    pages = _Pages(Bodies(site.monitor, site.style, most_bytes=_KEPT))
    made.add_api_route("/subscribe", pages.look, methods=["GET", "HEAD"])
    made.add_api_route("/subscribe", pages.create, methods=["POST"])
    made.add_api_route("/subscribe/preview", pages.preview, methods=["POST"])
    made.add_api_route("/subscribe/all", pages.everybody, methods=["GET", "HEAD"])
    made.add_api_route("/subscribe/all/revoke", pages.revoke_all, methods=["POST"], response_model=None)
    made.add_api_route("/subscribe/{feed_id}.ics", pages.download, methods=["GET", "HEAD"])
    made.add_api_route("/subscribe/{feed_id}/rotate", pages.rotate, methods=["POST"])
    made.add_api_route("/subscribe/{feed_id}/revoke", pages.revoke, methods=["POST"], response_model=None)
    return made


class _Pages:
    """The pages; *bodies* are what is kept of calendars for them."""

    def __init__(self, bodies: Bodies) -> None:
        self._bodies = bodies

    def look(self, viewer: SignedIn, q: str = "", copy: str = "", months: int = 0) -> HTMLResponse:
        """My feeds, and the form of a new one: of a list's words, or like another feed."""
        with viewer.look() as work:
            feed = filling.blank(work, viewer.person, viewer.site.style.most, q.strip())
            if copy:
                known = _own(work, viewer, copy)
                feed = replace(known, id="", name=f"{known.name} (copy)"[:NAME_LIMIT])
            if months:
                feed = replace(feed, months_ahead=months)
        return self._page(viewer, _Wanted(feed, {}))

    def preview(self, viewer: SignedIn, form: Posted) -> HTMLResponse:
        """The form again, with three entries as they would be; nothing is made."""
        return self._page(viewer, _read(viewer, form))

    def create(self, viewer: SignedIn, form: Posted) -> HTMLResponse:
        """A feed, and its address, this once."""
        try:
            with viewer.work() as work:
                feed = filling.filled(filling.blank(work, viewer.person, viewer.site.style.most, ""), form)
                opened = create_feed(work, feed, most=viewer.site.style.most, expires_on=filling.last_day(form))
        except LifecycleError as error:
            return self._page(viewer, _read(viewer, form, error))
        return _opened(viewer, opened, "Your calendar is ready")

    def rotate(self, viewer: SignedIn, form: Posted, feed_id: str) -> HTMLResponse:
        """Another address, this once; the old one is gone."""
        del form
        with viewer.work() as work:
            opened = rotate_feed(work, _own(work, viewer, feed_id).id)
        return _opened(viewer, opened, "The new address of your calendar")

    def revoke(self, viewer: SignedIn, form: Posted, feed_id: str) -> Response:
        """No address any more: of one's own feed, or of anybody's by who administers."""
        with viewer.work() as work:
            feed = work.feeds.get(feed_id)
            if feed.person_id != viewer.person.id:
                viewer.require(Act.ADMINISTER)
            revoke_feed(work, feed.id)
        return go(viewer, "/subscribe/all" if form.is_on("all") else "/subscribe", f"{feed.name} has ended.")

    def everybody(self, viewer: SignedIn) -> HTMLResponse:
        """All feeds, for who administers. Raises Forbidden."""
        viewer.require(Act.ADMINISTER)
        with viewer.look() as work:
            return show(viewer, "subscribe-all.html", lines=everybodys(work))

    def revoke_all(self, viewer: SignedIn, form: Posted) -> Response:
        """End every feed of everybody. Raises Forbidden."""
        del form
        viewer.require(Act.ADMINISTER)
        with viewer.work() as work:
            number = revoke_feeds(work)
        return go(viewer, "/subscribe/all", f"{number} {'feed has' if number == 1 else 'feeds have'} ended.")

    def download(self, viewer: SignedIn, feed_id: str) -> Response:
        """The calendar as a file, once: it does not follow what changes."""
        with viewer.look() as work:
            which = Which(_own(work, viewer, feed_id).id, is_todo=False)
        ready, _ = self._bodies.fresh(which)
        headers = {"Content-Disposition": 'attachment; filename="longstop.ics"', "Cache-Control": "no-store"}
        return Response(ready.body.data, media_type="text/calendar; charset=utf-8", headers=headers)

    def _page(self, viewer: Viewer, wanted: _Wanted) -> HTMLResponse:
        style, error, shown = viewer.site.style, wanted.error, None
        with viewer.look() as work:
            lines = mine(work, viewer.person)
            try:
                shown = samples(work, wanted.feed, style, viewer.person) if error is None else None
            except LifecycleError as found:
                error = found
        return show(
            viewer,
            "subscribe.html",
            status=422 if error else 200,
            feed=wanted.feed,
            typed=wanted.typed,
            wrong={getattr(error, "field", "search"): f"{error.sentence} {error.remedy}"} if error else {},
            samples=shown,
            lines=[counted(self._bodies, line) for line in lines],
            apps=APPS,
            warnings=warnings(viewer.monitor.house.base_url),
            administers=viewer.may(Act.ADMINISTER),
            **filling.choices(style.most),
        )


def _read(viewer: Viewer, form: Form, error: LifecycleError | None = None) -> _Wanted:
    """The form as it was filled in; *error*: why it was refused."""
    with viewer.look() as work:
        feed = filling.blank(work, viewer.person, viewer.site.style.most, "")
    try:
        feed = filling.filled(feed, form)
        must_be_possible(feed, viewer.site.style.most)
    except LifecycleError as found:
        return _Wanted(feed, form.typed, error or found)
    return _Wanted(feed, form.typed, error)


def _opened(viewer: Viewer, opened: Opened, title: str) -> HTMLResponse:
    base = viewer.monitor.house.base_url.rstrip("/")
    addresses = addresses_of(base, opened)
    return show(
        viewer,
        "subscribe-address.html",
        title=title,
        feed=opened.feed,
        ways=ways(str(addresses["url"])),
        todo=addresses["todo_url"] or "",
        once=ONCE,
        apps=APPS,
        warnings=warnings(base),
    )


def _own(work: Work, viewer: Viewer, feed_id: str) -> Feed:
    """A feed of whoever looks; another's is not found. Raises NotFound."""
    feed = work.feeds.get(feed_id)
    if feed.person_id != viewer.person.id:
        raise NotFound("feed", feed_id, remedy="Look for it among your own.")
    return feed
