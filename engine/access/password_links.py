"""A link by which somebody chooses a password of their own: an admin makes it, and it works once, for a day.

It holds a mark of the password that they have now, so that it ends with any other one; nothing of it is kept.
"""

from __future__ import annotations

from datetime import timedelta
from hmac import compare_digest
from typing import TYPE_CHECKING, Final

from itsdangerous import BadData, URLSafeSerializer

from engine.access.entering import set_password
from engine.digests import digest_of
from lifecycle.errors import LifecycleError
from store.errors import NotFound

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.people import Person

HOLDS: Final = timedelta(days=1)
_SALT: Final = "longstop.password"


class LinkOver(LifecycleError):
    """A link that nobody here has made, or that was used, or is too old."""

    code = "not-found"

    def __init__(self) -> None:
        super().__init__("This link is not known here, or it is over.", remedy="Ask an admin for another one.")


class HasLeft(LifecycleError):
    """Nobody who has left is let in."""

    code = "illegal-transition"

    def __init__(self, person: Person) -> None:
        super().__init__(f"{person.label} has left.", remedy="Say first that they are here again.")


def link_for(work: Work, person: Person, key: str) -> str:
    """The token of a link for somebody, good for a day and for one password. Raises HasLeft."""
    if person.is_disabled:
        raise HasLeft(person)
    ends_at = int((work.now + HOLDS).timestamp())
    return str(URLSafeSerializer(key, salt=_SALT).dumps([person.id, ends_at, _mark(work, person)]))


def person_of(work: Work, token: str, key: str) -> Person:
    """Whose link it is. Raises LinkOver, also for somebody who has left."""
    try:
        person_id, ends_at, mark = URLSafeSerializer(key, salt=_SALT).loads(token)
        person = work.people.get(str(person_id))
    except (BadData, TypeError, ValueError, NotFound):
        raise LinkOver from None
    is_over = person.is_disabled or ends_at < work.now.timestamp()
    if is_over or not compare_digest(_mark(work, person), str(mark)):
        raise LinkOver
    return person


def choose_password(work: Work, token: str, password: str, *, key: str) -> Person:
    """Give its person the password that they chose. Raises LinkOver, PasswordRefused."""
    person = person_of(work, token, key)
    set_password(work, person, password)
    return person


def _mark(work: Work, person: Person) -> str:
    return digest_of(work.entering.password(person.id) or "none")[:16]
