"""``/demo``: choose who you are. One click signs in, since everybody here is invented."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from cli.demo.people import PASSWORD
from engine.access.entering import begin
from lifecycle.people import Role
from store.queries import DeadlineFilter, Queries
from web.frame.forms import PostedByAnybody
from web.frame.rendering import go, show
from web.frame.sessions import SESSION, keep_session
from web.frame.viewer import Anybody
from web.frame.visits import bound
from web.pages.sign_in import within

if TYPE_CHECKING:
    from cli.demo.opened import Demo
    from lifecycle.people import Person

#: Role -> what it is good for here; the first are those to begin with.
_MAY: Final = {
    Role.CONTRIBUTOR: "Owns agreements: acknowledges, says done, hands over.",
    Role.LEGAL: "Verifies dates, gives notice, waives, silences.",
    Role.ADMIN: "Runs the house: people, channels, settings.",
    Role.AUDITOR: "Reads everything, and the log.",
    Role.VIEWER: "Reads, subscribes, asks what if.",
}


@dataclass(frozen=True, slots=True)
class Guise:
    """Somebody to be: what they own, and what of it is late."""

    person: Person
    owned: int
    late: int


@dataclass(frozen=True, slots=True)
class Part:
    """A role, and who has it."""

    role: Role
    may: str
    guises: tuple[Guise, ...]


def router(demo: Demo) -> APIRouter:
    made = APIRouter(prefix="/demo")

    @made.api_route("", methods=["GET", "HEAD"])
    def choose(seen: Anybody) -> HTMLResponse:
        """Everybody, by role."""
        wanted = within(seen.request.query_params.get("next", ""))
        return bound(seen, lambda who: show(who, "demo.html", parts=parts(demo), next=wanted, password=PASSWORD))

    @made.post("", response_model=None)
    def enter(request: Request, seen: Anybody, form: PostedByAnybody) -> RedirectResponse:
        """Be somebody."""
        with demo.monitor.work() as work:
            person = work.people.get(form.get("person"))
            days = seen.site.session_days
            entered = begin(work, person, via="demo", days=days, before=request.cookies.get(SESSION, ""))
        answer = go(seen, within(form.get("next")))
        keep_session(answer, request, entered)
        return answer

    return made


def parts(demo: Demo) -> tuple[Part, ...]:
    """Everybody by role; who has most to do leads."""
    with demo.monitor.look() as work:
        people = [one for one in work.people.all() if not one.is_disabled]
        owned = Counter(one.owner_id for one in work.agreements.all())
        rows = Queries.of(work).deadlines(DeadlineFilter(until_on=demo.today), demo.today)
        late = Counter(row.agreement.owner_id for row in rows if row.milestone.safe_on < demo.today)
    guises = [Guise(one, owned[one.id], late[one.id]) for one in people]
    guises.sort(key=lambda one: (-one.late, -one.owned, one.person.name))
    return tuple(Part(role, may, tuple(one for one in guises if one.person.role is role)) for role, may in _MAY.items())
