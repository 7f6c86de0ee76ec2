"""Who comes in: passwords, sessions and tokens, each known by its digest alone."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from store.codec import dumps, loads
from store.errors import NotFound
from store.rows import upsert
from store.schema import credentials, preferences, sessions, tokens

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Row

    from store.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """Somebody is signed in from one browser, until an instant."""

    digest: str
    person_id: str
    via: str  # password, setup, oidc
    started_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """A program acts for somebody, as far as its scopes go, to the end of a day."""

    id: str
    digest: str
    person_id: str
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_on: date
    used_on: date | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """How somebody likes their pages."""

    theme: str = "system"  # system, light, dark
    with_keys: bool = True


class Entering:
    """Passwords, sessions, tokens and preferences, inside one transaction."""

    def __init__(self, session: Session) -> None:
        """Speak on *session*."""
        self._session = session

    # -- passwords ---------------------------------------------------------------------------------------------------

    def password(self, person_id: str) -> str | None:
        """The hash of somebody's password; None where they have none."""
        asked = select(credentials.c.password_hash).where(credentials.c.person_id == person_id)
        return self._session.execute(asked).scalar()

    def set_password(self, person_id: str, password_hash: str, at: datetime) -> None:
        """Keep a password, the first or another."""
        row = {"person_id": person_id, "password_hash": password_hash, "changed_at": at}
        upsert(self._session, credentials, row, key=["person_id"])

    # -- sessions ----------------------------------------------------------------------------------------------------

    def begin(self, row: SessionRow) -> None:
        """Somebody has signed in."""
        self._session.execute(insert(sessions), [asdict(row)])

    def session(self, digest: str, now: datetime) -> SessionRow | None:
        """The session with this digest, unless it is over."""
        asked = select(sessions).where(sessions.c.digest == digest, sessions.c.ends_at > now)
        row = self._session.execute(asked).one_or_none()
        return None if row is None else SessionRow(**row._mapping)  # noqa: SLF001 - sqlalchemy's public name for it

    def end(self, digest: str) -> None:
        """Somebody has signed out."""
        self._session.execute(delete(sessions).where(sessions.c.digest == digest))

    def end_all(self, person_id: str, *, but: str = "") -> int:
        """All sessions of somebody are over, *but* for one; how many were."""
        over = delete(sessions).where(sessions.c.person_id == person_id, sessions.c.digest != but)
        return self._session.execute(over).rowcount

    # -- tokens ------------------------------------------------------------------------------------------------------

    def add_token(self, row: TokenRow) -> None:
        """Keep a new token."""
        self._session.execute(insert(tokens), [{**asdict(row), "scopes": " ".join(row.scopes)}])

    def token(self, digest: str) -> TokenRow | None:
        """The token with this digest, also one that is over."""
        row = self._session.execute(select(tokens).where(tokens.c.digest == digest)).one_or_none()
        return None if row is None else _token(row)

    def token_with(self, token_id: str) -> TokenRow:
        """The token with this id. Raises NotFound."""
        row = self._session.execute(select(tokens).where(tokens.c.id == token_id)).one_or_none()
        if row is None:
            raise NotFound("token", token_id, remedy="List them.", command="longstop token list")
        return _token(row)

    def tokens(self, person_id: str | None = None) -> list[TokenRow]:
        """Everybody's tokens or somebody's, the oldest first."""
        asked = select(tokens).order_by(tokens.c.created_at, tokens.c.id)
        if person_id is not None:
            asked = asked.where(tokens.c.person_id == person_id)
        return [_token(row) for row in self._session.execute(asked)]

    def token_used(self, token_id: str, on: date) -> None:
        """It was used on a day."""
        self._session.execute(update(tokens).where(tokens.c.id == token_id).values(used_on=on))

    def revoke_token(self, token_id: str, at: datetime) -> None:
        """It opens nothing any more."""
        self._session.execute(update(tokens).where(tokens.c.id == token_id).values(revoked_at=at))

    # -- preferences -------------------------------------------------------------------------------------------------

    def preferences(self, person_id: str) -> Preferences:
        """How somebody likes their pages."""
        doc = self._session.execute(select(preferences.c.doc).where(preferences.c.person_id == person_id)).scalar()
        return Preferences() if doc is None else loads(doc, Preferences)

    def prefer(self, person_id: str, wanted: Preferences) -> None:
        """Keep how somebody likes their pages."""
        upsert(self._session, preferences, {"person_id": person_id, "doc": dumps(wanted)}, key=["person_id"])


def _token(row: Row[Any]) -> TokenRow:
    values = dict(row._mapping)  # noqa: SLF001 - sqlalchemy's public name for it
    return TokenRow(**values | {"scopes": tuple(row.scopes.split())})
