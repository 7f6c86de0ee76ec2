"""Who looks: a visitor, or somebody who is signed in.

Pages take ``SignedIn``: whoever is not signed in is led to ``/login`` and back. A viewer reads by ``look`` and
``queries``, which show what they may see, and acts by ``work``, in their own name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import Depends, Request

from engine.access.entering import session_of
from engine.access.naming import named_person
from engine.trial import tried
from engine.watcher.telling import Told, told
from engine.zones import zone
from lifecycle.events import Actor
from lifecycle.people import Person
from lifecycle.rights import may, require
from store.queries import Queries
from store.queries.entering import Preferences, preferences_of
from web.frame.sessions import SESSION, VISIT, read_said

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from engine.monitor import Monitor, Work
    from lifecycle.rights import Act, Standing
    from web.frame.sessions import Said
    from web.frame.site import Site


PLAIN: Final = Preferences()
WELL: Final = Told()
_SITE: Final = 64  # bits of an IPv6 address that say which network


class SignInNeeded(Exception):
    """Nobody is signed in; the page is shown once somebody is."""


@dataclass(frozen=True)
class Visit:
    """One request by anybody. *bound* is what its forms are bound to: the session, or else the browser's visit."""

    request: Request
    now: datetime
    bound: str = ""
    person: Person | None = None
    preferences: Preferences = PLAIN
    house: Told = WELL

    @property
    def site(self) -> Site:
        site: Site = self.request.app.state.site
        return site

    @property
    def monitor(self) -> Monitor:
        return self.site.monitor

    @property
    def root(self) -> str:
        """What stands before every address: the path under which a proxy serves us."""
        return self.site.root_path

    @property
    def place(self) -> str:
        """Where on the network they are, as far as one who sits there cannot choose."""
        return place_of(self.request)

    @cached_property
    def said(self) -> Said | None:
        """What the last answer wanted said on the next page."""
        return read_said(self.request, self.site.key, self.bound)

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which they read instants: their own, else the organisation's."""
        own = self.person.time_zone if self.person else ""
        return zone(own or self.monitor.house.time_zone)

    @property
    def today(self) -> date:
        """The day in their zone."""
        return self.now.astimezone(self.zone).date()

    @property
    def path(self) -> str:
        """The address that was asked for, with its query, without what stands before every address."""
        query = self.request.url.query
        path = self.request.scope["path"].removeprefix(self.root)
        return f"{path}?{query}" if query else path


@dataclass(frozen=True)
class Viewer(Visit):
    """Somebody who is signed in; *session* is the digest of their session."""

    person: Person  # type: ignore[misc]  # a viewer is always somebody
    session: str = ""

    @property
    def actor(self) -> Actor:
        """In whose name they act."""
        return Actor(self.person.email, "web")

    def look(self) -> AbstractContextManager[Work]:
        """One consistent view of the register."""
        return self.monitor.look()

    def queries(self, work: Work) -> Queries:
        """What they may see."""
        return Queries.of(work, person=self.person)

    def work(self, *, is_dry_run: bool = False) -> AbstractContextManager[Work]:
        """One transaction in their name; of a dry run nothing is kept."""
        return tried(self.monitor, self.actor, is_dry_run=is_dry_run)

    def may(self, act: Act, standing: Standing | None = None) -> bool:
        """Whether their role lets them, standing so to what it is about."""
        return may(self.person.role, act, standing)

    def require(self, act: Act, standing: Standing | None = None) -> None:
        """Raises Forbidden unless they may."""
        require(self.person, act, standing)


def place_of(request: Request) -> str:
    """The address that asks; of IPv6 its network, as whoever has one address there has all of them (RFC 6177)."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv4Address):
        return host
    return str(address.ipv4_mapped or IPv6Network((int(address), _SITE), strict=False))


def visit(request: Request) -> Visit:
    """Whoever asks: a Viewer where somebody is signed in."""
    site: Site = request.app.state.site
    token = request.cookies.get(SESSION, "")
    with site.monitor.look() as work:
        found = _named(work, request, site) or session_of(work, token)
        if found is None:
            return Visit(request, work.now, bound=request.cookies.get(VISIT, ""))
        person, session = found
        wishes, house = preferences_of(work, person.id), told(work, site.intervals)
        bound = session.digest if session else f"header:{person.id}"
        return Viewer(request, work.now, bound, person, wishes, house, session.digest if session else "")


def _named(work: Work, request: Request, site: Site) -> tuple[Person, None] | None:
    """Whom a proxy names that may; the edge has dropped the header of everybody else's requests."""
    email = request.headers.get(site.auth_header, "").strip() if site.auth_header else ""
    person = named_person(work, email) if email else None
    return None if person is None or person.is_disabled else (person, None)


def signed_in(seen: Annotated[Visit, Depends(visit)]) -> Viewer:
    """Whoever is signed in. Raises SignInNeeded."""
    if not isinstance(seen, Viewer):
        raise SignInNeeded
    return seen


#: The parameter of a page that anybody may see.
Anybody = Annotated[Visit, Depends(visit)]
#: The parameter of a page for those who are signed in.
SignedIn = Annotated[Viewer, Depends(signed_in)]
Content = dict[str, Any]
