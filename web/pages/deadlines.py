"""``/deadlines``: what needs me? The home of everybody (INTERFACE.md P3 to P5).

The same deadlines as a list with a timeline, as a month, and as the load of owners and weeks. What fails in one part is
said in its place, and the rest stays.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from engine.delivery.composing import facts_of
from lifecycle.errors import LifecycleError
from notifiers.wording import day
from store.queries.cursors import place_of
from store.queries.deadlines import MOST, Deadlines, Wanted
from store.queries.entering import SavedView
from web.deadlines import pictures
from web.deadlines.asked import PAGE, Asked, questions, tiles
from web.deadlines.rows import groups, rows_of, tone
from web.frame.forms import Posted
from web.frame.rendering import go, show
from web.frame.viewer import SignedIn
from web.timeline import SPANS, drawing, head

if TYPE_CHECKING:
    from datetime import date

    from engine.monitor import Work
    from store.queries import DeadlineRow
    from web.frame.site import Site
    from web.frame.viewer import Viewer

_AT_ONCE = 50
_NAME_MOST = 60


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    """The list, and the views of it that people keep."""
    made = APIRouter(include_in_schema=False)

    @made.api_route("/deadlines", methods=["GET", "HEAD"])
    def look(viewer: SignedIn, request: Request) -> HTMLResponse:
        asked = Asked.of(request.query_params)
        with viewer.look() as work:
            content = _content(work, viewer, asked)
        return show(viewer, "deadlines.html", status=422 if content["wrong"] else 200, asked=asked, **content)

    @made.post("/deadlines/views")
    def keep(viewer: SignedIn, form: Posted) -> RedirectResponse:
        asked = Asked.of(form.typed)
        name = form.get("name")[:_NAME_MOST]
        if not name:
            return go(viewer, asked.path(), "A view needs a name.", tone="bad")
        with viewer.work() as work:
            view = SavedView(id=work.new_id(), person_id=viewer.person.id, page=PAGE, name=name, query=asked.query())
            work.kept.save_view(view)
        return go(viewer, asked.path(), f'This view is kept as "{name}".')

    @made.post("/deadlines/views/{view_id}/drop")
    def drop(viewer: SignedIn, view_id: str, form: Posted) -> RedirectResponse:
        with viewer.work() as work:
            work.kept.drop_view(viewer.person.id, view_id)
        return go(viewer, Asked.of(form.typed).path(), "The view is gone; nothing else has changed.")

    return made


def _content(work: Work, viewer: Viewer, asked: Asked) -> dict[str, Any]:
    today = viewer.today
    lists = Deadlines(work, person=viewer.person, today=today)
    counted = lists.tiles(asked.wanted(viewer, today))
    _, wrong = asked.searched()
    content: dict[str, Any] = {
        "wrong": wrong,
        "tiles": tiles(asked, counted, MOST),
        "views": work.kept.views(viewer.person.id, PAGE),
        "places": questions(viewer),
        "empty": "",
        "instead": 0,
        "is_first": False,
        "groups": (),
        "cursor": "",
        "timeline": None,
    }
    if wrong is not None:
        return content
    match asked.show:
        case "month":
            return content | {"month": _month(work, viewer, lists, asked)}
        case "load":
            return content | {"load": _load(work, viewer, lists, asked)}
        case _:
            return content | _list(work, viewer, lists, asked) | {"spans": SPANS}


def _list(work: Work, viewer: Viewer, lists: Deadlines, asked: Asked) -> dict[str, Any]:
    wanted = asked.wanted(viewer, viewer.today)
    try:
        page = lists.page(wanted, cursor=asked.cursor, limit=_AT_ONCE)
    except LifecycleError as error:
        return {"wrong": error}
    if not page.rows:
        instead = lists.number(Wanted(asked=viewer.person)) if asked.mine else 0
        return {"empty": _empty(lists, asked, instead), "instead": instead, "is_first": lists.is_empty()}
    most = pictures.LANES_AT_MOST if asked.every else pictures.LANES
    listed = sorted(page.rows, key=_place)
    drawn = pictures.timeline(work, lists.every(wanted) if asked.every else listed, viewer.today, asked.span, most=most)
    rows = list(rows_of(work, viewer, listed))
    before_on = place_of(asked.cursor)[0] if asked.cursor else None
    return {
        "groups": groups(rows, viewer.today, before_on=before_on, goes_on=bool(page.cursor)),
        "may_answer": any(row.can for row in rows),
        "cursor": page.cursor,
        "shown": len(rows),
        "timeline": (head(drawn), drawing(drawn), len(drawn.lanes)),
    }


def _place(row: DeadlineRow) -> tuple[date, str, str, str, str]:
    """Where a deadline stands on its page, in the list and in the timeline; ids are left to chance and say nothing."""
    key = row.milestone.key
    return row.milestone.safe_on, row.agreement.reference, key.kind.value, key.cycle, key.subject


def _empty(lists: Deadlines, asked: Asked, instead: int) -> str:
    """What is said where nothing is listed, and where the next is; so many of others were asked of the reader."""
    if asked.is_all_mine and instead:
        return f"You answer for no deadline. You were asked about {instead} that others answer for."
    if asked.is_narrowed:
        counted = lists.tiles()
        ahead = counted.within_90 + counted.overdue
        none = "You answer for no deadline, and were asked about no other" if asked.is_all_mine else "Nothing matches"
        return f"{none}; {ahead} {'is' if ahead == 1 else 'are'} overdue or in the next 90 days."
    next_on = lists.next_on()
    return f"Next: {day(next_on)}." if next_on else "Nothing is ahead."


def _month(work: Work, viewer: Viewer, lists: Deadlines, asked: Asked) -> pictures.Month:
    first_on = asked.month_on(viewer.today)
    found = lists.days(_between(asked, viewer, *pictures.month_span(first_on)), most=pictures.ENTRIES)
    told = [row for on_day in found.values() for row in on_day.rows]
    work.people.read(one for row in told for one in (row.milestone.owner_id, row.agreement.owner_id))
    marked = {
        on: pictures.Marked(tuple(_entry(work, viewer, row) for row in rows), number)
        for on, (rows, number) in found.items()
    }
    return pictures.month(first_on, marked, viewer.today)


def _entry(work: Work, viewer: Viewer, row: DeadlineRow) -> pictures.Entry:
    facts = facts_of(work, row.agreement, row.milestone, with_why=False)
    return pictures.entry(facts, tone(row.milestone, viewer.today), work.today(row.agreement))


def _load(work: Work, viewer: Viewer, lists: Deadlines, asked: Asked) -> pictures.LoadTable:
    wanted = _between(asked, viewer, *pictures.load_span(viewer.today))
    return pictures.load_table(work, lists.load(wanted), viewer.today)


def _between(asked: Asked, viewer: Viewer, from_on: date, until_on: date) -> Wanted:
    return replace(asked.wanted(viewer, viewer.today), from_on=from_on, until_on=until_on)
