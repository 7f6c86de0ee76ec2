"""What pages and the API keep for somebody: saved views, half-filled forms, answers by idempotency key."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select

from store.errors import NotFound
from store.rows import insert_new, upsert
from store.schema import buckets, idempotency_keys, kept_forms, saved_views, sessions

if TYPE_CHECKING:
    from datetime import datetime

    from store.session import Session

#: Buckets of those who try to come in; others belong to channels and are few.
TRIES: Final = "enter:"


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """A list as somebody likes it, under a name."""

    id: str
    person_id: str
    page: str
    name: str
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptForm:
    """What somebody has filled in so far, as a document, until an instant."""

    id: str
    person_id: str
    kind: str
    until_at: datetime
    doc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """What was answered to a request with an idempotency key; not *is_over* while it is being worked on."""

    person_id: str
    key: str
    request_hash: str
    until_at: datetime
    is_over: bool = False
    status: int = 0
    answer: str = ""


class Kept:
    """What is kept for a while, inside one transaction."""

    def __init__(self, session: Session) -> None:
        """Speak on *session*."""
        self._session = session

    # -- saved views -------------------------------------------------------------------------------------------------

    def views(self, person_id: str, page: str) -> list[SavedView]:
        """Somebody's views of a page, by name."""
        asked = select(saved_views).where(saved_views.c.person_id == person_id, saved_views.c.page == page)
        return [SavedView(**row._mapping) for row in self._session.execute(asked.order_by(saved_views.c.name))]  # noqa: SLF001 - public name

    def save_view(self, view: SavedView) -> None:
        """Keep a view; one of the same name gives way."""
        upsert(self._session, saved_views, asdict(view), key=["person_id", "page", "name"])

    def drop_view(self, person_id: str, view_id: str) -> None:
        """Forget a view of somebody's own."""
        mine = (saved_views.c.person_id == person_id) & (saved_views.c.id == view_id)
        self._session.execute(delete(saved_views).where(mine))

    # -- half-filled forms -------------------------------------------------------------------------------------------

    def form(self, person_id: str, form_id: str, now: datetime) -> KeptForm:
        """Somebody's own form. Raises NotFound, also for one that was kept too long ago."""
        mine = (kept_forms.c.person_id == person_id) & (kept_forms.c.id == form_id)
        row = self._session.execute(select(kept_forms).where(mine, kept_forms.c.until_at > now)).one_or_none()
        if row is None:
            raise NotFound("form", form_id, remedy="Begin anew: what is half filled in is kept for seven days.")
        return KeptForm(**row._mapping)  # noqa: SLF001 - sqlalchemy's public name for it

    def forms(self, person_id: str, kind: str, now: datetime) -> list[KeptForm]:
        """What somebody has not finished, of one kind, the latest first."""
        mine = (kept_forms.c.person_id == person_id) & (kept_forms.c.kind == kind) & (kept_forms.c.until_at > now)
        asked = select(kept_forms).where(mine).order_by(kept_forms.c.until_at.desc(), kept_forms.c.id)
        return [KeptForm(**row._mapping) for row in self._session.execute(asked)]  # noqa: SLF001 - public name

    def keep_form(self, form: KeptForm) -> None:
        """Keep what is filled in, new or further on."""
        upsert(self._session, kept_forms, asdict(form), key=["id"])

    def drop_form(self, person_id: str, form_id: str) -> None:
        """It is finished, or given up."""
        mine = (kept_forms.c.person_id == person_id) & (kept_forms.c.id == form_id)
        self._session.execute(delete(kept_forms).where(mine))

    # -- answers by idempotency key ----------------------------------------------------------------------------------

    def claim(self, wanted: KeptAnswer, now: datetime) -> KeptAnswer | None:
        """Begin to work on a request; None: nobody has. Else what is known of the key, over or not."""
        mine = (idempotency_keys.c.person_id == wanted.person_id) & (idempotency_keys.c.key == wanted.key)
        self._session.execute(delete(idempotency_keys).where(mine, idempotency_keys.c.until_at <= now))
        if insert_new(self._session, idempotency_keys, asdict(wanted)):
            return None
        row = self._session.execute(select(idempotency_keys).where(mine)).one()
        return KeptAnswer(**row._mapping)  # noqa: SLF001 - sqlalchemy's public name for it

    def answered(self, done: KeptAnswer) -> None:
        """Keep what was answered."""
        upsert(self._session, idempotency_keys, asdict(done), key=["person_id", "key"])

    def unclaim(self, person_id: str, key: str) -> None:
        """Nothing was done: the same request may come again."""
        mine = (idempotency_keys.c.person_id == person_id) & (idempotency_keys.c.key == key)
        self._session.execute(delete(idempotency_keys).where(mine))

    # -- what is over ------------------------------------------------------------------------------------------------

    def drop_over(self, now: datetime) -> int:
        """Forget what is over: sessions, forms, answers, and the tries of those who wanted to come in."""
        over = (
            delete(sessions).where(sessions.c.ends_at <= now),
            delete(kept_forms).where(kept_forms.c.until_at <= now),
            delete(idempotency_keys).where(idempotency_keys.c.until_at <= now),
            delete(buckets).where(buckets.c.name.startswith(TRIES), buckets.c.full_at <= now),
        )
        return sum(self._session.execute(one).rowcount for one in over)
