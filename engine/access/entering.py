"""Signing in and out. A session is a random token in one browser; here lies its SHA-256.

Every sign-in begins a session of its own and ends the one that the browser had, so that nobody can put somebody else
into a session that they know. Tries that fail are counted for all processes together: five a minute for an address
here, and four times as many for a place on the network, behind which a whole office may sit.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine.access.passwords import checked
from engine.delivery.pacing import turn
from engine.digests import digest_of
from lifecycle.errors import LifecycleError
from lifecycle.events import Actor, PasswordSet
from lifecycle.pacing import Pace
from store.entering import SessionRow
from store.errors import NotFound
from store.kept import TRIES

if TYPE_CHECKING:
    from engine.monitor import Monitor, Work
    from lifecycle.people import Person

A_MINUTE: Final = 5  # tries of one person
_OF_A_PLACE: Final = 20


class SignInRefused(LifecycleError):
    """The address and the password do not belong together; which of the two is wrong is not said."""

    code = "sign-in-refused"

    def __init__(self) -> None:
        super().__init__(
            "This e-mail address and password do not belong together.",
            remedy="Check both; an admin can give you another password.",
        )


class TooManyTries(LifecycleError):
    """Somebody tries too often."""

    code = "too-many-tries"

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__("That were too many tries.", remedy=f"Wait {seconds} seconds, then try again.")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody is in; *token* is told once, to their browser."""

    token: str
    session: SessionRow
    person: Person


@dataclass(frozen=True, slots=True)
class Browser:
    """From where somebody comes in: the *place* on the network, and the token of the session *before*."""

    place: str
    before: str = ""


def sign_in(monitor: Monitor, email: str, password: str, *, browser: Browser, days: int) -> SignedIn:
    """Begin a session of *days* for whoever has this address and password; the one before is over.

    Raises SignInRefused, TooManyTries.
    """
    tries = (
        _pace(f"person:{email.strip().casefold()}", A_MINUTE),
        _of_place(browser.place),
    )
    _take(monitor, tries)
    with monitor.look() as work:
        person = _known(work, email)
        known = work.entering.password(person.id) if person else None
    if not monitor.hashing.is_right(known, password) or person is None or known is None:
        raise SignInRefused
    better = monitor.hashing.hashed(password) if monitor.hashing.is_outdated(known) else ""
    with monitor.work(Actor(person.email, "web")) as work:
        if work.entering.password(person.id) != known:  # another one was chosen meanwhile
            raise SignInRefused
        _give_back(work, tries)
        if better:
            work.entering.set_password(person.id, better, work.now)
        return begin(work, person, via="password", days=days, before=browser.before)


def begin(work: Work, person: Person, *, via: str, days: int, before: str = "") -> SignedIn:
    """Begin a session for somebody who is known to be them; the one with the token *before* is over."""
    if before:
        work.entering.end(digest_of(before))
    token = secrets.token_urlsafe(32)
    row = SessionRow(
        digest=digest_of(token),
        person_id=person.id,
        via=via,
        started_at=work.now,
        ends_at=work.now + timedelta(days=days),
    )
    work.entering.begin(row)
    return SignedIn(token, row, person)


def sign_out(monitor: Monitor, token: str) -> None:
    """End the session of a browser; without one nothing happens."""
    with monitor.work() as work:
        work.entering.end(digest_of(token))


def session_of(work: Work, token: str) -> tuple[Person, SessionRow] | None:
    """Who is signed in with *token*; None for a session that is over, and for somebody who has left."""
    row = work.entering.session(digest_of(token), work.now) if token else None
    if row is None:
        return None
    person = work.people.get(row.person_id)
    return None if person.is_disabled else (person, row)


def set_password(work: Work, person: Person, password: str, *, keep: str = "") -> None:
    """Give somebody a password; all their sessions are over but the one whose digest is *keep*.

    Raises PasswordRefused.
    """
    checked(password, email=person.email)
    work.entering.set_password(person.id, work.monitor.hashing.hashed(password), work.now)
    work.entering.end_all(person.id, but=keep)
    work.record(PasswordSet(person_id=person.id))


def take_a_try(monitor: Monitor, name: str) -> None:
    """Count a try under a name. Raises TooManyTries where it has had five in this minute."""
    _take(monitor, (_pace(name, A_MINUTE),))


def take_place(monitor: Monitor, place: str) -> None:
    """Count a try of a place on the network, as one with a password. Raises TooManyTries."""
    _take(monitor, (_of_place(place),))


def take_back(work: Work, place: str) -> None:
    """The try of a place that ``take_place`` has counted has succeeded: it was none."""
    _give_back(work, (_of_place(place),))


def _of_place(place: str) -> Pace:
    return _pace(f"place:{place}", _OF_A_PLACE)


def _pace(name: str, a_minute: int) -> Pace:
    return Pace(f"{TRIES}{digest_of(name)}", 60 / a_minute, a_minute)


def _give_back(work: Work, paces: tuple[Pace, ...]) -> None:
    """What succeeds is no try."""
    known = work.buckets.locked([pace.name for pace in paces], work.now)
    work.buckets.save(replace(known[pace.name], full_at=known[pace.name].full_at - pace.step) for pace in paces)


def _take(monitor: Monitor, paces: tuple[Pace, ...]) -> None:
    with monitor.work() as work:
        free_at = turn(work, paces, is_critical=True)
        if free_at is not None:
            raise TooManyTries(int((free_at - work.now).total_seconds()) + 1)


def _known(work: Work, email: str) -> Person | None:
    try:
        person = work.people.by_email(email.strip())
    except NotFound:
        return None
    return None if person.is_disabled else person
