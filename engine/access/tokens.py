"""Tokens: a program acts for somebody, with that person's rights of the moment, cut to what the token is for (H3).

A token is told once, when it is made; its SHA-256 is kept.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine.digests import digest_of
from lifecycle.errors import LifecycleError
from lifecycle.events import TokenCreated, TokenRevoked
from store.entering import TokenRow

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from engine.monitor import Monitor, Work
    from lifecycle.people import Person

PREFIX: Final = "lst_"
#: What a token may be for; without ``read`` it sees nothing of the register.
SCOPES: Final = ("read", "act", "register", "playbooks", "admin", "metrics")
LONGEST: Final = timedelta(days=731)


class TokenRefused(LifecycleError):
    """A token that cannot be made."""

    code = "token-refused"


class UnknownToken(LifecycleError):
    """A token that nobody here has made, or that is over."""

    code = "unknown-token"

    def __init__(self, why: str = "is not known here") -> None:
        super().__init__(f"This token {why}.", remedy="Make another one in Me.", command="longstop token create")


@dataclass(frozen=True, slots=True)
class Made:
    """A new token; *text* is told once."""

    text: str
    row: TokenRow


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who asks through a token, and what for."""

    person: Person
    token: TokenRow


def create_token(
    work: Work, person: Person, scopes: Collection[str], expires_on: date, *, name: str = ""
) -> Made:  # fmt: skip
    """Make a token for somebody, good to the end of a day (UTC). Raises TokenRefused."""
    _check(work, person, scopes, expires_on)
    text = PREFIX + secrets.token_urlsafe(32)
    row = TokenRow(
        id=work.new_id(),
        digest=digest_of(text),
        person_id=person.id,
        name=name.strip()[:100] or "token",
        scopes=tuple(one for one in SCOPES if one in scopes),
        created_at=work.now,
        expires_on=expires_on,
    )
    work.entering.add_token(row)
    work.record(TokenCreated(token_id=row.id, person_id=person.id, scopes=row.scopes, expires_on=expires_on))
    return Made(text, row)


def revoke_token(work: Work, token_id: str) -> TokenRow:
    """It opens nothing any more; revoking twice is the same as once. Raises NotFound."""
    row = work.entering.token_with(token_id)
    if row.revoked_at is None:
        work.entering.revoke_token(row.id, work.now)
        work.record(TokenRevoked(token_id=row.id, person_id=row.person_id))
    return work.entering.token_with(token_id)


def admitted(monitor: Monitor, text: str) -> Admitted:
    """Who asks with this token. Raises UnknownToken for one that is unknown, over, revoked, or of somebody who left.

    That it was used is noted once a day.
    """
    with monitor.look() as work:
        row = work.entering.token(digest_of(text)) if text.startswith(PREFIX) else None
        if row is None:
            raise UnknownToken
        today = work.now.date()
        if row.revoked_at is not None or row.expires_on < today:
            raise UnknownToken("was revoked" if row.revoked_at else "has expired")
        person = work.people.get(row.person_id)
    if person.is_disabled:
        raise UnknownToken
    if row.used_on != today:
        with monitor.work() as work:
            work.entering.token_used(row.id, today)
    return Admitted(person, row)


def _check(work: Work, person: Person, scopes: Collection[str], expires_on: date) -> None:
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        said = f"There is no scope {unknown[0]!r}." if unknown else "A token needs a scope."
        raise TokenRefused(said, remedy=f"Scopes are {', '.join(SCOPES)}.")
    if person.is_disabled:
        raise TokenRefused(f"{person.email} has left.", remedy="Make it for somebody who is there.")
    today = work.now.date()
    if not today <= expires_on <= today + LONGEST:
        raise TokenRefused(
            f"A token cannot expire on {expires_on}.",
            remedy=f"Its last day is {today} at the earliest and {today + LONGEST} at the latest.",
        )
